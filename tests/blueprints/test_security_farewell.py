"""«Delete my account», as its owner asks for it and thinks better of it."""

from datetime import UTC, datetime, timedelta

import pytest
from browser import Browser
from returning import give
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

    # Who asks; the account; its orders; balances, certificates, returns, money to be paid.
    assert len(queries) == 7
    assert "Ваши деньги" not in page.text
    assert "Что исчезнет навсегда" in page.text
    assert BANNER in page.text


def test_without_the_box_nothing_happens(client, igor, app):
    answer = client.become(igor).post(PAGE)

    assert answer.status_code == 422
    assert [link for link, _ in errors_of(answer)] == ["#understood"]
    assert ends_at(app, igor) is None


@pytest.fixture
def rich(app, make):
    """Anna has 100 points, 50 roubles of promo balance and 30 roubles of her own."""
    anna = make.account("anna@example.ru")
    with app.app_context():
        give(anna, 100, 5_000, 3_000)
    return anna


def test_what_is_lost_is_shown_with_its_sums_and_must_be_agreed_to(client, rich, app):
    page = client.become(rich).get(PAGE).text.replace("\xa0", " ")
    assert "На вашем балансе 30 ₽" in page
    assert "Согласен потерять 100 баллов и 50 ₽ промобаланса" in page

    refused = client.post(PAGE, data={"understood": "y"})

    assert refused.status_code == 422
    assert [link for link, _ in errors_of(refused)] == ["#gives_up"]
    assert ends_at(app, rich) is None
    client.post(PAGE, data={"understood": "y", "gives_up": "y"})
    assert ends_at(app, rich) is not None


def test_the_balance_is_paid_out_and_the_next_page_asks_where_to(client, rich, app):
    answer = client.become(rich).post(f"{PAGE}/payout")

    assert answer.location.startswith("/my/payouts/")
    assert "Куда отправить ваши деньги" in client.get(answer.location).text
    page = client.get(PAGE).text.replace("\xa0", " ")
    assert f'href="{answer.location}"' in page and "Ждёт выплаты вам: 30 ₽" in page
    assert "На вашем балансе" not in page
    assert client.post(f"{PAGE}/payout").location == answer.location
    statement = client.get("/my/certificates/").text
    assert "К выплате вам" in statement


def test_who_has_nothing_has_nothing_paid_out(client, igor):
    assert client.become(igor).post(f"{PAGE}/payout").status_code == 409


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
