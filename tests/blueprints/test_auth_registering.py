import json
import re
from datetime import UTC, datetime

import pytest
import time_machine
from browser import Browser
from lxml import html
from signing import NEW_PASSWORD, OVER_A_PAGE, PERSON, bare, errors_of, last_letter, popup
from sqlalchemy import func, select

from shop.db import db
from shop.models import Account
from shop.services.auth import PASSWORDS


@pytest.fixture
def over(app):
    return popup(app)


def test_the_form_asks_what_it_must_and_ticks_nothing(client):
    tree = html.fromstring(client.get("/auth/register").text)

    form = tree.xpath("//form[@action='/auth/register']")[0]
    labels = [label.text_content().strip() for label in form.xpath(".//label")]
    assert labels == [
        "Имя",
        "Фамилия",
        "Отчество",
        "Электронная почта",
        "Пароль",
        "Даю согласие на обработку персональных данных",
    ]
    assert form.xpath(".//input[@type='checkbox']/@checked") == []
    assert "/legal/personal-data" in form.xpath(".//a/@href")
    assert len(form.xpath(".//input[@type='password']")) == 1
    assert len(form.xpath(".//input[@name='once_key']/@value")[0]) >= 16


def test_who_registers_is_in_and_shown_where_the_code_goes(client, app):
    answer = client.post("/auth/register", data={**PERSON, "next": "/checkout/"})

    assert (answer.status_code, answer.location) == (303, "/auth/confirmation?next=/checkout/")
    page = client.get(answer.location)
    assert "a•••a@example.ru" in page.text
    assert "anna@example.ru" not in page.text.partition("<main")[2].partition("</main>")[0]
    assert last_letter(app)["letter"] == "confirmation"
    home = client.get("/my/")
    assert home.status_code == 200
    assert "Здравствуйте, Анна-Мария!" in home.text
    assert "Подтвердите почту anna@example.ru" in home.text


def test_an_unproved_mailbox_may_fill_the_cart_and_favorites_but_not_order(client, make):
    tea = make.product()
    client.post("/auth/register", data=PERSON)

    assert client.post(f"/cart/lines/{tea.id}", data={"quantity": "1"}).status_code in {200, 303}
    assert client.post(f"/favorites/{tea.id}", data={"on": "1"}).status_code in {200, 303}
    answer = client.get("/checkout/")
    assert (answer.status_code, answer.location) == (303, "/auth/confirmation?next=/checkout/")


def test_a_double_click_opens_one_account(client, app):
    form = {**PERSON, "once_key": "minted with the page"}
    client.post("/auth/register", data=form)
    client.post("/auth/register", data=form)

    with app.app_context():
        assert db.session.scalar(select(func.count(Account.id))) == 1


@pytest.mark.parametrize(
    ("field", "value", "link", "problem"),
    [
        ("given_name", "  ", "#given-name", "Впишите имя."),
        ("family_name", "", "#family-name", "Впишите фамилию."),
        ("email", "anna@", "#email", "Впишите почту целиком, например igor@example.ru."),
        ("password", "short", "#new-password", "В пароле от 8 до 128 знаков, любых."),
        ("password", "я" * 129, "#new-password", "В пароле от 8 до 128 знаков, любых."),
        (
            "password",
            "йцукенгш",
            "#new-password",
            "Этот пароль подбирают одним из первых. Придумайте другой.",
        ),
        (
            "password",
            "anna@example.ru",
            "#new-password",
            "Этот пароль подбирают одним из первых. Придумайте другой.",
        ),
        ("consent", "", "#consent", "Без вашего согласия мы не вправе хранить имя и адрес."),
        ("given_name", "я" * 101, "#given-name", "Не больше 100 знаков, пожалуйста."),
    ],
)
def test_each_fault_is_named_and_leads_to_its_field(client, app, field, value, link, problem):
    data = {**PERSON, field: value}
    if not value:
        del data[field]
    answer = client.post("/auth/register", data=data)

    assert answer.status_code == 422
    assert re.search(r"<title>\s*Ошибка: Регистрация", answer.text)
    assert errors_of(answer) == [(link, problem)]
    with app.app_context():
        assert db.session.scalar(select(func.count(Account.id))) == 0


@pytest.mark.parametrize(
    "name", ["О'Хара", "Анна-Мария", "Я", "عمر", "<b>Ы</b>", "Ё\x00ж\n", "{{ x*7 }}"]
)
def test_names_are_shown_as_typed_and_harm_nothing(client, name):
    client.post("/auth/register", data={**PERSON, "given_name": name})

    page = client.get("/my/").text
    shown = html.fromstring(page).xpath("string(//h1)")
    assert shown == f"Здравствуйте, {name.replace(chr(0), '').strip()}!"
    assert "<b>Ы</b>" not in page


def test_registering_in_the_popup_goes_on_with_the_code_over_the_same_page(over, app):
    answer = over.post("/auth/register", data=PERSON, headers=OVER_A_PAGE)

    assert answer.status_code == 200
    assert 'name="code"' in answer.text
    told = json.loads(answer.headers["HX-Trigger"])
    assert told["auth:changed"]["who"] and "dialog:close" not in told
    assert 'id="quick"' in answer.text and "Выйти" in answer.text

    code = last_letter(app)["facts"]["code"]
    done = over.post("/auth/confirmation", data={"code": code}, headers=OVER_A_PAGE)
    assert json.loads(done.headers["HX-Trigger"])["toast"] == {"text": "Почта подтверждена."}
    assert json.loads(done.headers["HX-Trigger"])["dialog:close"] is True


def test_nobody_learns_by_registering_who_has_an_account(app, make, monkeypatch, request):
    make.account("taken@example.ru")
    hashed = []
    original = type(PASSWORDS).hashed
    monkeypatch.setattr(
        type(PASSWORDS), "hashed", lambda self, word: hashed.append(word) or original(self, word)
    )
    seen = {}
    # Time stands still: how many seconds are left to wait is part of what people read.
    still = time_machine.travel(datetime.now(UTC), tick=False)
    still.start()
    request.addfinalizer(still.stop)
    for email in ("taken@example.ru", "freed@example.ru"):
        browser, data = Browser(app), {**PERSON, "email": email}
        seen[email] = [
            bare(browser.post("/auth/register", data=data)),
            bare(browser.get("/auth/confirmation?next=/my/")),
            bare(browser.post("/auth/confirmation", data={"code": "000000"})),
            bare(browser.post("/auth/confirmation/letter")),
            bare(browser.get("/my/")),
            bare(browser.post("/auth/logout")),
            bare(browser.post("/auth/login", data={"email": email, "password": NEW_PASSWORD})),
            bare(browser.post("/auth/recovery", data={"email": email})),
            bare(browser.post("/auth/recovery", data={"email": email})),
        ]

    taken, free = (
        json.dumps(one, ensure_ascii=False).replace("taken", "freed").replace("t•••n", "f•••d")
        for one in seen.values()
    )
    assert taken == free
    assert len(hashed) == 2
