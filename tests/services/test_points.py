"""Points: promised, counted, given, spent, put back; the lots always add up to the books."""

from datetime import timedelta

import pytest
from earning import adds_up, balance, given, hold, lots, put_back, redeem, take_back
from factories import NOON
from sqlalchemy import func, select

from shop.db import db
from shop.models import LedgerEntry, PointsLot, PointsUse
from shop.queries.ledger import balances_of
from shop.queries.points import spendable_points
from shop.services.points import (
    NotEnoughPoints,
    put_back_to_lots,
)

DAY = timedelta(days=1)
SOON, LATER, LATEST = (NOON + days * DAY for days in (10, 100, 300))
# Goods received at noon in Moscow may be given back until this midnight.
THE_DAY = NOON + 7 * DAY + timedelta(hours=12)


def uses(order):
    rows = db.session.execute(
        select(PointsUse.points, PointsUse.returned)
        .join(PointsLot, PointsLot.id == PointsUse.lot_id)
        .where(PointsUse.order_id == order.id)
        .order_by(PointsLot.expires_at)
    )
    return [tuple(row) for row in rows]


def entries():
    return db.session.scalar(select(func.count()).select_from(LedgerEntry))


def test_the_soonest_to_end_is_spent_first(inside, make):
    igor = make.account()
    order = make.order(igor)
    given(igor, 100, until=LATER, key="b")
    given(igor, 50, until=SOON, key="a")

    hold(order=order, points=70)

    assert lots(igor) == [("gift", 50, 0), ("gift", 100, 80)]
    assert uses(order) == [(50, 0), (20, 0)]
    assert balances_of(account_id=igor.id).points_held == 70
    assert balance(igor) == 80


def test_what_has_ended_or_has_not_begun_is_not_spent_and_nothing_changes(inside, make):
    igor = make.account()
    order = make.order(igor)
    given(igor, 50, until=SOON, key="a")
    given(igor, 30, until=LATEST, key="b", now=LATER)
    before = entries()

    for now in (SOON, NOON):
        with pytest.raises(NotEnoughPoints):
            hold(order=order, points=51, now=now)
    with pytest.raises(NotEnoughPoints):
        hold(order=order, points=1, now=SOON)

    assert lots(igor) == [("gift", 50, 50), ("gift", 30, 30)]
    assert (uses(order), entries()) == ([], before)
    assert spendable_points(account_id=igor.id, now=NOON) == 50
    assert spendable_points(account_id=igor.id, now=SOON) == 0
    assert spendable_points(account_id=igor.id, now=LATER) == 30


def test_nobody_spends_somebody_elses_points(inside, make):
    igor, anna = make.account(), make.account()
    given(igor, 100, until=LATER)

    with pytest.raises(NotEnoughPoints):
        hold(order=make.order(anna), points=1)

    assert lots(igor) == [("gift", 100, 100)]


def test_an_order_that_takes_twice_from_a_lot_is_written_as_one_use(inside, make):
    igor = make.account()
    order = make.order(igor)
    given(igor, 100, until=LATER)

    hold(order=order, points=30)
    hold(order=order, points=20, key="again")

    assert uses(order) == [(50, 0)]
    assert lots(igor) == [("gift", 100, 50)]


def test_points_come_back_to_their_lots_the_latest_to_end_first(inside, make):
    igor = make.account()
    order = make.order(igor)
    given(igor, 50, until=SOON, key="a")
    given(igor, 100, until=LATER, key="b")
    hold(order=order, points=70)

    assert put_back(order=order, points=30) == 30

    assert lots(igor) == [("gift", 50, 10), ("gift", 100, 100)]
    assert uses(order) == [(50, 10), (20, 20)]
    assert put_back(order=order, points=40, key="rest") == 40
    assert lots(igor) == [("gift", 50, 50), ("gift", 100, 100)]
    assert balance(igor) == 150


def test_points_of_a_lot_that_has_ended_come_back_for_a_month(inside, make):
    igor = make.account()
    order = make.order(igor)
    given(igor, 50, until=SOON)
    hold(order=order, points=50)
    redeem(order=order, points=50)

    put_back(order=order, points=20, now=LATER, key="one", spent=True)
    put_back(order=order, points=30, now=LATER, key="two", spent=True)

    assert lots(igor) == [("gift", 50, 0), ("return", 20, 20), ("return", 30, 30)]
    fresh = db.session.scalars(select(PointsLot).where(PointsLot.source == "return")).all()
    assert {lot.reference for lot in fresh} == {order.number}
    assert all(30 * DAY < lot.expires_at - LATER <= 31 * DAY for lot in fresh)
    assert spendable_points(account_id=igor.id, now=LATER) == 50
    assert adds_up(igor)


def test_more_than_was_taken_does_not_come_back(inside, make):
    igor = make.account()
    order = make.order(igor)
    given(igor, 50, until=SOON)
    hold(order=order, points=20)

    with pytest.raises(ValueError, match="fewer than 21 points"):
        put_back_to_lots(order_id=order.id, points=21, now=NOON)

    assert lots(igor) == [("gift", 50, 30)]
    assert uses(order) == [(20, 0)]


@pytest.mark.parametrize(("debt", "into_lots"), [(30, 40), (70, 0), (100, 0)])
def test_points_that_come_back_pay_a_debt_first(inside, make, debt, into_lots):
    igor = make.account()
    order = make.order(igor)
    given(igor, 70, until=SOON)
    hold(order=order, points=70)
    take_back(order, debt)

    assert put_back(order=order, points=70) == into_lots

    assert lots(igor) == [("gift", 70, into_lots)]
    assert balance(igor) == 70 - debt
    assert uses(order) == [(70, 70)]
    assert adds_up(igor)


def test_a_debt_is_paid_by_what_would_end_soonest(inside, make):
    igor = make.account()
    order = make.order(igor)
    given(igor, 50, until=SOON, key="a")
    given(igor, 50, until=LATER, key="b")
    hold(order=order, points=100)
    take_back(order, 60)

    put_back(order=order, points=100)

    assert lots(igor) == [("gift", 50, 0), ("gift", 50, 40)]
