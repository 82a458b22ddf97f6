"""What the gateway says, applied: only ever forwards, and its effects once, however often it is told."""

import logging
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import update

from shop.db import db, use_case
from shop.db.guarded import changed
from shop.gateways.payments import GwPayment
from shop.models.payments import PaymentAttempt
from shop.rules.payments import OPEN, RANK, states_below
from shop.services.certificates import mark_sold
from shop.services.ledger import Came, keep_surplus
from shop.services.orders import mark_paid
from shop.services.payments.refunds import owe_back
from shop.services.receipts import receipts_for_surplus

log = logging.getLogger("shop.payments")


@use_case
def settle(*, attempt_id: int, found: GwPayment, now: datetime) -> str:
    """Note how an attempt stands at the gateway, with all that follows, and return its state.

    Whoever makes the attempt move has the effects; whoever comes second finds that it has moved.
    """
    attempt = db.session.get_one(PaymentAttempt, attempt_id)
    if attempt.state in {"succeeded", "mismatch"}:
        if attempt.state == "succeeded" and found.status == "canceled":
            log.error("payment attempt %s succeeded, and now the gateway says canceled", attempt_id)
        return attempt.state
    wrong = _what_differs(attempt, found)
    if wrong:
        log.error(
            "payment attempt %s doesn't match the gateway's %s: %s", attempt_id, found.ref, wrong
        )
        _move(
            attempt_id,
            (*OPEN, "canceled", "rejected"),
            state="mismatch",
            cancel_reason=wrong,
            settled_at=now,
        )
    elif found.status in RANK:
        _move(
            attempt_id,
            states_below(found.status),
            state=found.status,
            pay_at=found.pay_at,
            pay_form=dict(found.pay_form) or None,
        )
    elif found.status == "succeeded":
        _succeed(attempt, found, now)
    else:
        _cancel(attempt, found, now)
    # Where another number or another attempt is told, it may be another payment altogether.
    is_another = {"ref", "attempt"} & set(wrong.split(", "))
    known = {} if is_another else {"gateway_ref": found.ref}
    _move(attempt_id, None, looked_at=now, **known)
    db.session.refresh(attempt)
    return attempt.state


def _what_differs(attempt: PaymentAttempt, found: GwPayment) -> str:
    """Return what of a found payment isn't as it was asked for; such money buys nothing by itself."""
    is_test_shop = not current_app.extensions["shop_config"].is_production
    differs = {
        "ref": attempt.gateway_ref is not None and attempt.gateway_ref != found.ref,
        "amount": attempt.amount_kopecks != found.amount_kopecks,
        "currency": found.currency != "RUB",
        "attempt": found.metadata.get("attempt_id") != str(attempt.id),
        "test": found.is_test != is_test_shop,
    }
    return ", ".join(name for name, does_differ in differs.items() if does_differ)


def _succeed(attempt: PaymentAttempt, found: GwPayment, now: datetime) -> None:
    if attempt.state == "canceled" and attempt.settled_at is not None:
        log.error(
            "payment attempt %s was canceled at the gateway, and now it succeeded", attempt.id
        )
    won = _move(
        attempt.id,
        (*OPEN, "canceled", "rejected"),
        state="succeeded",
        cancel_reason="",
        card_last4=found.card_last4,
        card_scheme=found.card_scheme,
        bonus_kopecks=found.bonus_kopecks,
        settled_at=now,
    )
    if not won:
        return
    came = Came(attempt.id, attempt.gateway, found.amount_kopecks, found.bonus_kopecks)
    if not _is_spent(attempt, came, now):
        _move(attempt.id, None, is_surplus=True)
        keep_surplus(came=came, now=now)
        send_back_whole(attempt_id=attempt.id, now=now)


@use_case
def send_back_whole(*, attempt_id: int, now: datetime) -> None:
    """Owe all of a payment that nobody waited for to its payer, with both its receipts."""
    attempt = db.session.get_one(PaymentAttempt, attempt_id, populate_existing=True)
    amount = attempt.amount_kopecks
    key = f"surplus-{attempt.id}"
    refund_id = owe_back(
        attempt_id=attempt.id, amount_kopecks=amount, reason="surplus", once_key=key, now=now
    )
    receipts_for_surplus(
        order_id=attempt.order_id,
        certificate_id=attempt.certificate_id,
        attempt_id=attempt.id,
        amount_kopecks=amount,
        refund_id=refund_id,
        now=now,
    )


def _is_spent(attempt: PaymentAttempt, came: Came, now: datetime) -> bool:
    """Give the money to what it was meant for; False when that waits for it no more."""
    if attempt.order_id is not None:
        return mark_paid(order_id=attempt.order_id, came=came, now=now)
    return mark_sold(certificate_id=attempt.certificate_id or 0, came=came, now=now)


def _cancel(attempt: PaymentAttempt, found: GwPayment, now: datetime) -> None:
    moved = _move(
        attempt.id,
        OPEN,
        state="canceled",
        cancel_reason=found.cancel_reason,
        settled_at=now,
        pay_at="",
    )
    if not moved and attempt.settled_at is None:  # We had dropped it; now that is certain.
        _move(attempt.id, ("canceled",), settled_at=now)


def _move(attempt_id: int, states: tuple[str, ...] | None, **values: Any) -> bool:
    """Change an attempt if it is in one of `states`; True when this call did."""
    change = update(PaymentAttempt).where(PaymentAttempt.id == attempt_id).values(**values)
    if states is not None:
        change = change.where(PaymentAttempt.state.in_(states))
    return bool(changed(change))
