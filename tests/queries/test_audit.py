"""The audit of a shop whose books are in order finds nothing; broken on purpose, each rule finds what is broken."""

import pytest
from auditing import SOON, busy

from shop.queries.audit import RULES, run_audit


@pytest.mark.parametrize(
    "state", ["awaiting_payment", "paid", "assembling", "shipped", "received", "expired"]
)
def test_finds_nothing_about_an_order_that_came_so_far(inside, make, state):
    make.order(make.account(), make.product(), make.product(), state=state, parcels=2)

    assert run_audit(now=SOON) == []


def test_finds_nothing_in_a_busy_shop(inside, make):
    busy(make)

    assert run_audit(now=SOON) == []


def test_asks_all_eighteen_questions():
    assert list(RULES) == list(range(1, 19))
