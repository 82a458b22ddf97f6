"""Points end on their day, and not without a letter."""

from datetime import timedelta

from earning import adds_up, balance, given, hold, lots, promised, put_back
from factories import NOON
from leaving import HERE, letters
from sqlalchemy import func, select

from shop.db import db
from shop.models import Account, LedgerEntry, PointsLot
from shop.queries.ledger import balance_of, balances_of
from shop.queries.points import is_to_warn
from shop.rules.ledger import POINTS_EXPIRED
from shop.services.points import ending, expire_due, mature_due, warn_due
from shop.services.security.farewell import ask_to_end, end_due_accounts

DAY = timedelta(days=1)
SOON, LATER = NOON + 10 * DAY, NOON + 100 * DAY


def test_points_end_on_their_day_and_only_they(inside, make):
    igor, anna = make.account(), make.account()
    given(igor, 50, until=SOON, key="a")
    given(igor, 30, until=LATER, key="b")
    given(anna, 7, until=SOON, key="c")

    assert expire_due(now=SOON - timedelta(seconds=1)) == 0
    assert expire_due(now=SOON) == 57
    assert expire_due(now=SOON) == 0

    assert lots(igor) == [("gift", 50, 0), ("gift", 30, 30)]
    assert (balance(igor), balance(anna), balance_of(POINTS_EXPIRED)) == (30, 0, 57)
    kinds = select(func.count()).where(LedgerEntry.kind == "points_expired")
    assert db.session.scalar(kinds) == 2


def test_points_set_aside_for_an_order_do_not_end(inside, make):
    igor = make.account()
    order = make.order(igor)
    given(igor, 50, until=SOON)
    hold(order=order, points=40)

    assert expire_due(now=SOON) == 10

    assert balances_of(account_id=igor.id).points_held == 40
    put_back(order=order, points=40, now=SOON)
    assert lots(igor) == [("gift", 50, 0), ("return", 40, 40)]
    assert adds_up(igor)


def test_a_round_comes_to_everybody_though_many_before_them_fail(inside, make, monkeypatch):
    for number in range(60):
        given(make.account(), 5, until=SOON, key=f"gift-{number}")
    broken = set(db.session.scalars(select(PointsLot.account_id).order_by(PointsLot.id).limit(55)))
    done = ending._expire

    def some_fail(*, account_id, now):
        if account_id in broken:
            raise RuntimeError
        return done(account_id=account_id, now=now)

    with monkeypatch.context() as patched:
        patched.setattr(ending, "_expire", some_fail)
        assert expire_due(now=SOON) == 5 * 5
    assert expire_due(now=SOON) == 55 * 5
    assert expire_due(now=SOON) == 0


def test_points_that_come_back_after_the_letter_are_told_of_in_another_but_not_the_same_day(
    inside, make
):
    igor = make.account()
    given(igor, 300, until=SOON)
    order = make.order(igor)
    hold(order=order, points=250)
    assert warn_due(now=NOON) == 1
    put_back(order=order, points=250, now=NOON + timedelta(hours=1))

    later = [NOON + timedelta(hours=hours) for hours in (2, 23, 25, 49, 73)]
    assert [warn_due(now=moment) for moment in later] == [0, 0, 1, 0, 0]
    assert [letter["facts"]["points"] for letter in letters("points_expiring")] == [50, 300]

    # What was told of and is only lent and given back is no news.
    other = make.order(igor)
    hold(order=other, points=100)
    put_back(order=other, points=100, now=NOON + 4 * DAY)
    assert warn_due(now=NOON + 5 * DAY) == 0


def test_lots_to_tell_of_are_found_by_the_index_of_what_is_left(inside, database):
    connection = db.session.connection()
    query = select(PointsLot.id).where(*is_to_warn(NOON))
    told = query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN"
    if database == "postgresql":
        # It would read a table whole that is as small as this one.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN"

    plan = connection.exec_driver_sql(f"{explain} {told}").all()

    assert "ix_points_lot_left" in str(plan)


def test_a_letter_comes_two_weeks_before_and_once(inside, make):
    igor = make.account()
    given(igor, 50, until=LATER, key="a")
    given(igor, 20, until=LATER, key="b")
    given(igor, 5, until=LATER + DAY, key="c")
    given(igor, 500, until=LATER + 200 * DAY, key="d")

    assert warn_due(now=LATER - 14 * DAY - timedelta(seconds=1)) == 0
    assert warn_due(now=LATER - 13 * DAY) == 1
    assert warn_due(now=LATER - 11 * DAY) == 0

    assert [letter["to"] for letter in letters("points_expiring")] == [igor.email]
    assert letters("points_expiring")[0]["facts"] == {
        "greeting": "Игорь",
        "points": 75,
        "ends": [
            {"until": "2027-03-04T08:59:59.999999+00:00", "points": 70},
            {"until": "2027-03-05T08:59:59.999999+00:00", "points": 5},
        ],
    }
    assert lots(igor)[0] == ("gift", 20, 20) or lots(igor)[0] == ("gift", 50, 50)


def test_nobody_is_written_to_twice_a_day(inside, make):
    igor = make.account()
    given(igor, 50, until=SOON, key="a")
    assert warn_due(now=NOON) == 1
    given(igor, 20, until=SOON + DAY, key="b")

    assert warn_due(now=NOON + timedelta(hours=23)) == 0
    assert warn_due(now=NOON + timedelta(hours=25)) == 1

    assert [one["facts"]["points"] for one in letters("points_expiring")] == [50, 20]


def test_nobody_is_written_to_about_points_that_are_spent_or_over(inside, make):
    igor, anna = make.account(), make.account()
    given(igor, 50, until=SOON, key="a")
    hold(order=make.order(igor), points=50)
    given(anna, 50, until=SOON, key="b")

    assert warn_due(now=SOON) == 0
    assert letters("points_expiring") == []
    assert db.session.scalars(select(PointsLot.warned_at)).all() == [None, None]


def ended(account):
    ask_to_end(account_id=account.id, session_id=0, device=HERE, now=NOON)
    end_due_accounts(now=NOON + 30 * DAY)
    return NOON + 30 * DAY


def test_with_an_account_its_points_end(inside, make):
    igor, anna = make.account(), make.account()
    given(igor, 50, until=LATER, key="a")
    given(anna, 50, until=LATER, key="b")

    now = ended(igor)

    assert (balance(igor), lots(igor)) == (50, [("gift", 50, 50)])
    assert expire_due(now=now) == 50
    assert (balance(igor), lots(igor)) == (0, [("gift", 50, 0)])
    assert balance(anna) == 50


def test_what_was_promised_to_an_account_that_ended_is_nobodys(inside, make):
    igor = make.account()
    order = make.order(igor, state="received")
    promised(make, order, 40, now=NOON + 28 * DAY)
    ended(igor)
    assert db.session.get_one(Account, igor.id).ended_at is not None

    assert mature_due(now=NOON + 36 * DAY) == 1

    assert balances_of(account_id=igor.id).points_pending == 0
    assert (balance(igor), lots(igor), balance_of(POINTS_EXPIRED)) == (0, [], 40)
    assert letters("points_granted") == []
