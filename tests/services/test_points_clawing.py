"""Points of goods that are brought back are taken back; what was spent already is a debt of points, never of money."""

from datetime import timedelta
from functools import partial

import earning
from earning import adds_up, balance, given, hold, lots, promised
from factories import NOON
from sqlalchemy import select

from shop.db import db
from shop.models import PointsPromise
from shop.queries.ledger import balance_of, balances_of
from shop.rules.ledger import POINTS_ISSUED
from shop.services.points import ClawedBack, mature_due

DAY = timedelta(days=1)
SOON, LATER = NOON + 20 * DAY, NOON + 400 * DAY
# Goods received at noon in Moscow may be given back until this midnight.
THE_DAY = NOON + 7 * DAY + timedelta(hours=12)


def earned(make, account, *points, mature=True):
    """An order whose parcels brought so many points each."""
    goods = [make.product() for _ in points]
    order = make.order(account, *goods, state="received", parcels=len(points))
    for parcel, some in enumerate(points):
        promised(make, order, some, parcel=parcel)
    if mature:
        mature_due(now=THE_DAY)
    return order


take_back = partial(earning.take_back, now=THE_DAY)


def promises(order):
    db.session.rollback()
    rows = db.session.execute(
        select(PointsPromise.points, PointsPromise.matured_at.is_(None))
        .where(PointsPromise.order_id == order.id)
        .order_by(PointsPromise.id)
    )
    return [tuple(row) for row in rows]


def test_what_is_only_promised_goes_first(inside, make):
    igor = make.account()
    given(igor, 100, until=SOON)
    order = earned(make, igor, 40, mature=False)

    assert take_back(order, 15, now=NOON) == ClawedBack(promised=15)

    assert promises(order) == [(25, True)]
    assert balances_of(account_id=igor.id).points_pending == 25
    assert lots(igor) == [("gift", 100, 100)]
    mature_due(now=THE_DAY)
    assert balance(igor) == 125
    assert balance_of(POINTS_ISSUED) == 125


def test_a_promise_of_nothing_is_over_and_no_letter_comes(inside, make):
    from leaving import letters

    igor = make.account()
    order = earned(make, igor, 40, mature=False)

    take_back(order, 40, now=NOON)

    assert promises(order) == [(0, False)]
    assert mature_due(now=THE_DAY) == 0
    assert (lots(igor), balance(igor), letters("points_granted")) == ([], 0, [])


def test_several_promises_are_lowered_one_after_the_other(inside, make):
    igor = make.account()
    order = earned(make, igor, 40, 10, mature=False)

    assert take_back(order, 45, now=NOON) == ClawedBack(promised=45)

    assert promises(order) == [(5, True), (0, False)]


def test_then_the_orders_own_lot_and_then_what_ends_soonest(inside, make):
    igor = make.account()
    given(igor, 30, until=SOON, key="a")
    given(igor, 30, until=LATER + DAY, key="b")
    order = earned(make, igor, 40)

    assert take_back(order, 50) == ClawedBack(had=50)

    assert lots(igor) == [("gift", 30, 20), ("order", 40, 0), ("gift", 30, 30)]
    assert balance(igor) == 50


def test_what_was_spent_is_owed(inside, make):
    igor = make.account()
    order, other = earned(make, igor, 40), make.order(igor)
    hold(order=other, points=30, now=THE_DAY)

    assert take_back(order, 40) == ClawedBack(had=10, owed=30)

    assert (balance(igor), lots(igor)) == (-30, [("order", 40, 0)])
    assert balances_of(account_id=igor.id).points_held == 30
    assert balances_of(account_id=igor.id).balance == 0
    assert adds_up(igor)


def test_who_owes_already_owes_more(inside, make):
    igor = make.account()
    order = make.order(igor)

    take_back(order, 10)
    assert take_back(order, 5, key="ret:2:points") == ClawedBack(owed=5)

    assert balance(igor) == -15


def test_points_that_have_ended_but_are_still_counted_are_taken_too(inside, make):
    igor = make.account()
    given(igor, 30, until=SOON)
    order = make.order(igor)

    assert take_back(order, 20, now=LATER) == ClawedBack(had=20)

    assert lots(igor) == [("gift", 30, 10)]
    assert adds_up(igor)


def test_the_same_key_takes_once_whatever_has_become_of_the_promise(inside, make):
    igor = make.account()
    order = earned(make, igor, 40, mature=False)
    take_back(order, 15, now=NOON)
    mature_due(now=THE_DAY)

    assert take_back(order, 15) == ClawedBack()

    assert balance(igor) == 25
    assert promises(order) == [(25, False)]


def test_nothing_is_taken_back_of_nothing(inside, make):
    igor = make.account()

    assert take_back(make.order(igor), 0) == ClawedBack()

    assert balance(igor) == 0
