"""A gateway that knows no keys would send the same money twice: it is asked by one at a time, and not again within minutes."""

import time
from datetime import timedelta

import pytest
from factories import NOON
from returning import CARRIAGE, CUP, TEAPOT, returning  # noqa: F401  (the fixture)
from signing import together
from squaring import assert_books_are_right, refunds

from shop.gateways.payments import Unknown
from shop.rules.payments import ASKED_ANEW_AFTER
from shop.services.notices import NotYet
from shop.services.payments import reconcile, send_back

TOTAL = 3 * TEAPOT + 2 * CUP + 2 * CARRIAGE


@pytest.fixture
def owed(returning):  # noqa: F811
    """A refund that waits to be sent by a slow gateway which forgets every key at once; its number."""
    bank = returning.paying.bank
    bank.has_keys, refund = False, bank.refund

    def slow(request, key):
        time.sleep(0.2)
        try:
            return refund(request, key)
        finally:
            bank.keys.clear()

    bank.refund = slow
    order = returning.order(points=0, promo=0, balance=0)
    returning.cancel(order, order.everything)
    yield returning.paying.refunds()[0].id
    assert sum(one.amount_kopecks for one in bank.refunds.values()) == TOTAL
    assert refunds() == [("succeeded", TOTAL)]
    assert_books_are_right()


def test_of_two_who_send_at_once_one_does(inside, returning, owed):  # noqa: F811
    came = together(
        inside,
        lambda: send_back(refund_id=owed, now=NOON),
        lambda: send_back(refund_id=owed, now=NOON),
    )

    assert sorted(map(str, came)) == [f"refund {owed} was asked for just now", "succeeded"]


def test_the_nightly_comparison_sends_nothing_that_the_outbox_is_sending(inside, returning, owed):  # noqa: F811
    came = together(
        inside,
        lambda: send_back(refund_id=owed, now=NOON),
        lambda: (time.sleep(0.1), reconcile(now=NOON))[1],
    )

    assert came == ["succeeded", {"yookassa": 0}]


def test_after_a_lost_answer_it_is_asked_again_when_its_sums_must_tell(returning, owed):  # noqa: F811
    bank = returning.paying.bank
    bank.trouble("refund", Unknown("no answer"))
    with pytest.raises(Unknown):
        send_back(refund_id=owed, now=NOON)
    asked = bank.calls.count("refund")

    with pytest.raises(NotYet):
        send_back(refund_id=owed, now=NOON + ASKED_ANEW_AFTER - timedelta(seconds=1))

    assert bank.calls.count("refund") == asked
    assert send_back(refund_id=owed, now=NOON + ASKED_ANEW_AFTER) == "succeeded"
