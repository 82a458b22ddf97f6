"""No way leads past the code: without a password, with an old one, by guessing."""

from datetime import UTC, datetime, timedelta

import pytest
from browser import Browser
from factories import PASSWORD
from lxml import html
from signing import (
    LOG_IN,
    NEW_PASSWORD,
    bare,
    errors_of,
    is_signed_in,
    last_letter,
    token_of,
)
from sqlalchemy import select
from stepping import HALF_A_MINUTE, code, step, with_step, wrong_code

from shop.db import db

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


def waiting_since(browser, delta):
    """As if the right password had been shown so long ago."""
    with browser.client.session_transaction() as session:
        account_id, mark, at = session["second_step"]
        session["second_step"] = [account_id, mark, at - int(delta.total_seconds())]


def recover(app, browser):
    """A new password by way of the mailbox."""
    from shop.services.recovery import send_link

    with app.app_context():
        send_link(email="igor@example.ru", now=now())
    data = {"token": token_of(last_letter(app)), "password": NEW_PASSWORD}
    assert browser.post("/auth/recovery/password", data=data).location == "/auth/login"


def test_the_right_password_holds_for_ten_minutes(client, igor, safe):
    client.post("/auth/login", data=LOG_IN)
    waiting_since(client, timedelta(minutes=9, seconds=50))
    assert client.post(STEP, data={"code": "1"}).status_code == 422
    waiting_since(client, timedelta(seconds=10))

    answer = client.post(STEP, data={"code": code(safe[0], now()), "next": "/cart/"})

    assert answer.status_code == 422
    assert errors_of(answer) == [
        ("#current-password", "Код не введён вовремя. Впишите пароль ещё раз.")
    ]
    assert html.fromstring(answer.text).xpath(
        "//form[@action='/auth/login']//input[@name='next']/@value"
    ) == ["/cart/"]
    assert not is_signed_in(client)


def test_without_a_right_password_no_code_opens_anything(client, igor, safe):
    for data in ({"code": code(safe[0], now())}, {"recovery_code": safe[1][0]}):
        assert client.post(STEP, data=data).status_code == 422

    assert not is_signed_in(client)


def test_a_made_up_cookie_opens_nothing(client, igor, safe):
    client.client.set_cookie("session", "eyJzZWNvbmRfc3RlcCI6WzEsIiIsOTk5OTk5OTk5OV19.aaaa.bbbb")

    assert client.post(STEP, data={"code": code(safe[0], now())}).status_code == 422
    assert not is_signed_in(client)


def test_a_changed_password_voids_the_one_that_was_shown(app, client, igor, safe):
    client.post("/auth/login", data=LOG_IN)
    recover(app, Browser(app))

    answer = client.post(STEP, data={"code": code(safe[0], now())})

    assert answer.status_code == 422
    assert title_of(answer) == "Личный кабинет"
    assert not is_signed_in(client)


def test_a_new_password_by_mail_doesnt_lead_past_the_second_step(app, client, igor, safe):
    recover(app, client)

    asked = client.post("/auth/login", data={**LOG_IN, "password": NEW_PASSWORD})

    assert title_of(asked) == "Код из приложения"
    assert not is_signed_in(client)
    client.post(STEP, data={"code": code(safe[0], now())})
    assert is_signed_in(client)


def test_a_wrong_password_is_answered_alike_with_and_without_a_second_step(app, make, igor, safe):
    make.account("anna@example.ru")
    answers = [
        bare(Browser(app).post("/auth/login", data={"email": email, "password": "wrong password"}))
        for email in ("igor@example.ru", "anna@example.ru", "nobody@example.ru")
    ]
    texts = {
        text.replace("igor@", "@").replace("anna@", "@").replace("nobody@", "@")
        for _status, _headers, _cookies, text in answers
    }

    assert len(texts) == 1
    assert "Код из приложения" not in texts.pop()
    assert [status for status, *_rest in answers] == [422] * 3
    assert answers[0][2] == answers[1][2] == answers[2][2]


def test_the_eleventh_code_is_told_to_wait_however_often_the_password_is_shown(client, igor, safe):
    for number in range(10):
        if number % 4 == 0:
            client.post("/auth/login", data=LOG_IN)
        client.post(STEP, data={"code": wrong_code(safe[0], now())})

    answer = client.post(STEP, data={"code": code(safe[0], now())})

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 901
    assert "Слишком много попыток. Подождите 15 минут" in answer.text
    assert not is_signed_in(client)


def test_a_known_browser_isnt_held_up_by_strangers(app, client, other_client, igor, safe):
    client.post("/auth/login", data=LOG_IN)
    client.post(STEP, data={"code": code(safe[0], now())})
    client.post("/auth/logout")
    other_client.post("/auth/login", data=LOG_IN)
    for _ in range(10):
        other_client.post(STEP, data={"code": wrong_code(safe[0], now())})

    client.post("/auth/login", data=LOG_IN)
    client.post(STEP, data={"code": code(safe[0], now() + HALF_A_MINUTE)})

    assert is_signed_in(client)


def test_an_unreadable_secret_is_told_and_a_recovery_code_still_helps(app, client, igor, safe):
    with app.app_context():
        step(igor.id).sealed_secret = "spoilt"
        db.session.commit()
    client.post("/auth/login", data=LOG_IN)

    answer = client.post(STEP, data={"code": code(safe[0], now())})

    assert answer.status_code == 422
    assert "Мы больше не можем проверить коды вашего приложения." in answer.text
    client.post(STEP, data={"recovery_code": safe[1][0]})
    assert is_signed_in(client)


def test_a_registration_form_that_is_sent_again_doesnt_lead_past_it(app, client, make):
    person = {
        "given_name": "Анна",
        "family_name": "Ли",
        "email": "anna@example.ru",
        "password": PASSWORD,
        "consent": "y",
        "once_key": "once",
    }
    client.post("/auth/register", data=person)
    with app.app_context():
        from shop.models import Account

        anna = db.session.scalars(select(Account)).one()
        anna.email_confirmed_at = now()
        db.session.commit()
        db.session.refresh(anna)
        db.session.expunge(anna)
    with_step(app, anna)
    stranger = Browser(app)

    answer = stranger.post("/auth/register", data=person)

    assert title_of(answer) == "Код из приложения"
    assert not is_signed_in(stranger)


def test_the_door_asks_little_of_the_database(client, igor, safe, queries):
    client.post("/auth/login", data=LOG_IN)
    queries.clear()
    client.get(STEP)

    assert len(queries) == 0
