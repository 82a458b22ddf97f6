"""Points that several hands reach for at the same moment."""

from datetime import timedelta

from earning import adds_up, balance, given, hold, lots, promised, put_back
from factories import NOON
from signing import together
from sqlalchemy import func, select

from shop.db import db
from shop.models import LedgerEntry
from shop.queries.ledger import balances_of
from shop.services.points import NotEnoughPoints, claw_back, expire_due, mature_due

DAY = timedelta(days=1)
SOON, LATER = NOON + 10 * DAY, NOON + 100 * DAY
ROUNDS = 5


def attempt(deed):
    def run():
        try:
            deed()
        except NotEnoughPoints:
            return False
        return True

    return run


def test_of_two_orders_that_want_the_same_points_one_gets_them(inside, make):
    for number in range(ROUNDS):
        igor = make.account()
        first, second = make.order(igor), make.order(igor)
        given(igor, 50, until=LATER, key=f"gift-{number}")

        got = together(
            inside,
            attempt(lambda order=first: hold(order=order, points=40)),
            attempt(lambda order=second: hold(order=order, points=40)),
        )

        assert sorted(got) == [False, True]
        assert lots(igor) == [("gift", 50, 10)]
        assert (balance(igor), balances_of(account_id=igor.id).points_held) == (10, 40)


def test_points_are_either_set_aside_or_end(inside, make):
    for number in range(ROUNDS):
        igor = make.account()
        order = make.order(igor)
        given(igor, 50, until=SOON, key=f"gift-{number}")

        got, ended = together(
            inside,
            # Asked for in the last second, and ended by the timer, which is late, at the same moment.
            attempt(lambda order=order: hold(order=order, points=40, now=SOON - DAY)),
            lambda: expire_due(now=SOON),
        )

        assert (got, ended) in {(True, 10), (False, 50)}
        assert (balance(igor), lots(igor)) == (0, [("gift", 50, 0)])
        assert balances_of(account_id=igor.id).points_held == (40 if got else 0)


def test_points_that_come_back_while_a_debt_arises_add_up(inside, make):
    for number in range(ROUNDS):
        igor = make.account()
        order, other = make.order(igor), make.order(igor)
        given(igor, 50, until=LATER, key=f"gift-{number}")
        hold(order=order, points=50)

        together(
            inside,
            lambda order=order: put_back(order=order, points=50),
            lambda order=other: claw_back(
                account_id=order.account_id,
                order_id=order.id,
                number=order.number,
                points=30,
                once_key=f"ret:{order.number}",
                now=NOON,
            ),
        )

        assert balance(igor) == 20
        assert adds_up(igor)


def test_two_workers_keep_a_promise_once(inside, make):
    igor = make.account()
    order = make.order(igor, state="received")
    promised(make, order, 40)

    done = together(inside, *[lambda: mature_due(now=NOON + 8 * DAY)] * 4)

    assert sorted(done) == [0, 0, 0, 1]
    assert (balance(igor), lots(igor)) == (40, [("order", 40, 40)])


def test_two_workers_end_points_once(inside, make):
    igor = make.account()
    given(igor, 50, until=SOON)

    done = together(inside, *[lambda: expire_due(now=SOON)] * 4)

    assert sorted(done) == [0, 0, 0, 50]
    assert balance(igor) == 0
    kinds = select(func.count()).where(LedgerEntry.kind == "points_expired")
    assert db.session.scalar(kinds) == 1
