import re

import pytest
from factories import PASSWORD
from lxml import html
from signing import (
    LOG_IN,
    NEW_PASSWORD,
    asking,
    errors_of,
    is_signed_in,
    last_letter,
    letters,
    letters_are_written,
    popup,
)
from sqlalchemy import select

from shop.db import db
from shop.models import OutboxItem, Recovery


@pytest.fixture
def igor(make):
    return make.account("igor@example.ru")


def asked(client, app):
    """Ask for a link; return it as the letter has it."""
    client.post("/auth/recovery", data=asking(client))
    letters_are_written(app)
    return last_letter(app)["facts"]["link"]


def test_the_page_says_what_comes_and_leads_on_when_the_mailbox_is_lost(client):
    answer = client.get("/auth/recovery")

    assert "Восстановление доступа" in answer.text
    assert "Прислать ссылку" in answer.text
    assert "/auth/lost-mailbox" in answer.text


def test_the_popup_leads_to_the_same_form(app):
    answer = popup(app).get("/auth/recovery")

    assert "<html" not in answer.text
    assert 'id="dlg-h"' in answer.text


def test_the_answer_never_tells_whether_there_is_an_account(client, other_client, igor, app):
    known = client.post("/auth/recovery", data=asking(client))
    unknown = other_client.post("/auth/recovery", data=asking(other_client, "anna@example.ru"))

    assert known.status_code == unknown.status_code == 200
    bare = [
        re.sub(r'value="[^"]{30,}"|key=[\w.-]{30,}|data-work="[^"]+"', "", one.text)
        for one in (known, unknown)
    ]
    assert bare[0].replace("igor@", "anna@") == bare[1]
    assert "Если эта почта у нас зарегистрирована, письмо уже в пути." in known.text
    with app.app_context():
        assert [item.kind for item in db.session.scalars(select(OutboxItem))] == [
            "recovery-link"
        ] * 2
    letters_are_written(app)
    with app.app_context():
        assert [letter["to"] for letter in letters()] == ["igor@example.ru"]


def test_what_isnt_an_address_is_told_so(client):
    answer = client.post("/auth/recovery", data=asking(client, "igor@"))

    assert answer.status_code == 422
    assert errors_of(answer) == [("#email", "Впишите почту целиком, например igor@example.ru.")]


def test_asking_again_at_once_is_told_to_wait(client, igor):
    client.post("/auth/recovery", data=asking(client))

    answer = client.post("/auth/recovery", data=asking(client))

    assert answer.status_code == 429
    assert "Ещё одно можно прислать через" in answer.text


def test_the_link_leads_to_a_new_password_and_every_device_signs_in_anew(
    client, other_client, igor, app
):
    other_client.post("/auth/login", data=LOG_IN)
    link = asked(client, app)
    form = html.fromstring(client.get(link).text).xpath("//main//form")[0]
    token = form.xpath(".//input[@name='token']/@value")[0]

    answer = client.post(form.get("action"), data={"token": token, "password": NEW_PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/auth/login")
    assert "Пароль изменён. Войдите с новым." in client.get("/auth/login").text
    assert not is_signed_in(other_client)
    assert client.post("/auth/login", data=LOG_IN).status_code == 422
    assert client.post("/auth/login", data={**LOG_IN, "password": NEW_PASSWORD}).status_code == 303
    with app.app_context():
        assert [one["letter"] for one in letters()] == [
            "new_device",
            "recovery",
            "password_changed",
            "new_device",
        ]


def test_looking_at_the_link_spends_nothing(client, igor, app):
    link = asked(client, app)
    client.get(link)

    page = client.get(link)

    assert page.status_code == 200
    assert "i•••r@example.ru" in page.text and "igor@example.ru" not in page.text
    with app.app_context():
        assert db.session.scalar(select(Recovery.used_at)) is None


def test_a_password_that_wont_do_keeps_the_link(client, igor, app):
    token = asked(client, app).partition("token=")[2]

    answer = client.post("/auth/recovery/password", data={"token": token, "password": "12345678"})

    assert answer.status_code == 422
    assert errors_of(answer) == [
        ("#new-password", "Этот пароль подбирают одним из первых. Придумайте другой.")
    ]
    assert client.post("/auth/login", data=LOG_IN).status_code == 303


@pytest.mark.parametrize("token", ["", "nonsense"])
def test_a_link_that_holds_no_more_says_what_to_do(client, igor, token):
    data = {"token": token, "password": NEW_PASSWORD}

    for answer in (
        client.get(f"/auth/recovery/password?token={token}"),
        client.post("/auth/recovery/password", data=data),
    ):
        assert answer.status_code == 410
        assert "Ссылка больше не действует" in answer.text
        assert "/auth/recovery" in answer.text
    assert client.post("/auth/login", data={**LOG_IN, "password": PASSWORD}).status_code == 303


def test_the_lost_mailbox_page_says_how_to_reach_people(client):
    answer = client.get("/auth/lost-mailbox")

    assert answer.status_code == 200
    assert "8 800 000-00-00" in answer.text
    assert "help@shop.example" in answer.text
