"""A moved account's money rests: every page on which it would be used says why and until when, and offers nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from certifying import code_of, sold
from lxml import html
from ordering import filled
from returning import Returning, give
from sqlalchemy import select, update

from shop.db import db
from shop.models import Account, AccountEvent, Order, PaymentRefund, PayoutDetails
from shop.queries.ledger import balances_of
from shop.rules.certificates import shown_code
from shop.web.filters import moment

FROZEN = "Балансы и баллы заморожены до"
PHONE = {"way": "sbp", "name": "Петрова Анна", "phone": "8 916 123-45-67", "bank": "Сбер"}


def freeze(app, account, wait=timedelta(days=7)):
    """Return the sentence's beginning, as pages say it."""
    until = datetime.now(UTC) + wait
    with app.app_context():
        db.session.execute(
            update(Account).where(Account.id == account.id).values(frozen_until=until)
        )
        db.session.commit()
        return f"{FROZEN} {moment(until)}."


@pytest.fixture
def rich(app, make, client):
    """Anna has 300 points, 100 ₽ of presents, 500 ₽ of her own, and teapots in the cart."""
    anna = make.account("anna@example.ru")
    with app.app_context():
        give(anna, 300, 10_000, 50_000)
    make.in_cart(anna, make.product(price=1490), 2)
    client.become(anna)
    return anna


def has(app, account):
    with app.app_context():
        kept = balances_of(account_id=account.id)
        return kept.points, kept.promo, kept.balance


def names(page):
    return set(html.fromstring(page.text).xpath("//main//input/@name"))


@pytest.mark.parametrize(
    "address", ["/checkout/", "/my/certificates/", "/my/points/", "/my/security/farewell"]
)
def test_the_page_says_until_when_and_no_longer(app, client, rich, address, queries):
    client.get(address)
    queries.clear()
    assert FROZEN not in client.get(address).text
    asked = len(queries)
    sentence = freeze(app, rich)
    queries.clear()

    page = client.get(address)

    # A checkout doesn't ask which points could be spent.
    assert len(queries) == asked - (address == "/checkout/")
    assert sentence in page.text
    freeze(app, rich, timedelta(seconds=-1))
    assert FROZEN not in client.get(address).text


def test_who_has_nothing_is_not_troubled(app, client, make):
    poor = make.account()
    make.in_cart(poor, make.product())
    client.become(poor)
    freeze(app, poor)

    for address in ("/checkout/", "/my/certificates/", "/my/points/", "/my/security/farewell"):
        assert FROZEN not in client.get(address).text


def test_the_checkout_offers_a_card_only_and_takes_it(app, client, rich):
    freeze(app, rich)
    page = client.get("/checkout/")
    assert not {"use_points", "use_balance", "points"} & names(page)

    answer = client.post(
        "/checkout/",
        data=filled(page, address="ул. Лесная, 7", recipient_phone="+7 916 123-45-67"),
    )

    assert answer.status_code == 303
    with app.app_context():
        order = db.session.scalars(select(Order)).one()
        assert (order.points, order.promo_kopecks, order.balance_kopecks) == (0, 0, 0)
        assert order.outside_kopecks == 298_000 + 29_900
    assert has(app, rich) == (300, 10_000, 50_000)


@pytest.mark.parametrize(
    "typed", [{"use_points": "y", "points": "100"}, {"use_balance": "y"}], ids=["points", "money"]
)
def test_a_page_from_before_orders_nothing_and_loses_nothing(app, client, rich, typed):
    form = filled(
        client.get("/checkout/"), address="ул. Лесная, 7", recipient_phone="+7 916 123-45-67"
    )
    sentence = freeze(app, rich)

    answer = client.post("/checkout/", data=form | typed)

    assert answer.status_code == 422 and sentence in answer.text
    assert 'value="ул. Лесная, 7"' in answer.text
    with app.app_context():
        assert db.session.scalars(select(Order)).all() == []
    assert has(app, rich) == (300, 10_000, 50_000)


def test_the_balance_is_not_paid_out(app, client, rich):
    sentence = freeze(app, rich)
    address = "/my/security/farewell/payout"
    assert f'action="{address}"' not in client.get("/my/security/farewell").text

    answer = client.post(address)

    assert answer.status_code == 409 and sentence in answer.text
    assert has(app, rich) == (300, 10_000, 50_000)
    with app.app_context():
        assert db.session.scalars(select(PaymentRefund)).all() == []


def test_nobody_says_where_money_goes_that_waits(app, client, make):
    returning = Returning(app, make)
    order = returning.order(method="on_receipt", stage="received")
    with app.app_context():
        returning.give_back(order, {order.teapots: 1}, "defect")
        refund_id = db.session.scalars(select(PaymentRefund.id)).one()
    client.become(order.account)
    before = has(app, order.account)
    address = f"/my/payouts/{refund_id}"
    assert "way" in names(client.get(address))
    sentence = freeze(app, order.account)

    page = client.get(address)

    assert sentence in page.text and "way" not in names(page)
    for typed in (PHONE, {"way": "balance"}):
        answer = client.post(address, data=typed)
        assert answer.status_code == 409 and sentence in answer.text
    with app.app_context():
        assert db.session.scalars(select(PayoutDetails)).all() == []
        assert db.session.scalars(select(PaymentRefund.state)).one() == "manual_due"
    assert has(app, order.account) == before


@pytest.mark.parametrize("is_old", [True, False])
def test_the_log_says_it_with_the_move(app, client, make, is_old):
    igor = make.account()
    until = datetime(2026, 12, 4, 9, tzinfo=UTC)
    facts = {"number": "482-177-304"} | ({} if is_old else {"frozen_until": until.isoformat()})
    with app.app_context():
        db.session.add(
            AccountEvent(
                account_id=igor.id, kind="lost_mailbox_done", facts=facts, happened_at=until
            )
        )
        db.session.commit()
    client.become(igor)

    page = client.get("/my/security/log").text.replace("\xa0", " ")

    assert "на другую почту" in page and "482-177-304" in page
    assert ("балансы и баллы заморожены до 4 декабря 2026, 12:00" in page) is not is_old


def test_a_certificate_that_was_bought_keeps_its_number_to_itself(app, client, make):
    anna = make.account("anna@example.ru")
    with app.app_context():
        bought = sold(anna, now=datetime.now(UTC))
        code, serial = shown_code(code_of(bought)), bought.serial
    client.become(anna)
    address = f"/my/certificates/{serial}/card"
    assert code in client.get(address).text
    freeze(app, anna)

    page = client.get(address)

    assert page.status_code == 200 and "Номер скрыт до" in page.text
    assert code not in page.text and "gcert__square" not in page.text
    assert client.get(f"{address}.pdf").location == address
    freeze(app, anna, timedelta(seconds=-1))
    assert code in client.get(address).text
    assert client.get(f"{address}.pdf").mimetype == "application/pdf"
