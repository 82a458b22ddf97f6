from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from ordered import paid_attempt
from sqlalchemy import select

from shop.db import db
from shop.models import Order, OrderEvent, OutboxItem, Parcel, Product, Stock
from shop.rules.orders import RETURN_DAYS, number_of
from shop.services.ledger import Came
from shop.services.orders import (
    StepNotPossible,
    assemble_parcel,
    dispatch_parcel,
    expire_order,
    mark_paid,
    receive_parcel,
)


def state_of(app, order_id):
    with app.app_context():
        return db.session.scalar(select(Order.state).where(Order.id == order_id))


def events_of(order_id):
    query = select(OrderEvent).where(OrderEvent.order_id == order_id).order_by(OrderEvent.id)
    return [(event.state, event.parcel_id, event.actor) for event in db.session.scalars(query)]


def came(order):
    return Came(paid_attempt(order, order.placed_at).id, "yookassa", order.outside_kopecks)


def letters():
    db.session.rollback()
    query = select(OutboxItem).where(OutboxItem.kind == "letter").order_by(OutboxItem.id)
    return [item.payload["letter"] for item in db.session.scalars(query)]


def test_an_opened_order_has_a_number_sums_and_copies(inside, make):
    account = make.account()
    tea, pot = make.product(name="Чай «Ёлочка»", price=300), make.product(price=1490)

    order = make.order(account, tea, pot, state="awaiting_payment", parcels=2)

    assert order.number == number_of(order.id)
    assert (order.goods_kopecks, order.delivery_kopecks, order.total_kopecks) == (
        179000,
        59800,
        238800,
    )
    assert order.search_text.startswith(
        f"{order.number} {order.number.replace('-', '')} чай «елочка»"
    )
    assert events_of(order.id) == [("awaiting_payment", None, "customer")]
    assert letters() == ["order_accepted"]


def test_the_letter_carries_all_facts(inside, make):
    account = make.account(patronymic="Валерьянович", greeting="name_and_patronymic")

    order = make.order(account, make.product(name="Чайник"), state="awaiting_payment")

    payload = db.session.scalars(select(OutboxItem)).one().payload
    assert payload["to"] == account.email
    assert payload["facts"]["greeting"] == "Игорь Валерьянович"
    assert payload["facts"]["number"] == order.number
    assert payload["facts"]["parcels"][0]["promised_on"] == "2026-11-26"
    assert payload["facts"]["parcels"][0]["lines"] == [
        {"name": "Чайник", "quantity": 1, "sum_kopecks": 149000}
    ]


def test_money_makes_an_order_paid_once(inside, make):
    product = make.product()
    order = make.order(make.account(), product, state="awaiting_payment")
    now, money = make.later(minutes=5), came(order)

    assert mark_paid(order_id=order.id, came=money, now=now) is True
    assert mark_paid(order_id=order.id, came=money, now=make.later(minutes=6)) is False

    paid = db.session.get_one(Order, order.id)
    assert (paid.state, paid.paid_at) == ("paid", now)
    assert events_of(order.id)[1:] == [("paid", None, "gateway")]
    assert letters() == ["order_accepted", "order_paid"]
    assert db.session.get_one(Product, product.id).sold_count == 1


def test_of_many_notices_at_once_one_makes_it_paid(inside, make, app):
    order = make.order(make.account(), state="awaiting_payment")
    money = came(order)

    def pay(_turn):
        with app.app_context():
            return mark_paid(order_id=order.id, came=money, now=make.later(minutes=1))

    with ThreadPoolExecutor(8) as pool:
        moved = list(pool.map(pay, range(8)))

    assert sorted(moved) == [False] * 7 + [True]
    assert letters() == ["order_accepted", "order_paid"]


def test_an_order_not_paid_in_time_gives_its_goods_back(inside, make):
    product = make.product(in_stock=4)
    order = make.order(make.account(), product, state="awaiting_payment")

    assert expire_order(order_id=order.id, now=make.later(minutes=31)) is True
    assert expire_order(order_id=order.id, now=make.later(minutes=32)) is False

    assert db.session.scalar(select(Stock.quantity)) == 5
    assert db.session.get_one(Order, order.id).state == "expired"
    assert db.session.scalar(select(Parcel.state)) == "canceled"
    assert events_of(order.id)[-1] == ("expired", None, "shop")


def test_a_paid_order_does_not_expire_and_an_expired_one_is_not_paid(inside, make):
    product = make.product(in_stock=4)
    paid = make.order(make.account(), product, state="paid")
    expired = make.order(make.account(), product, state="expired")

    assert expire_order(order_id=paid.id, now=make.later(minutes=40)) is False
    assert mark_paid(order_id=expired.id, came=came(expired), now=make.later(minutes=40)) is False

    assert db.session.get_one(Order, paid.id).state == "paid"
    assert db.session.get_one(Order, expired.id).state == "expired"


def test_money_and_the_deadline_at_the_same_moment_have_one_winner(inside, make, app):
    product = make.product(in_stock=4)
    order = make.order(make.account(), product, state="awaiting_payment")

    def race(deed):
        with app.app_context():
            return deed(order_id=order.id, now=make.later(minutes=30))

    pay = partial(mark_paid, came=came(order))
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(race, [pay, expire_order] * 4))

    state = db.session.get_one(Order, order.id).state
    assert won.count(True) == 1
    assert db.session.scalar(select(Stock.quantity)) == (4 if state == "paid" else 5)


def test_an_order_follows_its_parcels(inside, make, app):
    order = make.order(make.account(), make.product(), make.product(), parcels=2)
    first, second = make.parcel_ids(order.id)
    hand = {"actor": "staff:17", "now": make.later(hours=1)}

    assemble_parcel(parcel_id=first, **hand)
    assert state_of(app, order.id) == "assembling"
    assemble_parcel(parcel_id=second, **hand)
    dispatch_parcel(parcel_id=first, track="RA1", **hand)
    assert state_of(app, order.id) == "assembling"
    dispatch_parcel(parcel_id=second, track="RA2", **hand)
    assert state_of(app, order.id) == "shipped"
    receive_parcel(parcel_id=first, return_days=RETURN_DAYS, **hand)
    assert state_of(app, order.id) == "shipped"
    receive_parcel(parcel_id=second, return_days=RETURN_DAYS, **hand)
    assert state_of(app, order.id) == "received"

    received = db.session.get_one(Order, order.id)
    assert received.received_at == received.closed_at == make.later(hours=1)
    assert db.session.get_one(Parcel, first).track == "RA1"
    assert events_of(order.id)[2:] == [
        ("assembled", first, "staff:17"),
        ("assembling", None, "staff:17"),
        ("assembled", second, "staff:17"),
        ("shipped", first, "staff:17"),
        ("shipped", second, "staff:17"),
        ("shipped", None, "staff:17"),
        ("received", first, "staff:17"),
        ("received", second, "staff:17"),
        ("received", None, "staff:17"),
    ]
    assert letters()[2:] == ["order_shipped", "order_shipped", "order_received", "order_received"]


@pytest.mark.parametrize("state", ["awaiting_payment", "expired"])
def test_an_order_without_money_is_not_assembled(inside, make, state):
    order = make.order(make.account(), state=state)
    (parcel,) = make.parcel_ids(order.id)

    with pytest.raises(StepNotPossible):
        assemble_parcel(parcel_id=parcel, actor="staff:1", now=make.later(hours=1))

    assert db.session.get_one(Order, order.id).state == state


def test_a_step_cannot_be_skipped_or_taken_twice(inside, make):
    order = make.order(make.account())
    (parcel,) = make.parcel_ids(order.id)
    hand = {"parcel_id": parcel, "actor": "staff:1", "now": make.later(hours=1)}

    with pytest.raises(StepNotPossible):
        dispatch_parcel(**hand, track="")
    with pytest.raises(StepNotPossible):
        receive_parcel(**hand, return_days=RETURN_DAYS)
    assemble_parcel(**hand)
    with pytest.raises(StepNotPossible):
        assemble_parcel(**hand)

    assert letters() == ["order_accepted", "order_paid"]
    assert db.session.get_one(Parcel, parcel).state == "assembled"


def test_of_two_employees_one_takes_the_step(inside, make, app):
    order = make.order(make.account())
    (parcel,) = make.parcel_ids(order.id)

    def assemble(number):
        with app.app_context():
            try:
                assemble_parcel(parcel_id=parcel, actor=f"staff:{number}", now=make.later(hours=1))
            except StepNotPossible:
                return False
            return True

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(assemble, range(4)))

    assert taken.count(True) == 1
    assert len([one for one in events_of(order.id) if one[0] == "assembled"]) == 1


def test_two_last_parcels_received_at_once_end_the_order(inside, make, app):
    order = make.order(make.account(), make.product(), make.product(), parcels=2, state="shipped")
    later = make.later(days=2)

    def receive(parcel):
        with app.app_context():
            receive_parcel(parcel_id=parcel, return_days=RETURN_DAYS, actor="staff:1", now=later)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(receive, make.parcel_ids(order.id)))

    assert state_of(app, order.id) == "received"


def test_time_kept_for_payment_is_on_the_order(inside, make):
    order = make.order(make.account(), state="awaiting_payment")

    assert order.pay_until - order.placed_at == timedelta(minutes=30)
