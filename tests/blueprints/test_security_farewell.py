"""«Delete my account», as its owner asks for it and thinks better of it."""

from datetime import UTC, datetime, timedelta

import pytest
from browser import Browser
from signing import errors_of, is_signed_in, letters
from sqlalchemy import select

from shop.db import db
from shop.models import Account

PAGE = "/my/security/farewell"
STOP = f"{PAGE}/stop"
BANNER = "Аккаунт будет удалён"


@pytest.fixture
def igor(make):
    return make.account("igor@example.ru")


def ends_at(app, account):
    with app.app_context():
        return db.session.get_one(Account, account.id).ends_at


def test_the_page_says_what_goes_and_what_stays(client, igor, queries):
    client.become(igor)
    queries.clear()

    page = client.get(PAGE)

    assert len(queries) == 3
    assert "Что исчезнет навсегда" in page.text
    assert BANNER in page.text


def test_without_the_box_nothing_happens(client, igor, app):
    answer = client.become(igor).post(PAGE)

    assert answer.status_code == 422
    assert [link for link, _ in errors_of(answer)] == ["#understood"]
    assert ends_at(app, igor) is None


def test_it_ends_in_a_month_and_the_other_devices_are_out(client, other_client, igor, app):
    client.become(igor)
    other_client.become(igor)

    answer = client.post(PAGE, data={"understood": "y"})

    assert (answer.status_code, answer.location) == (303, STOP)
    left = ends_at(app, igor) - datetime.now(UTC)
    assert timedelta(days=29, hours=23) < left <= timedelta(days=30)
    assert is_signed_in(client)
    assert not is_signed_in(other_client)
    with app.app_context():
        assert [letter["letter"] for letter in letters()] == ["account_ends"]


def test_every_page_says_so_and_one_press_keeps_the_account(client, igor, app):
    client.become(igor).post(PAGE, data={"understood": "y"})
    for url in ("/", "/my/", "/cart/", "/help/"):
        assert BANNER in client.get(url).text, url

    answer = client.post(STOP, data={"next": "/cart/"})

    assert (answer.status_code, answer.location) == (303, "/cart/")
    assert ends_at(app, igor) is None
    page = client.get("/cart/").text
    assert BANNER not in page
    assert "Аккаунт остаётся" in page


def test_keeping_it_needs_no_password_and_leads_nowhere_else(igor, app, client):
    client.become(igor).post(PAGE, data={"understood": "y"})
    later = Browser(app).become(igor, proved_at=datetime.now(UTC) - timedelta(days=9))

    assert later.get(STOP).status_code == 200
    assert later.post(STOP, data={"next": "//evil.example"}).location == "/my/"
    assert ends_at(app, igor) is None


def test_a_session_left_open_cannot_ask_for_it(client, igor, app):
    client.become(igor, proved_at=datetime.now(UTC) - timedelta(minutes=16))

    answer = client.post(PAGE, data={"understood": "y"})

    assert answer.status_code == 401
    assert ends_at(app, igor) is None


def test_an_employees_account_isnt_deleted(client, make, app):
    vera = make.employee("support")

    answer = client.become(vera).post(PAGE, data={"understood": "y"})

    assert answer.status_code == 409
    assert "аккаунт сотрудника" in answer.text
    assert ends_at(app, vera) is None


def test_orders_under_way_are_named(client, igor, make):
    order = make.order(igor, state="paid")
    others = make.order(make.account(), state="paid")

    page = client.become(igor).get(PAGE).text

    assert order.number in page
    assert others.number not in page


def test_nobody_elses_account_is_touched(client, igor, make, app):
    anna = make.account("anna@example.ru")

    client.become(igor).post(PAGE, data={"understood": "y"})

    with app.app_context():
        waiting = select(Account.id).where(Account.ends_at.is_not(None))
        assert list(db.session.scalars(waiting)) == [igor.id]
        assert anna.id != igor.id
