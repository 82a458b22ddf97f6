"""Receipts of money that goes back late, that its owner keeps here after all, or that nobody had waited for."""

from dataclasses import replace
from datetime import timedelta

import pytest
from factories import NOON
from receipting import TOTAL, lines, plain, receipts, send, settled, told
from returning import CARRIAGE, CUP, TEAPOT, returning  # noqa: F401  (the fixture)
from squaring import books_are_right  # noqa: F401  (the fixture)

from shop.gateways.payments import Rejected
from shop.queries.audit import run_audit
from shop.rules.receipts import LATE
from shop.services.notices import NotYet
from shop.services.payments import send_back, start, sync, take_to_balance


def test_a_receipt_is_late_a_day_after_the_money_has_gone_back_however_long_that_took(
    returning,  # noqa: F811
):
    order, bank = plain(returning), returning.paying.bank
    bank.next_refund = "pending"
    returning.cancel(order, order.everything)
    returning.work()
    days_later = NOON + timedelta(days=3)
    assert late(days_later) == []

    ref, pending = next(iter(bank.refunds.items()))
    bank.refunds[ref] = replace(pending, status="succeeded")
    send_back(refund_id=receipts()[-1].refund_id, now=days_later)

    assert late(days_later + LATE) == []
    assert late(days_later + LATE + timedelta(minutes=1)) == [order.number]


def late(now):
    """What the audit calls late among the receipts of money that went back."""
    found = run_audit(now=now)
    return [one.about for one in found if (one.kind, one.found) == ("receipt_late", "refund")]


def test_money_that_its_owner_took_onto_the_balance_at_once_leaves_its_receipt_to_people(
    returning,  # noqa: F811
):
    order = plain(returning)
    returning.paying.bank.next_refund = "canceled"
    returning.cancel(order, order.everything)
    refund_id = receipts()[-1].refund_id
    with pytest.raises(NotYet):
        send(receipts()[-1])
    assert send_back(refund_id=refund_id, now=NOON) == "manual_due"

    take_to_balance(refund_id=refund_id, now=NOON)

    _, back, anew = receipts()
    assert send(back) == "by_hand"
    assert receipts()[1].problem == "refund_by_hand"
    # Given back it is, and paid in anew: for what, its owner hasn't chosen yet.
    assert (anew.kind, anew.state, anew.once_key) == (
        "balance_in",
        "by_hand",
        f"rf:{refund_id}:ok",
    )
    assert (anew.order_id, lines(anew)) == (
        order.order_id,
        [("Зачисление на личный счёт", 1, TOTAL)],
    )
    assert settled(anew) == {"cashless": TOTAL}


def test_money_that_nobody_waits_for_has_both_its_receipts(returning):  # noqa: F811
    from shop.services.orders import expire_order

    order = returning.order(points=0, promo=0, balance=0, stage="unpaid")
    start(attempt_id=order.attempt_id, return_to="http://localhost/", now=NOON)
    expire_order(order_id=order.order_id, now=NOON)
    attempt = returning.paying.attempt(order.attempt_id)
    returning.paying.bank.end(attempt.gateway_ref, "succeeded")

    sync(attempt_id=order.attempt_id, now=NOON)

    assert told() == [("payment", "queued", TOTAL), ("refund", "queued", TOTAL)]
    returning.work()
    assert told() == [("payment", "registered", TOTAL), ("refund", "registered", TOTAL)]
    assert returning.paying.bank.calls.count("register_receipt") == 0


def test_surplus_money_whose_receipt_did_not_ride_along_is_an_advance(returning):  # noqa: F811
    from shop.services.orders import expire_order

    order = returning.order(stage="unpaid")
    start(attempt_id=order.attempt_id, return_to="http://localhost/", now=NOON)
    expire_order(order_id=order.order_id, now=NOON)
    returning.paying.bank.end(returning.paying.attempt(order.attempt_id).gateway_ref, "succeeded")

    sync(attempt_id=order.attempt_id, now=NOON)

    outside = order.funding.outside_kopecks
    name = f"Оплата заказа {order.number}"
    assert [lines(one) for one in receipts()] == [[(name, 1, outside)]] * 2
    returning.work()
    returning.work()
    assert told() == [("payment", "registered", outside), ("refund", "registered", outside)]


def test_surplus_money_that_its_owner_took_onto_the_balance_is_an_advance_too(returning):  # noqa: F811
    from shop.services.orders import expire_order

    order = plain(returning, stage="unpaid")
    start(attempt_id=order.attempt_id, return_to="http://localhost/", now=NOON)
    expire_order(order_id=order.order_id, now=NOON)
    returning.paying.bank.end(returning.paying.attempt(order.attempt_id).gateway_ref, "succeeded")
    sync(attempt_id=order.attempt_id, now=NOON)
    returning.paying.bank.trouble("refund", Rejected("insufficient_funds"))
    refund_id = returning.paying.refunds()[0].id
    assert send_back(refund_id=refund_id, now=NOON) == "manual_due"

    take_to_balance(refund_id=refund_id, now=NOON)

    assert [(one.kind, one.once_key, one.amount_kopecks) for one in receipts()] == [
        ("payment", f"att:{order.attempt_id}:surplus", TOTAL),
        ("refund", f"rf:{refund_id}:ok", TOTAL),
        ("balance_in", f"rf:{refund_id}:balance", TOTAL),
    ]
