"""What is delicate asks for the password once more, and a form that came too early is sent on afterwards."""

from datetime import UTC, datetime, timedelta

import pytest
from browser import Browser
from factories import PASSWORD
from itsdangerous import URLSafeTimedSerializer
from lxml import html
from signing import LOG_IN, errors_of, session_of
from sqlalchemy import select

from shop.db import db
from shop.models import UserSession


@pytest.fixture
def igor(make):
    return make.account("igor@example.ru")


def a_while_ago(minutes=16):
    return datetime.now(UTC) - timedelta(minutes=minutes)


def hidden(answer, action):
    form = html.fromstring(answer.text).xpath(f"//main//form[@action='{action}']")[0]
    return {
        field.get("name"): field.get("value") for field in form.xpath(".//input[@type='hidden']")
    }


def proved_at(app):
    with app.app_context():
        return db.session.scalars(select(UserSession.proved_at)).one()


def test_the_password_makes_the_session_fresh_and_leads_on(client, igor, app, queries):
    client.become(igor, proved_at=a_while_ago())
    queries.clear()
    assert client.get("/auth/again?next=/my/profile/").status_code == 200
    assert len(queries) == 2  # Who it is, and whether there is a passkey.

    answer = client.post("/auth/again", data={"password": PASSWORD, "next": "/my/profile/"})

    assert (answer.status_code, answer.location) == (303, "/my/profile/")
    assert proved_at(app) > a_while_ago(1)
    assert client.get("/auth/again?next=/my/profile/").location == "/my/profile/"


def test_a_wrong_password_opens_nothing(client, igor, app):
    client.become(igor, proved_at=a_while_ago())

    answer = client.post("/auth/again", data={"password": "wrong", "next": "/my/"})

    assert answer.status_code == 422
    assert errors_of(answer) == [
        ("#current-password", "Это не тот пароль. Проверьте раскладку и Caps Lock.")
    ]
    assert proved_at(app) < a_while_ago(15)


def test_guessing_at_an_open_session_is_limited(client, igor):
    client.become(igor, proved_at=a_while_ago())
    for _ in range(10):
        client.post("/auth/again", data={"password": "wrong"})

    answer = client.post("/auth/again", data={"password": PASSWORD})

    assert answer.status_code == 429


def test_it_never_leads_to_another_site(client, igor):
    client.become(igor, proved_at=a_while_ago())

    answer = client.post("/auth/again", data={"password": PASSWORD, "next": "//evil.example"})

    assert answer.location == "/my/"


def test_a_form_that_came_before_the_sign_in_goes_on_after_it(client, igor, make, app):
    tea = make.product(name="Чай")
    answer = client.post(f"/favorites/{tea.id}", data={"on": "1", "next": "/catalog/"})
    assert answer.status_code == 401

    answer = client.post("/auth/login", data=LOG_IN | hidden(answer, "/auth/login"))

    form = html.fromstring(answer.text).xpath("//main//form[@data-send-now]")[0]
    assert form.get("action") == f"/favorites/{tea.id}"
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    assert {name: fields[name] for name in ("on", "next")} == {"on": "1", "next": "/catalog/"}
    assert client.post(form.get("action"), data=fields).location == "/catalog/"
    assert "Чай" in client.get("/favorites/").text


def test_a_wrong_password_in_between_keeps_the_form(client, igor, make):
    answer = client.post(f"/favorites/{make.product().id}", data={"on": "1"})
    kept = hidden(answer, "/auth/login")

    answer = client.post("/auth/login", data=LOG_IN | kept | {"password": "wrong"})

    assert answer.status_code == 422
    assert hidden(answer, "/auth/login")["carry"] == kept["carry"]


def test_passwords_and_codes_are_not_kept_in_the_page(client, app):
    client.post("/my/profile/", data={"given_name": "Ю", "new_password": "s3cret", "code": "123"})
    page = client.post("/my/profile/", data={"given_name": "Ю", "new_password": "s3cret"})

    carry = hidden(page, "/auth/login")["carry"]
    signer = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="carry")
    assert signer.loads(carry) == ["/my/profile/", [["given_name", "Ю"]]]


@pytest.mark.parametrize("carry", ["made up", "WyIvIixbXV0.x.y", ""])
def test_a_form_that_the_shop_didnt_sign_goes_nowhere(client, igor, carry):
    answer = client.post("/auth/login", data={**LOG_IN, "carry": carry, "next": "/cart/"})

    assert (answer.status_code, answer.location) == (303, "/cart/")


def test_a_link_cannot_bring_a_form(client, igor, make):
    answer = client.post(f"/favorites/{make.product().id}", data={"on": "1"})
    carry = hidden(answer, "/auth/login")["carry"]

    assert "carry" not in hidden(client.get(f"/auth/login?carry={carry}"), "/auth/login")


def test_strangers_guesses_dont_hold_up_a_browser_the_owner_has_used(client, other_client, igor):
    client.post("/auth/login", data=LOG_IN)
    client.post("/auth/logout")
    for _ in range(10):
        other_client.post("/auth/login", data={**LOG_IN, "password": "wrong"})
    assert other_client.post("/auth/login", data=LOG_IN).status_code == 429

    assert client.post("/auth/login", data=LOG_IN).status_code == 303


def test_a_device_cookie_is_worth_nothing_for_another_account(client, other_client, igor, make):
    make.account("anna@example.ru")
    client.post("/auth/login", data={**LOG_IN, "email": "anna@example.ru"})
    client.post("/auth/logout")
    for _ in range(10):
        client.post("/auth/login", data={**LOG_IN, "password": "wrong"})

    assert client.post("/auth/login", data=LOG_IN).status_code == 429


def test_guesses_from_many_addresses_are_slowed_down_for_strangers_only(client, app, igor, make):
    client.post("/auth/login", data=LOG_IN)
    client.post("/auth/logout")
    stranger = Browser(app)
    for number in range(100):
        address = {"REMOTE_ADDR": f"198.51.100.{number}"}
        stranger.post(
            "/auth/login", data={**LOG_IN, "password": "wrong"}, environ_overrides=address
        )

    assert (
        stranger.post(
            "/auth/login", data=LOG_IN, environ_overrides={"REMOTE_ADDR": "203.0.113.9"}
        ).status_code
        == 429
    )
    assert client.post("/auth/login", data=LOG_IN).status_code == 303


def test_a_sign_in_is_seen_now_and_then_and_not_at_every_click(client, igor, app, queries):
    client.become(igor, seen_at=a_while_ago())
    queries.clear()
    client.get("/my/profile/")
    seldom = [one for one in queries if one.startswith("UPDATE user_session")]
    queries.clear()
    client.get("/my/profile/")

    assert len(seldom) == 1
    assert [one for one in queries if one.startswith("UPDATE")] == []
    with app.app_context():
        assert db.session.scalars(select(UserSession.seen_at)).one() > a_while_ago(1)


def test_signing_out_ends_the_session_for_whoever_copied_its_cookie(client, other_client, igor):
    client.post("/auth/login", data=LOG_IN)
    with other_client.client.session_transaction() as session:
        session.update(session_of(client))
    assert other_client.get("/my/").status_code == 200

    client.post("/auth/logout")

    assert other_client.get("/my/").status_code == 303
