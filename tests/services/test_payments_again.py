"""Paying again: an attempt that failed makes room for another, one that may still bring money never does."""

from datetime import timedelta

import pytest
from conftest import NOON
from paying import BACK
from sqlalchemy.exc import NoResultFound

from shop.gateways.payments import Rejected, Unknown
from shop.gateways.payments.fake import FakeGateway
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


def by_bonuses(paying, bought, now):
    return pay_again(
        paying=payment_of(account_id=bought.account.id, number=bought.number),
        method="spasibo",
        return_to=BACK,
        now=now,
    )


def test_while_one_gateway_is_silent_another_takes_the_payment(paying):
    bought = paying.order()
    other = paying.app.extensions["shop_gateways"]["sber"] = FakeGateway()
    paying.bank.trouble("create", Unknown("hung"), times=100)
    start(attempt_id=bought.attempt_id, return_to=BACK, now=NOON)

    pay_at = by_bonuses(paying, bought, LATER)

    assert paying.attempts(bought) == ["canceled", "pending"]
    assert pay_at == payment_of(account_id=bought.account.id, number=bought.number).pay_at
    other.end(paying.attempt(bought.attempt_id + 1).gateway_ref, "succeeded")
    sync(attempt_id=bought.attempt_id + 1, now=LATER)
    assert paying.attempts(bought) == ["canceled", "succeeded"]


def test_what_was_left_behind_unheard_is_never_opened_anew_and_ends_when_the_gateway_is_back(
    paying,
):
    bought = paying.order()
    paying.app.extensions["shop_gateways"]["sber"] = FakeGateway()
    paying.bank.trouble("create", Unknown("hung"))
    start(attempt_id=bought.attempt_id, return_to=BACK, now=NOON)
    paying.bank.trouble("create", Unknown("hung"))
    by_bonuses(paying, bought, LATER)
    paying.bank.calls.clear()

    sync(attempt_id=bought.attempt_id, now=LATER + timedelta(minutes=1))

    assert "create" not in paying.bank.calls and paying.bank.payments == {}
    left = paying.attempt(bought.attempt_id)
    assert left.state == "canceled" and left.settled_at is not None


def test_money_that_a_left_behind_payment_brings_all_the_same_goes_back(paying):
    bought = paying.order()
    other = paying.app.extensions["shop_gateways"]["sber"] = FakeGateway()
    paying.bank.trouble("create", Unknown("lost"), after=True, times=2)
    start(attempt_id=bought.attempt_id, return_to=BACK, now=NOON)
    by_bonuses(paying, bought, LATER)
    other.end(paying.attempt(bought.attempt_id + 1).gateway_ref, "succeeded")
    sync(attempt_id=bought.attempt_id + 1, now=LATER)
    paying.bank.end(next(iter(paying.bank.payments)), "succeeded")

    sync(attempt_id=bought.attempt_id, now=LATER + timedelta(minutes=1))

    first = paying.attempt(bought.attempt_id)
    assert (first.state, first.is_surplus) == ("succeeded", True)
    assert len(paying.refunds()) == 1


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
