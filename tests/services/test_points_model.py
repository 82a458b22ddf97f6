"""Whatever happens to points in whatever order: what is left in the lots is the balance in the books, or it is a debt."""

import itertools
import os
from datetime import timedelta

import pytest
from earning import adds_up, balance, given, hold, lots, put_back, redeem
from factories import NOON
from hypothesis import HealthCheck, settings
from hypothesis import given as play
from hypothesis import strategies as st

from shop.queries.ledger import balances_of
from shop.services.points import NotEnoughPoints, claw_back, expire_due, mature_due, promise

DAY = timedelta(days=1)
AMOUNT = st.integers(1, 60)
STEPS = st.one_of(
    st.tuples(st.just("gift"), AMOUNT, st.integers(1, 90)),
    st.tuples(st.just("hold"), AMOUNT, st.integers(0, 1)),
    st.tuples(st.just("redeem"), AMOUNT, st.integers(0, 1)),
    st.tuples(st.just("release"), AMOUNT, st.integers(0, 1)),
    st.tuples(st.just("restore"), AMOUNT, st.integers(0, 1)),
    st.tuples(st.just("promise"), AMOUNT, st.integers(0, 3)),
    st.tuples(st.just("claw"), AMOUNT, st.integers(0, 1)),
    st.tuples(st.just("wait"), st.integers(1, 25), st.just(0)),
    st.tuples(st.just("expire"), st.just(0), st.just(0)),
)
KEYS = itertools.count(1)
# `POINTS_LIVES=200` is a long run.
LIVES = {"sqlite": 12, "postgresql": 3}


class Life:
    """A customer with two orders of two parcels each, and what we believe of the points."""

    def __init__(self, make):
        self.account = make.account()
        goods = [make.product(), make.product()]
        self.orders = [
            make.order(self.account, *goods, state="received", parcels=2) for _ in range(2)
        ]
        self.parcels = [
            (order, parcel) for order in self.orders for parcel in make.parcel_ids(order.id)
        ]
        self.now, self.held, self.spent, self.clawed = NOON, [0, 0], [0, 0], 0

    def gift(self, points, days):
        given(
            self.account,
            points,
            until=self.now + days * DAY,
            key=f"gift-{next(KEYS)}",
            now=self.now,
        )

    def hold(self, points, which):
        usable = sum(lot[2] for lot in lots(self.account))
        try:
            hold(order=self.orders[which], points=points, now=self.now, key=f"hold-{next(KEYS)}")
        except NotEnoughPoints:
            return
        assert usable >= points
        self.held[which] += points

    def redeem(self, points, which):
        part = min(points, self.held[which])
        redeem(order=self.orders[which], points=part, now=self.now, key=f"pay-{next(KEYS)}")
        self.held[which] -= part
        self.spent[which] += part

    def release(self, points, which):
        self._back(self.held, points, which, spent=False)

    def restore(self, points, which):
        self._back(self.spent, points, which, spent=True)

    def _back(self, where, points, which, *, spent):
        part = min(points, where[which])
        order, key = self.orders[which], f"back-{next(KEYS)}"
        put_back(order=order, points=part, now=self.now, key=key, spent=spent)
        where[which] -= part

    def promise(self, points, which):
        order, parcel_id = self.parcels[which]
        if not parcel_id:
            return
        self.parcels[which] = (order, 0)  # A parcel is handed over once.
        promise(
            account_id=self.account.id,
            order_id=order.id,
            number=order.number,
            parcel_id=parcel_id,
            points=points,
            now=self.now,
            return_days=7,
        )

    def claw(self, points, which):
        order = self.orders[which]
        taken = claw_back(
            account_id=self.account.id,
            order_id=order.id,
            number=order.number,
            points=points,
            once_key=f"claw-{next(KEYS)}",
            now=self.now,
        )
        assert taken.promised + taken.had + taken.owed == points
        self.clawed += points

    def wait(self, days, _nothing):
        self.now += days * DAY
        mature_due(now=self.now)

    def expire(self, _nothing, _either):
        expire_due(now=self.now)

    def check(self):
        found = balance(self.account)
        assert adds_up(self.account)
        assert found >= -self.clawed
        assert balances_of(account_id=self.account.id).points_held == sum(self.held)


@pytest.mark.parametrize("with_claws", [False, True])
def test_lots_and_books_never_part(inside, make, database, with_claws):
    @settings(
        max_examples=int(os.environ.get("POINTS_LIVES", LIVES[database])),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @play(st.lists(STEPS, min_size=5, max_size=25))
    def live(steps):
        life = Life(make)
        for name, amount, which in steps:
            if name == "claw" and not with_claws:
                continue
            getattr(life, name)(amount, which)
            life.check()

    live()
