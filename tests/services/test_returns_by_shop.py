"""What the shop or the carrier can't bring, and orders that no bank took part in."""

import pytest
from factories import NOON
from returning import CARRIAGE, TEAPOT, bring, chosen_of, returning  # noqa: F401  (the fixture)
from signing import together
from sqlalchemy import select
from squaring import (  # noqa: F401  (the fixture)
    advance,
    books_are_right,
    counts,
    letters,
    owed,
    parcel_states,
    refunds,
    state_of,
    stock,
    wallet,
)

from shop.db import db
from shop.gateways import mail
from shop.models import OrderEvent, OrderLine
from shop.queries.ledger import balances_of
from shop.rules.funding import Funding
from shop.rules.returns import NotPossible
from shop.services.orders import MoreThanCame, StepNotPossible, take_back
from shop.services.returns import NothingHasLeft, cancel_by_shop


def test_what_was_to_be_paid_at_the_door_is_not_given_back(returning):  # noqa: F811
    order = returning.order(method="on_receipt")

    returning.cancel(order, order.everything)

    assert wallet(order) == (700, 50_000, 100_001)
    assert owed(order) == advance(order) == 0
    assert refunds() == []


def test_the_shop_calls_off_everything_with_its_carriage(returning):  # noqa: F811
    order = returning.order(stage="shipped")
    deed = {"number": order.number, "actor_id": returning.clerk.id, "once_key": "s", "now": NOON}

    assert cancel_by_shop(**deed, reason="carrier")
    assert not cancel_by_shop(**deed, reason="carrier")

    assert state_of(order) == "canceled"
    assert wallet(order) == (700, 50_000, 100_001)
    assert owed(order) == order.funding.outside_kopecks
    # What the carrier has lost doesn't lie in the warehouse.
    assert stock() == [7, 8]
    events = db.session.scalars(select(OrderEvent.actor).where(OrderEvent.state == "canceled"))
    assert set(events) == {f"staff:{returning.clerk.id}"}
    assert letters("order_canceled")[0]["reason"] == "carrier"


def test_a_mistake_of_the_shop_leaves_the_goods_on_the_shelf(returning):  # noqa: F811
    order = returning.order()

    cancel_by_shop(
        number=order.number,
        reason="mistake",
        actor_id=returning.clerk.id,
        once_key="s",
        now=NOON,
    )

    assert stock() == [10, 10]


def test_the_shop_leaves_alone_what_the_customer_has(returning):  # noqa: F811
    order, received = returning.order(), returning.order(stage="received")
    first, _ = returning.make.parcel_ids(order.order_id)
    bring(first, "received")
    deed = {"actor_id": returning.clerk.id, "now": NOON, "reason": "out_of_stock"}

    cancel_by_shop(number=order.number, once_key="a", **deed)

    assert parcel_states(order) == ["received", "canceled"]
    assert state_of(order) == "received"
    assert counts(order) == [(0, 0), (2, 0)]
    with pytest.raises(NotPossible):
        cancel_by_shop(number=received.number, once_key="b", **deed)


def test_an_order_paid_by_points_and_balance_alone_needs_no_bank(returning):  # noqa: F811
    order = returning.order(points=1000, promo=50_000, balance=500_000)
    assert order.funding.outside_kopecks == 0

    returning.cancel(order, order.everything)

    has = balances_of(account_id=order.account.id)
    assert (has.points, has.promo, has.balance) == (1000, 50_000, 500_000)
    assert refunds() == []
    assert order.funding == Funding(1000, 50_000, order.funding.balance_kopecks, 0)


def called_off(returning, order, reason, key="s"):  # noqa: F811
    return cancel_by_shop(
        number=order.number,
        reason=reason,
        actor_id=returning.clerk.id,
        once_key=key,
        now=NOON,
    )


def lines_of(order):
    found = select(OrderLine).where(OrderLine.order_id == order.order_id).order_by(OrderLine.id)
    return db.session.scalars(found.execution_options(populate_existing=True)).all()


def test_nobody_refuses_what_has_not_been_sent(returning):  # noqa: F811
    order = returning.order()

    with pytest.raises(NothingHasLeft):
        called_off(returning, order, "not_taken")

    assert state_of(order) == "paid" and letters("order_canceled") == []


def test_what_its_customer_did_not_take_is_paid_back_whole_and_says_so(returning):  # noqa: F811
    order = returning.order(stage="shipped")

    called_off(returning, order, "not_taken")

    assert state_of(order) == "canceled"
    assert wallet(order) == (700, 50_000, 100_001)
    assert owed(order) == order.funding.outside_kopecks
    assert letters("order_canceled")[0]["reason"] == "not_taken"


def test_one_parcel_that_was_not_taken_is_called_off_and_the_other_goes_on(returning):  # noqa: F811
    order = returning.order(points=0, promo=0, balance=0)
    first, second = returning.make.parcel_ids(order.order_id)
    bring(first, "shipped")
    told = {"number": order.number, "reason": "not_taken", "actor_id": returning.clerk.id}

    with pytest.raises(NothingHasLeft):
        cancel_by_shop(**told, parcel_id=second, once_key="a", now=NOON)
    for strange in (second + 1, 0):
        with pytest.raises(NotPossible):
            cancel_by_shop(**told, parcel_id=strange, once_key="b", now=NOON)
    assert cancel_by_shop(**told, parcel_id=first, once_key="c", now=NOON)
    assert not cancel_by_shop(**told, parcel_id=first, once_key="c", now=NOON)
    with pytest.raises(NotPossible):
        cancel_by_shop(**told, parcel_id=first, once_key="d", now=NOON)

    assert parcel_states(order) == ["canceled", "waiting"]
    assert counts(order) == [(3, 0), (0, 0)]
    assert owed(order) == 3 * TEAPOT + CARRIAGE
    assert state_of(order) == "assembling"
    (letter,) = letters("order_canceled")
    assert (letter["reason"], letter["is_whole"]) == ("not_taken", False)
    sent = mail.render(letter="order_canceled", language="ru", facts=letter)
    assert sent.subject == f"Часть заказа {order.number} отменена"
    for body in (sent.text, sent.html):
        assert "Часть заказа вернулась к нам" in body and "Чашка" not in body


def test_goods_called_off_on_their_way_lie_on_the_shelf_when_they_are_back(returning):  # noqa: F811
    order = returning.order(stage="shipped")
    called_off(returning, order, "not_taken")
    assert stock() == [7, 8]
    teapots, cups = lines_of(order)
    assert (teapots.on_way_back, cups.on_way_back) == (3, 2)
    clerk = {"actor": f"staff:{returning.clerk.id}", "now": NOON}

    with pytest.raises(MoreThanCame):
        take_back(parcel_id=teapots.parcel_id, good={teapots.id: 4}, **clerk)
    take_back(parcel_id=teapots.parcel_id, good={teapots.id: 2}, **clerk)
    take_back(parcel_id=cups.parcel_id, good={cups.id: 2}, **clerk)

    # One of the three teapots has come back broken.
    assert stock() == [9, 10]
    with pytest.raises(StepNotPossible):
        take_back(parcel_id=teapots.parcel_id, good={teapots.id: 3}, **clerk)
    assert stock() == [9, 10]
    assert [line.on_way_back for line in lines_of(order)] == [0, 0]
    events = select(OrderEvent.actor).where(OrderEvent.state == "back")
    assert db.session.scalars(events).all() == [clerk["actor"]] * 2


def test_two_employees_take_the_same_goods_back_once(inside, returning):  # noqa: F811
    order = returning.order(stage="shipped")
    called_off(returning, order, "carrier")
    line = lines_of(order)[0]
    told = {"parcel_id": line.parcel_id, "good": {line.id: 3}, "now": NOON}

    came = together(inside, *[lambda: take_back(**told, actor="staff:1")] * 4)

    assert sorted(str(type(one).__name__) for one in came) == ["NoneType"] + ["StepNotPossible"] * 3
    assert stock() == [10, 8]


@pytest.mark.parametrize(
    ("reason", "left"),
    [("carrier", [10, 8]), ("not_taken", [10, 8]), ("out_of_stock", [7, 8])],
)
def test_what_had_not_left_yet_lies_where_it_lay_unless_it_is_gone(returning, reason, left):  # noqa: F811
    order = returning.order()
    cups = lines_of(order)[1].parcel_id
    bring(cups, "shipped")

    called_off(returning, order, reason)

    assert stock() == left
    assert [line.on_way_back for line in lines_of(order)] == [0, 2]
