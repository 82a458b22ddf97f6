"""The code after the right password, on its page and in the popup."""

import json
from datetime import UTC, datetime

import pytest
from lxml import html
from signing import (
    LOG_IN,
    OVER_A_PAGE,
    errors_of,
    is_signed_in,
    last_letter,
    popup,
    session_of,
)
from sqlalchemy import select
from stepping import code, events, with_step, wrong_code

from shop.db import db
from shop.models import UserSession

STEP = "/auth/second-step"


@pytest.fixture
def igor(make):
    return make.account("igor@example.ru")


@pytest.fixture
def safe(app, igor):
    """Igor's secret and recovery codes; the second step works."""
    return with_step(app, igor)


def now():
    return datetime.now(UTC)


def title_of(answer):
    return html.fromstring(answer.text).xpath("string(//h1|//h2[@id='dlg-h'])")


def hidden(answer, name):
    return html.fromstring(answer.text).xpath(
        f"//form[@action='{STEP}']//input[@name='{name}']/@value"
    )


def test_after_the_right_password_the_code_is_asked_for_and_nobody_is_in_yet(client, igor, safe):
    answer = client.post("/auth/login", data={**LOG_IN, "next": "/cart/"})

    assert answer.status_code == 200
    assert title_of(answer) == "Код из приложения"
    assert hidden(answer, "next") == ["/cart/", "/cart/"]
    (field,) = html.fromstring(answer.text).xpath("//input[@id='code']")
    assert (field.get("autocomplete"), field.get("inputmode")) == ("one-time-code", "numeric")
    assert not is_signed_in(client)
    assert "_user_id" not in session_of(client)
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_right_code_lets_in_and_leads_on(app, client, igor, safe):
    client.post("/auth/login", data=LOG_IN)

    answer = client.post(STEP, data={"code": code(safe[0], now()), "next": "/cart/"})

    assert (answer.status_code, answer.location) == (303, "/cart/")
    assert is_signed_in(client)
    assert "second_step" not in session_of(client)
    with app.app_context():
        newest = db.session.scalars(select(UserSession).order_by(UserSession.id.desc())).first()
        assert (newest.account_id, newest.way) == (igor.id, "second_step")


def test_the_guests_cart_comes_along(client, igor, safe, make):
    tea = make.product(name="Чай")
    client.post("/cart/lines/" + str(tea.id), data={"quantity": 2})
    client.post("/auth/login", data=LOG_IN)

    client.post(STEP, data={"code": code(safe[0], now())})

    assert "Чай" in client.get("/cart/").text


def test_over_a_page_the_popup_asks_and_then_closes(app, igor, safe):
    over = popup(app)
    asked = over.post("/auth/login", data=LOG_IN, headers=OVER_A_PAGE)
    assert "<html" not in asked.text
    assert title_of(asked) == "Код из приложения"
    assert f'hx-post="{STEP}"' in asked.text

    wrong = over.post(STEP, data={"code": wrong_code(safe[0], now())}, headers=OVER_A_PAGE)
    right = over.post(STEP, data={"code": code(safe[0], now())}, headers=OVER_A_PAGE)

    assert wrong.status_code == 422 and "<html" not in wrong.text
    told = json.loads(right.headers["HX-Trigger"])
    assert told["dialog:close"] is True
    assert told["toast"]["text"] == "Здравствуйте, Игорь!"
    assert is_signed_in(over)


def test_a_form_that_came_too_early_is_sent_on_after_the_code(client, igor, safe, make):
    tea = make.product(name="Чай")
    early = client.post(f"/favorites/{tea.id}", data={"next": "/cart/"})
    carry = html.fromstring(early.text).xpath("//input[@name='carry']/@value")[0]

    asked = client.post("/auth/login", data={**LOG_IN, "carry": carry})
    wrong = client.post(STEP, data={"code": "1", "carry": hidden(asked, "carry")[0]})
    sent = client.post(
        STEP, data={"code": code(safe[0], now()), "carry": hidden(wrong, "carry")[0]}
    )

    (form,) = html.fromstring(sent.text).xpath("//form[@data-send-now]/@action")
    assert form == f"/favorites/{tea.id}"
    assert is_signed_in(client)


def test_a_wrong_code_is_told_with_what_to_do_and_may_be_tried_again(client, igor, safe):
    client.post("/auth/login", data=LOG_IN)

    answer = client.post(STEP, data={"code": wrong_code(safe[0], now())})

    assert answer.status_code == 422
    ((where, words),) = errors_of(answer)
    assert where == "#code"
    assert words.startswith("Этот код не подошёл. Приложение показывает новый каждые полминуты")
    assert html.fromstring(answer.text).xpath("string(//title)").startswith("Ошибка:")
    assert not is_signed_in(client)
    assert client.post(STEP, data={"code": code(safe[0], now())}).status_code == 303


def test_a_missing_code_is_asked_for(client, igor, safe):
    client.post("/auth/login", data=LOG_IN)

    app_code, paper = (
        client.post(STEP, data={"code": " "}),
        client.post(STEP, data={"recovery_code": ""}),
    )

    assert errors_of(app_code) == [("#code", "Впишите шесть цифр, которые показывает приложение.")]
    assert errors_of(paper) == [("#recovery-code", "Впишите один из сохранённых запасных кодов.")]
    assert html.fromstring(paper.text).xpath("//details[@open]")
    assert not html.fromstring(app_code.text).xpath("//details[@open]")


def test_one_code_opens_one_browser(client, other_client, igor, safe):
    typed = code(safe[0], now())
    for browser in (client, other_client):
        browser.post("/auth/login", data=LOG_IN)
        answer = browser.post(STEP, data={"code": typed})

    assert is_signed_in(client) and not is_signed_in(other_client)
    assert answer.status_code == 422
    assert "Этот код уже использован. Подождите полминуты" in answer.text


def test_a_recovery_code_lets_in_once_and_tells_the_mailbox(app, client, other_client, igor, safe):
    _secret, codes = safe
    for browser in (client, other_client):
        browser.post("/auth/login", data=LOG_IN)
        answer = browser.post(STEP, data={"recovery_code": codes[4].upper().replace("-", " ")})

    assert is_signed_in(client) and not is_signed_in(other_client)
    assert errors_of(answer) == [
        ("#recovery-code", "Этот запасной код уже использован. Возьмите другой из списка.")
    ]
    assert last_letter(app)["letter"] in {"recovery_code_used", "new_device"}
    with app.app_context():
        assert events(igor.id)[1:] == [("recovery_code_used", {"left": 9})]


def test_who_has_neither_is_led_to_support(client, igor, safe):
    answer = client.post("/auth/login", data=LOG_IN)
    tree = html.fromstring(answer.text)

    assert tree.xpath("string(//summary)") == "Приложения нет под рукой?"
    assert tree.xpath("//details//a/@href") == ["/auth/lost-mailbox", "tel:+78000000000"]


def test_the_page_of_the_code_has_an_address_of_its_own(client, igor, safe):
    assert client.get(f"{STEP}?next=/cart/").location == "/auth/login?next=/cart/"
    client.post("/auth/login", data=LOG_IN)

    again = client.get(f"{STEP}?next=/cart/")
    client.post(STEP, data={"code": code(safe[0], now())})

    assert title_of(again) == "Код из приложения"
    assert hidden(again, "next") == ["/cart/", "/cart/"]
    assert client.get(f"{STEP}?next=/cart/").location == "/cart/"
