"""Giving back after the hand-over: demanded, agreed, looked at, paid back part by part, with what it had earned."""

from datetime import timedelta

import pytest
from factories import NOON
from returning import CARRIAGE, bring, chosen_of, return_lines, returning  # noqa: F401  (the fixture)
from sqlalchemy import select, update
from sqlalchemy.exc import NoResultFound
from squaring import (  # noqa: F401  (the fixture)
    books_are_right,
    counts,
    letters,
    owed,
    refunds,
    stock,
    the_return,
    wallet,
)

from shop.db import db
from shop.models import PointsLot, PointsPromise, ReturnRequest
from shop.queries.ledger import balance_of, balances_of
from shop.rules.funding import part_of
from shop.rules.ledger import DELIVERY_REVENUE, GOODS_REVENUE
from shop.rules.returns import NotPossible
from shop.services.points import mature_due
from shop.services.returns import (
    SplitChanged,
    TooLate,
    close_settled,
    request_return,
    withdraw,
)

WEEK = timedelta(days=7)


@pytest.fixture
def order(returning):  # noqa: F811
    """Three teapots and two cups that the customer has."""
    return returning.order(stage="received")


def test_a_demand_waits_for_the_shop_and_its_ten_days_begin(returning, order):  # noqa: F811
    first = part_of(chosen_of(order).pieces[0].funding, 3, 0, 1)

    number = returning.ask(order, {order.teapots: 1, order.cups: 0})

    asked = the_return(number)
    assert number == f"{order.number}-1"
    assert (asked.state, asked.pay_by) == ("requested", NOON + timedelta(days=10))
    assert (asked.points, asked.promo_kopecks) == (first.points, first.promo_kopecks)
    assert (asked.balance_kopecks, asked.outside_kopecks) == (
        first.balance_kopecks,
        first.outside_kopecks,
    )
    assert [line.quantity for line in return_lines(number)] == [1]
    assert counts(order) == [(0, 0), (0, 0)]
    assert refunds() == []
    letter = letters("return_requested")[0]
    assert (letter["number"], letter["outside_kopecks"]) == (number, first.outside_kopecks)


def test_one_form_demands_once(returning, order):  # noqa: F811
    assert returning.ask(order, {order.teapots: 1}) == f"{order.number}-1"
    choice = chosen_of(order)
    again = request_return(
        account_id=order.account.id,
        number=order.number,
        chosen={order.teapots: 1},
        reason="unsuitable",
        words="",
        note=choice.note(choice.taking_back({order.teapots: 1}, "unsuitable"), {order.teapots: 1}),
        once_key="r1",
        now=NOON,
    )

    assert again == f"{order.number}-1"
    assert len(db.session.scalars(select(ReturnRequest)).all()) == 1


def test_a_line_is_returned_by_one_demand_at_a_time(returning, order):  # noqa: F811
    number = returning.ask(order, {order.teapots: 1})

    with pytest.raises(NotPossible):
        returning.ask(order, {order.teapots: 1}, key="r2")
    assert returning.ask(order, {order.cups: 1}, key="r3") == f"{order.number}-2"
    withdraw(account_id=order.account.id, number=number, now=NOON)
    assert returning.ask(order, {order.teapots: 2}, key="r4") == f"{order.number}-3"


def test_the_days_of_return_are_kept(returning, order):  # noqa: F811
    # NOON is the 24th; the 1st of December is the seventh day after it.
    with pytest.raises(TooLate):
        returning.ask(order, {order.teapots: 1}, now=NOON + WEEK + timedelta(hours=15))
    with pytest.raises(TooLate):
        returning.ask(order, {order.cups: 1}, "no such reason", "r3")
    assert returning.ask(order, {order.teapots: 1}, now=NOON + WEEK)
    assert returning.ask(order, {order.cups: 1}, "defect", "r2", NOON + timedelta(days=400))


def test_what_has_not_come_is_not_given_back(returning):  # noqa: F811
    order = returning.order(stage="shipped")

    with pytest.raises(TooLate):
        returning.ask(order, {order.teapots: 1})

    assert db.session.scalar(select(ReturnRequest.id)) is None


def test_somebody_elses_order_and_other_sums_are_refused(returning, order):  # noqa: F811
    demand = {
        "number": order.number,
        "chosen": {order.teapots: 1},
        "reason": "unsuitable",
        "words": "",
        "once_key": "x",
        "now": NOON,
    }
    with pytest.raises(NoResultFound):
        request_return(**demand, account_id=returning.clerk.id, note="")
    with pytest.raises(SplitChanged):
        request_return(**demand, account_id=order.account.id, note="0.0.0.1-0-0-1:0:1")


def test_the_price_goes_back_the_way_it_came_without_the_carriage(returning, order):  # noqa: F811
    sold, carried = balance_of(GOODS_REVENUE), balance_of(DELIVERY_REVENUE)

    number = returning.give_back(order, order.everything)

    # All but what paid for the carriage: that stays with the shop, as the goods only didn't suit.
    choice = chosen_of(order)
    fees = list(choice.carriage.values())
    assert wallet(order) == (
        700,
        50_000 - sum(fee.promo_kopecks for fee in fees),
        100_001 - sum(fee.balance_kopecks for fee in fees),
    )
    outside = order.funding.outside_kopecks - sum(fee.outside_kopecks for fee in fees)
    assert owed(order) == outside
    assert counts(order) == [(0, 3), (0, 2)]
    assert stock() == [10, 10]
    assert balance_of(GOODS_REVENUE) == 0 < sold
    assert balance_of(DELIVERY_REVENUE) == carried
    assert the_return(number).state == "refunded"
    returning.work()
    close_settled(now=NOON)
    assert the_return(number).state == "closed"
    assert refunds() == [("succeeded", outside)]
    assert owed(order) == 0


def test_a_fault_brings_the_carriage_back_too(returning, order):  # noqa: F811
    number = returning.give_back(order, order.everything, "defect")

    assert wallet(order) == (700, 50_000, 100_001)
    assert owed(order) == order.funding.outside_kopecks
    assert the_return(number).delivery_kopecks == 2 * CARRIAGE
    assert balance_of(DELIVERY_REVENUE) == balance_of(GOODS_REVENUE) == 0


def test_carriage_stays_where_part_of_the_parcel_simply_did_not_suit(returning, order):  # noqa: F811
    returning.give_back(order, {order.teapots: 1}, "unsuitable")
    number = returning.give_back(order, {order.teapots: 2}, "defect", "r2")

    assert the_return(number).delivery_kopecks == 0


def test_called_off_then_given_back_adds_up(returning):  # noqa: F811
    order = returning.order()
    returning.cancel(order, {order.teapots: 1, order.cups: 1})
    for parcel_id in returning.make.parcel_ids(order.order_id):
        bring(parcel_id, "received")
    returning.give_back(order, {order.teapots: 1}, "damaged", "r1")
    returning.give_back(order, {order.teapots: 1, order.cups: 1}, "damaged", "r2")

    assert counts(order) == [(1, 2), (1, 1)]
    assert wallet(order) == (700, 50_000, 100_001)
    assert owed(order) == order.funding.outside_kopecks
    assert balances_of(account_id=order.account.id).points_pending == 0


def test_points_that_the_goods_had_brought_are_taken_back(returning, order):  # noqa: F811
    earned = balances_of(account_id=order.account.id).points_pending
    assert earned > 0

    returning.give_back(order, {order.teapots: 3})

    left = balances_of(account_id=order.account.id).points_pending
    promises = db.session.scalars(
        select(PointsPromise.points).where(PointsPromise.order_id == order.order_id)
    )
    assert 0 < left < earned
    assert sum(promises) == left


def test_points_spent_meanwhile_become_a_debt_that_never_touches_money(returning):  # noqa: F811
    order = returning.order(points=0, promo=0, balance=0, stage="received")
    later = NOON + timedelta(days=9)
    mature_due(now=later)
    had = balances_of(account_id=order.account.id).points
    db.session.execute(update(PointsLot).values(active_from=NOON))
    db.session.commit()
    spent = {"points": had - 1, "promo": 0, "balance": 0, "account": order.account}
    returning.order(**spent, stage="unpaid", is_given=False)
    number = returning.ask(order, order.everything, "defect", now=later)
    returning.bring_back(number, now=later)

    assert balances_of(account_id=order.account.id).points == 1 - had < 0
    assert owed(order) == order.funding.outside_kopecks
