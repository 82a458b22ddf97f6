"""Points, balances and one way from outside pay for an order together; the books say the same at each step."""

from dataclasses import replace
from datetime import timedelta

import pytest
from factories import NOON
from ordering import HOME, count, place, shown_to
from signing import together
from sqlalchemy import select

from shop.db import db
from shop.models import Order, OrderLine, Parcel, PaymentAttempt, PointsLot
from shop.queries.ledger import Balances, balance_of, balances_of
from shop.rules import ledger
from shop.rules.ledger import BANK, PROMO_COST, flow
from shop.rules.orders import RETURN_DAYS
from shop.rules.payments import METHODS
from shop.services.checkout import FundingChanged, MethodNotPossible, TooManyPoints
from shop.services.ledger import Came, post
from shop.services.orders import (
    assemble_parcel,
    dispatch_parcel,
    expire_order,
    mark_paid,
    receive_parcel,
)
from shop.services.points import grant

YEAR = timedelta(days=365)


@pytest.fixture
def igor(inside, make):
    """A customer with 300 points, 100 ₽ given and 500 ₽ bought, before teapots for 2 980 ₽ and 299 ₽ of delivery."""
    igor = make.account()
    give(igor, points=300, promo=10_000, balance=50_000)
    make.in_cart(igor, make.product(price=1490), 2)
    return igor


def give(account, points=0, promo=0, balance=0):
    if points:
        grant(
            account_id=account.id,
            points=points,
            source="gift",
            reference="",
            once_key=f"gift-{account.id}",
            now=NOON,
            expires_at=NOON + YEAR,
        )
    post(
        once_key=f"given-{account.id}",
        kind="test",
        lines=[
            *flow(PROMO_COST, ledger.promo(account.id), promo),
            *flow(BANK, ledger.balance(account.id), balance),
        ],
        reference="",
        actor="shop",
        now=NOON,
    )


def all_of_it(account, **more):
    return replace(
        HOME,
        points=300,
        use_balance=True,
        balance_seen=balances_of(account_id=account.id).spendable_kopecks,
        **more,
    )


def order_of(placed):
    db.session.expire_all()
    return db.session.get_one(Order, placed.order_id)


def funds(row):
    return (row.points, row.promo_kopecks, row.balance_kopecks, row.outside_kopecks)


def in_hand(account):
    return balances_of(account_id=account.id)


def lots():
    return list(db.session.scalars(select(PointsLot.remaining).order_by(PointsLot.id)))


def test_what_is_used_is_set_aside_and_the_rest_goes_to_the_bank(igor):
    placed = place(igor, wishes=all_of_it(igor))

    order = order_of(placed)
    assert funds(order) == (300, 10_000, 50_000, 298_000 + 29_900 - 30_000 - 60_000)
    assert db.session.scalars(select(PaymentAttempt.amount_kopecks)).all() == [237_900]
    assert in_hand(igor) == Balances(balance_held=50_000, promo_held=10_000, points_held=300)
    assert lots() == [0]
    line = db.session.scalars(select(OrderLine)).one()
    parcel = db.session.scalars(select(Parcel)).one()
    assert line.points == 300
    assert line.promo_kopecks + parcel.delivery_promo_kopecks == 10_000
    assert line.balance_kopecks + parcel.delivery_balance_kopecks == 50_000
    assert order.earns_points == line.earns_points > 0


def test_an_order_nobody_paid_gives_all_of_it_back(igor):
    placed = place(igor, wishes=all_of_it(igor))

    assert expire_order(order_id=placed.order_id, now=NOON + timedelta(minutes=31))

    assert in_hand(igor) == Balances(balance=50_000, promo=10_000, points=300)
    assert lots() == [300]


def test_money_from_the_bank_joins_it_and_the_hand_over_makes_it_the_shops(igor):
    placed = place(igor, wishes=all_of_it(igor))
    order = order_of(placed)

    mark_paid(order_id=order.id, came=Came(placed.attempt_id, "sber", 237_900, 40_000), now=NOON)

    assert in_hand(igor) == Balances()
    assert balance_of(ledger.advance(order.number)) == 237_900 + 60_000
    assert balance_of(ledger.clearing("sber")) == 197_900
    assert balance_of(ledger.bonus_clearing("sber")) == 40_000
    assert balance_of(ledger.POINTS_REDEEMED) == 300

    parcel_id = db.session.scalars(select(Parcel.id)).one()
    assemble_parcel(parcel_id=parcel_id, actor="staff:1", now=NOON)
    dispatch_parcel(parcel_id=parcel_id, track="RA1", actor="staff:1", now=NOON)
    receive_parcel(parcel_id=parcel_id, return_days=RETURN_DAYS, actor="staff:1", now=NOON)

    assert balance_of(ledger.advance(order.number)) == 0
    assert balance_of(ledger.GOODS_REVENUE) == 298_000 - 30_000
    assert balance_of(ledger.DELIVERY_REVENUE) == 29_900
    assert in_hand(igor) == Balances(points_pending=order.earns_points)


def test_what_one_has_may_pay_for_all_of_it(inside, make):
    rich = make.account()
    give(rich, balance=1_000_000)
    make.in_cart(rich, make.product(price=1490))

    placed = place(rich, wishes=replace(all_of_it(rich), points=0, payment_method=""))

    order = order_of(placed)
    assert (order.state, order.payment_method, placed.attempt_id) == ("paid", "", None)
    assert count(PaymentAttempt) == 0
    assert in_hand(rich).balance == 1_000_000 - 149_000 - 29_900
    assert balance_of(ledger.advance(order.number)) == 178_900


def test_on_receipt_the_money_comes_at_the_door(igor):
    placed = place(igor, wishes=all_of_it(igor, payment_method="on_receipt"))
    order = order_of(placed)
    assert (order.state, placed.attempt_id) == ("accepted", None)
    assert balance_of(ledger.advance(order.number)) == 60_000

    parcel_id = db.session.scalars(select(Parcel.id)).one()
    assemble_parcel(parcel_id=parcel_id, actor="staff:1", now=NOON)
    dispatch_parcel(parcel_id=parcel_id, track="RA1", actor="staff:1", now=NOON)
    receive_parcel(parcel_id=parcel_id, return_days=RETURN_DAYS, actor="staff:1", now=NOON)

    assert order_of(placed).state == "received"
    assert balance_of(ledger.CASH_DESK) == 237_900
    assert balance_of(ledger.advance(order.number)) == 0
    assert balance_of(ledger.GOODS_REVENUE) == 298_000 - 30_000


def test_points_pay_for_a_quarter_of_the_goods_and_no_more(inside, make):
    igor = make.account()
    give(igor, points=9_000)
    make.in_cart(igor, make.product(price=1490), 2)

    with pytest.raises(TooManyPoints) as fault:
        place(igor, wishes=replace(HOME, points=746))
    assert fault.value.most == 745

    assert count(Order) == 0
    assert in_hand(igor).points == 9_000
    assert order_of(place(igor, wishes=replace(HOME, points=745))).points == 745


def test_another_balance_than_the_page_showed_orders_nothing(igor):
    with pytest.raises(FundingChanged):
        place(igor, wishes=replace(all_of_it(igor), balance_seen=59_999))

    assert count(Order) == 0


@pytest.mark.parametrize(
    ("method", "methods"),
    [
        ("paypal", ["bank_card"]),
        ("on_receipt", ["on_receipt"]),
        ("nonsense", ["bank_card"]),
        ("", ["sbp"]),
    ],
    ids=["switched off", "too much for it", "unknown", "none"],
)
def test_a_way_that_cannot_take_it_orders_nothing(inside, make, method, methods):
    igor = make.account()
    make.in_cart(igor, make.product(price=100_001))
    wishes = replace(HOME, payment_method=method)

    with pytest.raises(MethodNotPossible):
        place(igor, wishes=wishes, methods=[METHODS[code] for code in methods])

    assert count(Order) == 0


def test_two_tabs_do_not_spend_the_same_money(app, inside, make):
    igor = make.account()
    give(igor, points=100, balance=200_000)
    make.in_cart(igor, make.product(price=1490, in_stock=50), 2)
    note, wishes = shown_to(igor), replace(HOME, points=100, use_balance=True, balance_seen=200_000)

    results = together(
        app,
        *[
            lambda key=key: place(igor, note, once_key=f"tab-{key}", wishes=wishes)
            for key in range(4)
        ],
    )

    assert sum(not isinstance(one, Exception) for one in results) == 1, results
    assert count(Order) == 1
    assert in_hand(igor) == Balances(balance_held=200_000, points_held=100)
