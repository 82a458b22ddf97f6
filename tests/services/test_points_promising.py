"""Points for goods received: promised, then the customer's own; and points that the shop gives without an order."""

from datetime import timedelta

import pytest
from earning import balance, given, lots, promised, take_back
from factories import NOON
from leaving import letters
from sqlalchemy import func, select

from shop.db import db
from shop.models import LedgerEntry, PointsLot, PointsPromise
from shop.queries.ledger import balance_of, balances_of
from shop.rules.ledger import POINTS_ISSUED
from shop.services.points import grant, mature_due

DAY = timedelta(days=1)
SOON = NOON + 10 * DAY
# Goods received at noon in Moscow may be given back until this midnight.
THE_DAY = NOON + 7 * DAY + timedelta(hours=12)


def entries():
    return db.session.scalar(select(func.count()).select_from(LedgerEntry))


def test_points_are_promised_at_handover_once(inside, make):
    igor = make.account()
    order = make.order(igor, state="received")

    promised(make, order, 44)
    promised(make, order, 44)

    row = db.session.scalars(select(PointsPromise)).one()
    assert (row.points, row.matures_at, row.matured_at) == (44, THE_DAY, None)
    assert balances_of(account_id=igor.id).points_pending == 44
    assert balance_of(POINTS_ISSUED) == 44
    assert (balance(igor), lots(igor)) == (0, [])


def test_nothing_is_promised_for_goods_that_bring_nothing(inside, make):
    promised(make, make.order(make.account(), state="received"), 0)

    assert db.session.scalars(select(PointsPromise)).all() == []


def test_points_count_when_the_days_of_return_are_over(inside, make):
    igor = make.account()
    order = make.order(igor, state="received")
    promised(make, order, 44)

    assert mature_due(now=THE_DAY - timedelta(seconds=1)) == 0
    assert lots(igor) == []
    assert (mature_due(now=THE_DAY), mature_due(now=THE_DAY)) == (1, 0)

    assert lots(igor) == [("order", 44, 44)]
    lot = db.session.scalars(select(PointsLot)).one()
    assert lot.reference == order.number
    assert lot.active_from == THE_DAY
    assert 365 * DAY < lot.expires_at - THE_DAY <= 366 * DAY
    assert (balance(igor), balances_of(account_id=igor.id).points_pending) == (44, 0)
    letter = letters("points_granted")[0]
    assert letter["to"] == igor.email
    assert letter["facts"] == {
        "greeting": "Игорь",
        "number": order.number,
        "points": 44,
        "debt_paid": 0,
        "until": "2027-12-02T23:59:59.999999+03:00",
    }


def test_each_parcel_keeps_its_own_day(inside, make):
    igor = make.account()
    order = make.order(igor, make.product(), make.product(), state="received", parcels=2)
    promised(make, order, 10)
    promised(make, order, 20, parcel=1, now=NOON + DAY)

    assert mature_due(now=THE_DAY) == 1
    assert lots(igor) == [("order", 10, 10)]
    assert mature_due(now=THE_DAY + DAY) == 1
    assert len(letters("points_granted")) == 2


def test_points_that_count_now_pay_a_debt_first_and_the_letter_says_so(inside, make):
    igor = make.account()
    order = make.order(igor, make.product(), make.product(), state="received", parcels=2)
    take_back(order, 30)
    promised(make, order, 10)
    promised(make, order, 50, parcel=1)

    mature_due(now=THE_DAY)

    assert balance(igor) == 30
    assert lots(igor) == [("order", 30, 30)]
    assert [letter["facts"]["debt_paid"] for letter in letters("points_granted")] == [10, 20]


def test_all_promises_that_are_due_are_kept_in_one_round(inside, make):
    igor = make.account()
    for _ in range(60):
        promised(make, make.order(igor, state="received"), 5)

    assert [mature_due(now=THE_DAY) for _ in range(2)] == [60, 0]


def test_a_promise_that_fails_does_not_hold_up_the_others(inside, make, monkeypatch):
    igor = make.account()
    first, second = (make.order(igor, state="received") for _ in range(2))
    promised(make, first, 5)
    promised(make, second, 7)
    from shop.services.points import promising

    write_to = promising.write_to

    def refuse_the_first(**letter):
        if letter["facts"]["number"] == first.number:
            raise RuntimeError("no paper")
        write_to(**letter)

    monkeypatch.setattr(promising, "write_to", refuse_the_first)

    assert mature_due(now=THE_DAY) == 1
    assert (lots(igor), balance(igor)) == ([("order", 7, 7)], 7)
    monkeypatch.undo()
    assert mature_due(now=THE_DAY) == 1
    assert balance(igor) == 12


def test_a_gift_is_given_once_and_pays_a_debt_first(inside, make):
    igor = make.account()
    take_back(make.order(igor), 30)
    gift = {
        "account_id": igor.id,
        "points": 50,
        "source": "campaign",
        "reference": "ОСЕНЬ",
        "once_key": "use:1",
        "now": NOON,
        "expires_at": SOON,
    }

    assert (grant(**gift), grant(**gift)) == (True, False)

    assert lots(igor) == [("campaign", 20, 20)]
    assert balance(igor) == 20


def test_a_gift_that_pays_only_the_debt_opens_no_lot(inside, make):
    igor = make.account()
    take_back(make.order(igor), 30)

    given(igor, 30, until=SOON)

    assert (lots(igor), balance(igor)) == ([], 0)


@pytest.mark.parametrize(("points", "until"), [(0, SOON), (-1, SOON), (5, NOON)])
def test_a_gift_of_nothing_is_a_mistake(inside, make, points, until):
    igor = make.account()

    with pytest.raises(ValueError, match="points that can be used"):
        given(igor, points, until=until)

    assert (lots(igor), entries()) == ([], 0)
