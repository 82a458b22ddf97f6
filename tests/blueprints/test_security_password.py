from datetime import UTC, datetime, timedelta

import pytest
from factories import PASSWORD
from lxml import html
from signing import NEW_PASSWORD, errors_of, is_signed_in, last_letter
from sqlalchemy import func, select

from shop.db import db
from shop.models import Account, AccountEvent, OutboxItem
from shop.services.auth import PASSWORDS

URL = "/my/security/password"


@pytest.fixture
def igor(make):
    return make.account("igor@example.ru")


def fits(app, account, password):
    with app.app_context():
        return PASSWORDS.fits(password, db.session.get_one(Account, account.id).password_hash)


def traces(app):
    """How many letters and lines of logs there are."""
    with app.app_context():
        return [
            db.session.scalar(select(func.count(model.id))) for model in (OutboxItem, AccountEvent)
        ]


def test_the_password_is_changed_and_the_other_devices_are_signed_out(
    app, client, other_client, igor
):
    client.become(igor)
    other_client.become(igor)

    answer = client.post(URL, data={"password": NEW_PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/my/security/")
    assert fits(app, igor, NEW_PASSWORD)
    assert not is_signed_in(other_client)
    page = client.get("/my/security/").text
    assert "Пароль изменён. На остальных устройствах вход завершён." in page
    assert "Пароль изменён, на других устройствах вход завершён" in page
    assert last_letter(app)["letter"] == "password_changed_here"


def test_the_form_is_one_field_with_the_name_for_password_managers(client, igor, queries):
    client.become(igor)
    queries.clear()

    page = html.fromstring(client.get(URL).text)

    assert len(queries) == 1
    [form] = page.xpath(f"//form[@action='{URL}']")
    assert form.xpath(".//input[@type='password']/@autocomplete") == ["new-password"]
    assert form.xpath(".//input[@autocomplete='username']/@value") == ["igor@example.ru"]


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("", "Придумайте пароль"),
        ("коротко", "от 8 до 128"),
        ("я" * 129, "от 8 до 128"),
        ("qwerty123", "подбирают одним из первых"),
        ("igor@example.ru", "подбирают одним из первых"),
        ("Секретов Игорь", "подбирают одним из первых"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_a_reason(
    app, client, other_client, igor, password, problem
):
    client.become(igor)
    other_client.become(igor)

    answer = client.post(URL, data={"password": password})

    assert answer.status_code == 422
    [(field, told)] = errors_of(answer)
    assert field == "#new-password"
    assert problem in told
    assert fits(app, igor, PASSWORD)
    assert is_signed_in(other_client)
    assert traces(app) == [0, 0]


def test_the_password_one_has_is_said_to_be_in_force(app, client, igor):
    client.become(igor)

    client.post(URL, data={"password": PASSWORD})

    assert "Этот пароль уже действует." in client.get("/my/security/").text
    assert traces(app) == [0, 0]


def test_a_session_left_open_is_asked_for_the_old_password_first(app, client, igor):
    client.become(igor, proved_at=datetime.now(UTC) - timedelta(minutes=16))

    asked = client.get(URL)
    refused = client.post(URL, data={"password": NEW_PASSWORD})

    assert (asked.status_code, asked.location) == (303, f"/auth/again?next={URL}")
    assert refused.status_code == 401
    assert NEW_PASSWORD not in refused.text
    assert fits(app, igor, PASSWORD)


def test_the_letter_tells_when_where_and_what_to_do(app, client, igor):
    client.become(igor)
    client.post(URL, data={"password": NEW_PASSWORD}, environ_base={"REMOTE_ADDR": "203.0.113.7"})
    letter = last_letter(app)

    from flask import render_template
    from flask_babel import force_locale

    for language, words in (("ru", "на странице безопасности"), ("en", "on the security page")):
        with app.test_request_context(), force_locale(language):
            for part in ("subject.txt", "body.txt", "body.html"):
                name = f"mail/password_changed_here/{part}"
                text = render_template(name, **letter["facts"])
                assert "None" not in text
                if part.startswith("body"):
                    assert words in text
                    assert "http://localhost/auth/recovery" in text
                    assert NEW_PASSWORD not in text
