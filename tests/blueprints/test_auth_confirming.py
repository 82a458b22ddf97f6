import re

import pytest
from lxml import html
from signing import (
    PERSON,
    bare,
    errors_of,
    is_signed_in,
    last_letter,
    letters,
    letters_are_written,
    session_of,
)
from sqlalchemy import select

from shop.db import db
from shop.models import OutboxItem


@pytest.fixture
def igor(make):
    return make.account("igor@example.ru")


def test_the_links_page_changes_nothing_until_its_button_is_pressed(client, other_client, app):
    client.post("/auth/register", data=PERSON)
    link = last_letter(app)["facts"]["link"]

    page = other_client.get(link)
    other_client.get(link)
    assert "Подтвердить почту" in page.text
    assert client.get("/checkout/").location.startswith("/auth/confirmation")

    form = html.fromstring(page.text).xpath("//main//form")[0]
    token = form.xpath(".//input[@name='token']/@value")[0]
    answer = other_client.post(form.get("action"), data={"token": token})
    assert (answer.status_code, answer.location) == (303, "/auth/login?next=/my/")
    assert "Почта подтверждена. Теперь войдите." in other_client.get(answer.location).text
    assert client.get("/checkout/").location != "/auth/confirmation?next=/checkout/"


def test_the_link_in_the_browser_that_registered_goes_straight_on(client, app):
    client.post("/auth/register", data=PERSON)
    who = session_of(client)["who"]
    token = last_letter(app)["facts"]["link"].partition("token=")[2]

    answer = client.post("/auth/confirmation/link", data={"token": token})

    assert (answer.status_code, answer.location) == (303, "/my/")
    assert session_of(client)["who"] != who
    assert "Почта подтверждена." in client.get("/my/").text


@pytest.mark.parametrize("url", ["/auth/confirmation?token=", "/auth/confirmation?token=nonsense"])
def test_a_link_that_holds_no_more_says_what_to_do(client, url):
    answer = client.get(url)

    assert answer.status_code == 410
    assert "Ссылка больше не действует" in answer.text
    assert "/auth/confirmation" in answer.text
    assert client.post("/auth/confirmation/link", data={"token": "nonsense"}).status_code == 410


def test_the_code_leads_on_where_one_was_going(client, app):
    client.post("/auth/register", data={**PERSON, "next": "/checkout/"})
    first, second = last_letter(app)["facts"]["code"].split()

    answer = client.post(
        "/auth/confirmation", data={"code": f" {first}-{second} ", "next": "/cart/"}
    )

    assert (answer.status_code, answer.location) == (303, "/cart/")
    assert client.get("/auth/confirmation").location == "/my/"


def test_the_field_of_the_code_takes_spaces(client, igor, make):
    client.become(make.account(confirmed=False))

    field = html.fromstring(client.get("/auth/confirmation").text).xpath("//input[@name='code']")[0]

    assert field.get("pattern") is None
    assert int(field.get("maxlength")) >= 16
    assert (field.get("inputmode"), field.get("autocomplete")) == ("numeric", "one-time-code")


def test_a_wrong_code_says_so_and_proves_nothing(client, app):
    client.post("/auth/register", data=PERSON)

    answer = client.post("/auth/confirmation", data={"code": "нет кода"})

    assert answer.status_code == 422
    assert errors_of(answer) == [("#code", "Это не тот код, что в письме. Проверьте шесть цифр.")]
    assert client.get("/checkout/").location.startswith("/auth/confirmation")


def test_the_code_works_on_a_device_where_one_isnt_signed_in(client, other_client, app):
    client.post("/auth/register", data=PERSON)
    data = {"email": "ANNA@example.ru", "code": last_letter(app)["facts"]["code"]}

    answer = other_client.post("/auth/confirmation", data=data)

    assert answer.location == "/auth/login?next=/my/"
    assert not is_signed_in(other_client)


def test_elsewhere_every_wrong_code_is_answered_alike(client, other_client):
    client.post("/auth/register", data=PERSON)
    answers = [
        other_client.post("/auth/confirmation", data={"email": email, "code": "000000"})
        for email in ("anna@example.ru", "nobd@example.ru")
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    known, unknown = (bare(answer)[3] for answer in answers)
    assert known == unknown.replace("nobd@", "anna@")


def test_the_letter_can_be_sent_again_with_the_wait_in_words(client):
    client.post("/auth/register", data=PERSON)

    answer = client.post("/auth/confirmation/letter")

    assert answer.status_code == 429
    assert re.search(r"Ещё одно можно прислать через (\d+ секунд|1 минуту)", answer.text)


def test_elsewhere_asking_for_a_letter_tells_nothing(other_client, make, app):
    make.account("anna@example.ru", confirmed=False)
    for email in ("nobody@example.ru", "anna@example.ru"):
        answer = other_client.post("/auth/confirmation/letter", data={"email": email})
        assert answer.status_code == 200
        assert "Ещё одно письмо уже в пути." in answer.text

    with app.app_context():
        kinds = db.session.scalars(select(OutboxItem.kind)).all()
    assert kinds == ["confirmation-again"] * 2
    letters_are_written(app)
    with app.app_context():
        assert [letter["to"] for letter in letters()] == ["anna@example.ru"]


def test_elsewhere_asking_for_a_letter_needs_an_address(other_client):
    answer = other_client.post("/auth/confirmation/letter", data={"email": ""})

    assert answer.status_code == 422
    assert errors_of(answer) == [("#email", "Впишите почту, с которой регистрировались.")]
