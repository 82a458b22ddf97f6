"""Paying later, in another way, and for a certificate: the same page for all of them."""

from datetime import timedelta

import pytest
import time_machine
from conftest import NOON
from lxml import html
from paying import Paying
from sqlalchemy import select

from shop.db import db
from shop.gateways.payments.fake import FakeGateway
from shop.models import Certificate, LedgerEntry, Order, PaymentAttempt, PaymentMethod
from shop.queries.payments import certificate_payment_of
from shop.rules.payments import METHODS
from shop.services.certificates import Gift
from shop.services.orders import accept_order, choose_method
from shop.services.payments.certificates import buy_certificate
from shop.services.returns import cancel_by_shop


@pytest.fixture(autouse=True)
def soon():
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False) as clock:
        yield clock


@pytest.fixture
def paying(app, make):
    paying = Paying(app, make)
    app.extensions["shop_gateways"]["sber"] = FakeGateway()
    return paying


@pytest.fixture
def bought(paying):
    return paying.order()


def attempts(app):
    with app.app_context():
        rows = db.session.scalars(select(PaymentAttempt).order_by(PaymentAttempt.id))
        return [(row.method, row.gateway, row.state, row.settled_at is not None) for row in rows]


def test_ways_to_pay_stand_open_for_who_came_for_another_one(client, bought):
    client.become(bought.account)
    here = f"/my/orders/{bought.number}/payment"

    shut, page = (html.fromstring(client.get(here + more).text) for more in ("", "?another=1"))

    assert not shut.xpath("//details[@id='another'][@open]")
    ways = page.xpath("//details[@id='another'][@open]//input[@name='method']")
    assert [way.get("value") for way in ways][:5] == [
        "bank_card",
        "sbp",
        "sberpay",
        "yoo_money",
        "spasibo",
    ]
    assert [way.get("value") for way in ways if way.get("checked") is not None] == ["bank_card"]


def test_another_way_leaves_the_first_behind_and_watches_it(app, client, bought, paying):
    client.become(bought.account)
    here = f"/my/orders/{bought.number}/payment"
    client.post(here)

    answer = client.post(here, data={"method": "spasibo"})

    assert answer.status_code == 303
    assert answer.location.startswith("http://bank.example/")
    assert attempts(app) == [
        ("bank_card", "yookassa", "canceled", False),
        ("spasibo", "sber", "pending", False),
    ]
    with app.app_context():
        assert db.session.get_one(Order, bought.order_id).payment_method == "spasibo"


def test_money_that_comes_by_both_ways_goes_back_from_one(app, client, bought, paying, soon):
    client.become(bought.account)
    here = f"/my/orders/{bought.number}/payment"
    client.post(here)
    client.post(here, data={"method": "spasibo"})
    [first, second] = [paying.attempt(number) for number in (1, 2)]
    app.extensions["shop_gateways"]["sber"].end(second.gateway_ref, "succeeded")
    soon.shift(5)
    client.get(here)
    paying.bank.end(first.gateway_ref, "succeeded")

    from shop.services.payments import sync

    with app.app_context():
        sync(attempt_id=first.id, now=NOON + timedelta(minutes=2))

    assert [state for _method, _gateway, state, _ in attempts(app)] == ["succeeded", "succeeded"]
    [refund] = paying.refunds()
    assert (refund.attempt_id, refund.amount_kopecks) == (first.id, bought.total_kopecks)
    with app.app_context():
        kinds = db.session.scalars(select(LedgerEntry.kind).order_by(LedgerEntry.id)).all()
    assert kinds == ["order_paid", "surplus"]


@pytest.mark.parametrize("method", ["on_receipt", "paypal", "nonsense"])
def test_a_way_that_is_not_offered_changes_nothing(app, client, bought, method):
    with app.app_context():
        db.session.add(PaymentMethod(code="paypal", is_on=False, changed_at=NOON))
        db.session.commit()
    client.become(bought.account)

    client.post(f"/my/orders/{bought.number}/payment", data={"method": method})

    assert attempts(app) == [("bank_card", "yookassa", "pending", False)]


@pytest.fixture
def present(app, make, paying):
    """A certificate for 3 000 ₽ that waits for its money."""
    buyer = make.account()
    with app.app_context():
        bought = buy_certificate(
            buyer_id=buyer.id,
            once_key="a-page",
            nominal_kopecks=300_000,
            gift=Gift(),
            method=METHODS["bank_card"],
            payment_minutes=30,
            now=NOON,
        )
    return buyer, bought


def state_of(app, serial):
    with app.app_context():
        return db.session.scalar(select(Certificate.state).where(Certificate.serial == serial))


def test_a_certificate_is_paid_for_and_the_page_says_so(
    app, client, present, paying, queries, soon
):
    buyer, bought = present
    client.become(buyer)
    here = f"/my/certificates/{bought.serial}/payment"
    client.get(here)
    queries.clear()
    assert "Оплатить" in client.get(here).text
    assert len(queries) == 3

    assert client.post(here).location.startswith("http://bank.example/")
    waits = client.get(here).text
    assert "Страницу можно закрыть: когда деньги придут, мы напишем." in waits
    assert "заказ никуда" not in waits
    paying.bank.end(paying.attempt(bought.attempt_id).gateway_ref, "succeeded")
    soon.shift(5)
    page = client.get(here)

    assert "Оплачено: 3 000 ₽" in page.text.replace("\xa0", " ").replace("</b>", "")
    assert "/my/certificates/" in page.text
    assert state_of(app, bought.serial) == "sold"


def test_nobody_else_sees_how_it_is_paid(client, make, present):
    _buyer, bought = present
    client.become(make.account())

    for ask in (client.get, client.post):
        assert ask(f"/my/certificates/{bought.serial}/payment").status_code == 404


def test_a_certificate_nobody_paid_is_dropped_and_late_money_goes_back(
    app, client, present, paying
):
    from shop.services.payments import expire_unpaid, sync

    buyer, bought = present
    client.become(buyer).post(f"/my/certificates/{bought.serial}/payment")
    ref = paying.attempt(bought.attempt_id).gateway_ref
    late = NOON + timedelta(minutes=40)
    with app.app_context():
        assert expire_unpaid(now=late) == 1
    paying.bank.end(ref, "succeeded")
    with app.app_context():
        sync(attempt_id=bought.attempt_id, now=late)
        stands = certificate_payment_of(account_id=buyer.id, serial=bought.serial).stands

    assert state_of(app, bought.serial) == "dropped"
    assert stands == "surplus"
    assert [refund.amount_kopecks for refund in paying.refunds()] == [300_000]


def test_an_order_paid_at_the_door_is_not_called_paid(app, client, make):
    account = make.account()
    order = make.order(account, state="awaiting_payment")
    with app.app_context():
        choose_method(order_id=order.id, method="on_receipt")
        accept_order(order_id=order.id, now=NOON)

    page = client.become(account).get(f"/my/orders/{order.number}/payment").text

    assert "Вы платите при получении" in page
    assert "Оплачено" not in page


def test_a_paid_order_that_was_called_off_says_where_the_money_goes(app, client, make):
    account = make.account()
    order = make.order(account, state="paid")
    with app.app_context():
        cancel_by_shop(
            number=order.number,
            reason="mistake",
            actor_id=make.employee("support").id,
            once_key="x",
            now=NOON,
        )

    page = client.become(account).get(f"/my/orders/{order.number}/payment").text

    assert "возвращается туда, откуда пришло" in page
    assert "деньги не списаны" not in page
