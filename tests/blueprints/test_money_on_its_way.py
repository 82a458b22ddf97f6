"""What pages say of money is true at every step of its way, mostly back."""

from datetime import timedelta

import pytest
import time_machine
from certifying import sold
from factories import NOON
from lxml import html
from paying import Paying
from returning import Returning
from sqlalchemy import select

from shop.db import db
from shop.models import PaymentRefund
from shop.services.orders import receive_parcel
from shop.services.payments import expire_unpaid, settle_by_hand, sync
from shop.services.returns import take_to_balance_at_once
from shop.services.returns.certificates import take_certificate_back

LATE = NOON + timedelta(hours=2)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATE, tick=False):
        yield


@pytest.fixture
def paying(app, make):
    return Paying(app, make)


def words(browser, address, inside="//main"):
    return " ".join(html.fromstring(browser.get(address).text).xpath(f"string({inside})").split())


def refund_of(paying, outcome):
    """What the gateway says when it is asked to send the money back; return the refund."""
    if outcome:
        paying.bank.next_refund = outcome
        paying.work(LATE)
    return paying.refunds()[0]


@pytest.fixture
def late(app, paying, client):
    """An order that its customer paid when its time was over."""
    order = paying.order()
    ref = paying.at_the_bank(order)
    with app.app_context():
        expire_unpaid(now=LATE)
    paying.bank.end(ref, "succeeded")
    with app.app_context():
        sync(attempt_id=order.attempt_id, now=LATE)
    client.become(order.account)
    return order


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("", "мы отправляем всю сумму туда, откуда она пришла"),
        ("succeeded", "слишком поздно, и мы вернули их вам"),
        ("canceled", "переведёт наша бухгалтерия"),
    ],
)
def test_an_order_paid_too_late_tells_where_the_money_is(paying, client, late, outcome, said):
    refund_of(paying, outcome)

    for address in (f"/my/orders/{late.number}", f"/my/orders/{late.number}/payment"):
        page = words(client, address)
        assert said in page
        assert "Деньги не списаны" not in page


def test_late_money_that_its_owner_took_onto_the_balance_is_said_to_be_there(
    app, paying, client, late
):
    refund = refund_of(paying, "canceled")
    with app.app_context():
        take_to_balance_at_once(refund_id=refund.id, now=LATE)

    for address in (f"/my/orders/{late.number}", f"/my/orders/{late.number}/payment"):
        page = words(client, address)
        assert "вы зачислили их на баланс" in page
        assert "откуда она пришла" not in page


@pytest.fixture
def given_back(app, make, client):
    """A certificate whose buyer has given it back."""
    buyer = make.account()
    with app.app_context():
        mine = sold(buyer, now=NOON)
        take_certificate_back(serial=mine.serial, account_id=buyer.id, now=LATE)
        serial = mine.serial
    client.become(buyer)
    return serial


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("", "Деньги возвращаются туда, откуда вы платили."),
        ("succeeded", "Деньги отправлены туда, откуда вы платили."),
        ("canceled", "Вернуть деньги тем же способом не получилось."),
    ],
)
def test_a_certificate_given_back_tells_how_far_its_price_is(
    paying, client, given_back, outcome, said
):
    refund = refund_of(paying, outcome)

    page = words(client, "/my/certificates/", "//section[@id='bought']")

    assert "Возвращён:" in page and said in page
    leads = f'href="/my/payouts/{refund.id}"' in client.get("/my/certificates/").text
    assert leads is (outcome == "canceled")
    paid = words(client, f"/my/certificates/{given_back}/payment", "//section[@id='payment']")
    assert "Сертификат возвращён" in paid and "Спасибо" not in paid


def test_the_price_of_one_given_back_that_was_paid_by_hand_is_said_to_be_sent(
    app, make, paying, client, given_back
):
    refund = refund_of(paying, "canceled")
    with app.app_context():
        settle_by_hand(refund_id=refund.id, actor_id=make.employee().id, note="п/п 17", now=LATE)

    assert "Деньги отправлены банковским переводом." in words(client, "/my/certificates/")


def test_the_price_of_one_given_back_may_lie_on_the_balance(app, paying, client, given_back):
    refund = refund_of(paying, "canceled")
    with app.app_context():
        take_to_balance_at_once(refund_id=refund.id, now=LATE)

    assert "Деньги на вашем балансе." in words(client, "/my/certificates/")


def test_a_way_that_takes_money_only_is_paid_back_by_hand_from_the_start(app, client, make):
    """Nobody is told of a failure: nothing was tried."""
    people = Returning(app, make)
    order = people.order(method="webmoney", stage="received")
    client.become(order.account)
    typed = {f"units-{order.teapots}": "1", "reason": "defect"}
    before = client.post(f"/my/returns/order/{order.number}/sums", data=typed).text
    with app.app_context():
        number = people.give_back(order, {order.teapots: 1}, "defect")
        refund = db.session.scalars(select(PaymentRefund)).one()
        people.work()
        assert (db.session.get_one(PaymentRefund, refund.id).state, refund.problem) == (
            "manual_due",
            "",
        )

    mine = words(client, f"/my/returns/{number}")
    asks = words(client, f"/my/payouts/{refund.id}")
    staffs = words(client.become(people.clerk), f"/staff/returns/{number}")

    assert "Банковским переводом" in before and "WebMoney" not in before
    assert "Банковским переводом: ждём от вас реквизиты" in mine
    assert "Тем способом, которым вы платили, деньги вернуть нельзя" in asks
    assert "Банковским переводом: ждём реквизиты от покупателя" in staffs
    assert "не получилось" not in (mine + asks + staffs).lower()


def test_an_order_paid_at_the_door_says_when_the_money_was_taken(app, client, other_client, make):
    people = Returning(app, make)
    order = people.order(method="on_receipt", stage="shipped")
    customer = client.become(order.account)
    clerk = other_client.become(make.employee("fulfilment"))
    mine, desk = f"/my/orders/{order.number}", f"/staff/orders/{order.number}"

    under_way = words(clerk, desk)
    assert "взять при получении: " in under_way
    assert "заказ: Оформлен" in under_way and "Ждёт оплаты" not in under_way
    assert "деньги получены при вручении" not in under_way
    assert "оплачен при получении" not in words(customer, mine)
    with app.app_context():
        for parcel_id in make.parcel_ids(order.order_id):
            receive_parcel(parcel_id=parcel_id, actor="shop", now=LATE, return_days=7)

    assert words(clerk, desk).count("деньги получены при вручении") == 2
    assert words(customer, mine).count("оплачен при получении") == 2
