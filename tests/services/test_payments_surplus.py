"""Deadlines, and money that comes when nobody waits for it: it goes back by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from conftest import NOON
from paying import BACK, Paying
from sqlalchemy import select

from shop.db import db
from shop.gateways.payments import Rejected, Unknown
from shop.models import Order
from shop.queries.payments import money_troubles, payment_of
from shop.services.payments import accept_notice, expire_unpaid, pay_again, poll_pending, sync

LATER = NOON + timedelta(minutes=1)
OVER = NOON + timedelta(minutes=31)


@pytest.fixture
def paying(inside, make):
    return Paying(inside, make)


def test_an_order_unpaid_in_time_is_dropped_and_its_goods_come_back(paying):
    bought = paying.order(quantity=3)
    assert paying.stock(bought) == 7

    assert expire_unpaid(now=NOON + timedelta(minutes=29)) == 0
    assert expire_unpaid(now=OVER) == 1
    assert expire_unpaid(now=OVER) == 0

    assert paying.order_state(bought) == "expired"
    assert paying.stock(bought) == 10
    assert paying.attempts(bought) == ["canceled"]


def test_a_last_look_finds_what_was_paid_in_time(paying):
    bought = paying.order()
    paying.bank.end(paying.at_the_bank(bought), "succeeded")

    assert expire_unpaid(now=OVER) == 0

    assert paying.order_state(bought) == "paid"
    assert paying.stock(bought) == 8


def test_while_the_gateway_is_away_an_order_gets_more_time_but_not_for_ever(paying):
    bought = paying.order()
    paying.at_the_bank(bought)
    paying.bank.trouble("fetch", Unknown("away"), times=3)

    assert expire_unpaid(now=OVER) == 0
    assert paying.order_state(bought) == "awaiting_payment"
    assert expire_unpaid(now=OVER + timedelta(minutes=30)) == 1
    assert paying.order_state(bought) == "expired"


def test_a_lost_answer_is_looked_for_before_the_order_is_dropped(paying):
    bought = paying.order()
    paying.bank.trouble("create", Unknown("no answer"), after=True)
    paying.at_the_bank(bought)
    paying.bank.end(next(iter(paying.bank.payments)), "succeeded")

    assert expire_unpaid(now=OVER) == 0

    assert paying.order_state(bought) == "paid"
    assert paying.bank.calls == ["create", "list_since"]


def late_success(paying):
    bought = paying.order()
    ref = paying.at_the_bank(bought)
    expire_unpaid(now=OVER)
    paying.bank.end(ref, "succeeded")
    poll_pending(now=OVER + timedelta(minutes=2))
    return bought


def test_a_late_success_pays_nothing_and_goes_back_by_itself(paying):
    bought = late_success(paying)
    assert paying.order_state(bought) == "expired"
    assert paying.stock(bought) == 10
    assert payment_of(account_id=bought.account.id, number=bought.number).stands == "surplus"

    paying.work(OVER + timedelta(minutes=3))

    refund = paying.refunds()[0]
    assert (refund.state, refund.amount_kopecks) == ("succeeded", bought.total_kopecks)
    assert [kept.amount_kopecks for kept in paying.bank.refunds.values()] == [bought.total_kopecks]
    assert paying.letters() == ["order_accepted", "payment_returned"]
    assert paying.facts("payment_returned")["is_surplus"] is True


def test_a_late_refusal_is_simply_noted(paying):
    bought = paying.order()
    ref = paying.at_the_bank(bought)
    expire_unpaid(now=OVER)
    paying.bank.end(ref, "canceled", "expired_on_confirmation")

    poll_pending(now=OVER + timedelta(minutes=2))

    assert paying.refunds() == []
    assert paying.attempt(bought.attempt_id).settled_at is not None
    assert poll_pending(now=OVER + timedelta(hours=2)) == 0


def test_of_two_attempts_that_both_bring_money_one_goes_back(paying):
    bought = paying.order()
    first = paying.at_the_bank(bought)
    paying.bank.end(first, "canceled", "general_decline")
    sync(attempt_id=bought.attempt_id, now=LATER)
    pay_again(
        paying=payment_of(account_id=bought.account.id, number=bought.number),
        return_to=BACK,
        now=LATER,
    )
    second = next(ref for ref in paying.bank.payments if ref != first)
    paying.bank.end(second, "succeeded")
    poll_pending(now=LATER + timedelta(minutes=1))
    assert paying.attempts(bought) == ["canceled", "succeeded"]

    # The gateway changes its mind about the first: a person is told, the money goes back.
    paying.bank.end(first, "succeeded")
    accept_notice(
        gateway="yookassa",
        event="payment.succeeded",
        ref=first,
        body=paying.bank.notice(first),
        now=LATER,
    )
    paying.work(LATER + timedelta(minutes=2))

    assert paying.order_state(bought) == "paid"
    assert paying.attempts(bought) == ["succeeded", "succeeded"]
    assert paying.attempt(bought.attempt_id).is_surplus
    assert [refund.payment_ref for refund in paying.bank.refunds.values()] == [first]


def test_an_order_shows_the_way_that_brought_the_money_not_the_one_chosen_last(paying):
    bought = paying.order(method="bank_card")
    first = paying.at_the_bank(bought)
    pay_again(
        paying=payment_of(account_id=bought.account.id, number=bought.number),
        method="sbp",
        return_to=BACK,
        now=LATER,
    )
    assert method_of(bought) == "sbp"

    paying.bank.end(first, "succeeded")
    sync(attempt_id=bought.attempt_id, now=LATER + timedelta(minutes=1))

    assert paying.order_state(bought) == "paid"
    assert method_of(bought) == "bank_card"

    # The payment by the other way comes too: it goes back, and pays nothing.
    second = next(ref for ref in paying.bank.payments if ref != first)
    paying.bank.end(second, "succeeded")
    poll_pending(now=LATER + timedelta(minutes=9))

    assert paying.attempts(bought) == ["succeeded", "succeeded"]
    assert method_of(bought) == "bank_card"


def method_of(bought):
    db.session.rollback()
    return db.session.scalars(select(Order.payment_method).where(Order.id == bought.order_id)).one()


@pytest.mark.parametrize("happened", [True, False])
def test_a_refund_whose_answer_was_lost_happens_once(paying, happened):
    late_success(paying)
    paying.bank.trouble("refund", Unknown("no answer"), after=happened)

    paying.work(OVER + timedelta(minutes=3))
    assert paying.refunds()[0].state == "unknown"
    paying.work(OVER + timedelta(minutes=4))

    assert paying.refunds()[0].state == "succeeded"
    assert len(paying.bank.refunds) == 1


def test_a_refund_under_an_old_key_is_looked_for_in_the_list_first(paying):
    late_success(paying)
    paying.bank.trouble("refund", Unknown("no answer"), after=True)
    paying.work(OVER + timedelta(minutes=3))

    paying.work(OVER + timedelta(days=2))

    assert paying.refunds()[0].state == "succeeded"
    assert len(paying.bank.refunds) == 1
    money = [call for call in paying.bank.calls if "receipt" not in call]
    assert money[-2:] == ["refund", "refunds_of"]


def test_a_slow_refund_is_watched_until_it_has_arrived(paying):
    late_success(paying)
    paying.bank.next_refund = "pending"
    paying.work(OVER + timedelta(minutes=3))
    assert paying.refunds()[0].state == "pending"

    ref, refund = next(iter(paying.bank.refunds.items()))
    paying.bank.refunds[ref] = replace(refund, status="succeeded")
    paying.work(OVER + timedelta(minutes=4))

    assert paying.refunds()[0].state == "succeeded"
    assert paying.letters().count("payment_returned") == 1


@pytest.mark.parametrize("way", ["canceled", "rejected"])
def test_a_failed_refund_stays_in_sight_of_the_staff(paying, way):
    bought = late_success(paying)
    if way == "canceled":
        paying.bank.next_refund = "canceled"
    else:
        paying.bank.trouble("refund", Rejected("insufficient_funds"))

    paying.work(OVER + timedelta(minutes=3))
    paying.work(OVER + timedelta(hours=3))

    assert paying.refunds()[0].state == "manual_due"
    assert paying.letters() == ["order_accepted", "payout_wanted"]
    trouble = money_troubles()[0]
    assert (trouble.number, trouble.what, trouble.problem) == (
        bought.number,
        "refund_failed",
        "insufficient_funds",
    )
    assert trouble.amount_kopecks == bought.total_kopecks
