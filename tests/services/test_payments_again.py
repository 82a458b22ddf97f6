"""Paying again: an attempt that failed makes room for another, one that may still bring money never does."""

from datetime import timedelta

import pytest
from conftest import NOON
from paying import BACK
from sqlalchemy.exc import NoResultFound

from shop.gateways.payments import Rejected, Unknown
from shop.queries.payments import payment_of
from shop.services.payments import catch_up, pay_again, poll_pending, start, sync

LATER = NOON + timedelta(minutes=1)


def test_an_attempt_that_never_reached_the_gateway_ends_and_another_may_begin(paying):
    bought = paying.order(minutes=3 * 24 * 60)
    paying.bank.trouble("create", Unknown("no answer"))
    start(attempt_id=bought.attempt_id, return_to=BACK, now=NOON)

    poll_pending(now=NOON + timedelta(hours=23))
    pay_at = pay_again(
        paying=payment_of(account_id=bought.account.id, number=bought.number),
        return_to=BACK,
        now=NOON + timedelta(hours=24),
    )

    assert paying.attempts(bought) == ["canceled", "pending"]
    assert pay_at


def test_a_rejected_attempt_ends_and_a_new_one_has_a_new_key(paying):
    bought = paying.order()
    paying.bank.trouble("create", Rejected("invalid_request", "amount"))

    assert start(attempt_id=bought.attempt_id, return_to=BACK, now=NOON) is None
    assert pay_again(
        paying=payment_of(account_id=bought.account.id, number=bought.number),
        return_to=BACK,
        now=LATER,
    )

    assert paying.attempts(bought) == ["rejected", "pending"]
    assert len(paying.bank.keys) == 1


def test_a_declined_payment_leaves_the_order_payable(paying):
    bought = paying.order()
    paying.bank.end(paying.at_the_bank(bought), "canceled", "insufficient_funds")
    sync(attempt_id=bought.attempt_id, now=LATER)

    stands = payment_of(account_id=bought.account.id, number=bought.number)
    assert (stands.stands, stands.cancel_reason) == ("refused", "insufficient_funds")
    assert paying.letters() == ["order_accepted"]

    assert pay_again(
        paying=payment_of(account_id=bought.account.id, number=bought.number),
        return_to=BACK,
        now=LATER,
    )
    assert paying.attempts(bought) == ["canceled", "pending"]


def test_paying_again_leads_to_the_payment_that_is_still_open(paying):
    bought = paying.order()
    first = start(attempt_id=bought.attempt_id, return_to=BACK, now=NOON)

    again = pay_again(
        paying=payment_of(account_id=bought.account.id, number=bought.number),
        return_to=BACK,
        now=LATER,
    )

    assert again == first
    assert paying.attempts(bought) == ["pending"]


def test_paying_again_finds_that_it_is_paid_already(paying):
    bought = paying.order()
    paying.bank.end(paying.at_the_bank(bought), "succeeded")

    again = pay_again(
        paying=payment_of(account_id=bought.account.id, number=bought.number),
        return_to=BACK,
        now=LATER,
    )

    assert again is None
    assert paying.attempts(bought) == ["succeeded"]


def test_paying_again_asks_a_silent_gateway_only_once(paying):
    bought = paying.order()
    paying.bank.trouble("create", Unknown("hung"), times=3)
    start(attempt_id=bought.attempt_id, return_to=BACK, now=NOON)

    assert not pay_again(
        paying=payment_of(account_id=bought.account.id, number=bought.number),
        return_to=BACK,
        now=LATER,
    )
    assert paying.bank.calls == ["create", "create"]


def test_somebody_elses_order_is_not_found(paying):
    bought = paying.order()
    stranger = paying.make.account()

    with pytest.raises(NoResultFound):
        pay_again(
            paying=payment_of(account_id=stranger.id, number=bought.number),
            return_to=BACK,
            now=LATER,
        )
    assert paying.attempts(bought) == ["new"]


def test_whoever_changes_the_way_all_the_time_makes_us_ask_about_the_newest_only(paying):
    bought = paying.order()
    for turn in range(8):
        pay_again(
            paying=payment_of(account_id=bought.account.id, number=bought.number),
            method=("sbp", "bank_card")[turn % 2],
            return_to=BACK,
            now=LATER,
        )
    assert len(paying.bank.payments) == 8
    paying.bank.calls.clear()

    states = catch_up(order_id=bought.order_id, certificate_id=None, now=LATER)

    assert paying.bank.calls == ["fetch"] * 5
    assert list(states.values()) == ["canceled"] * 4 + ["pending"]
