"""An attempt at paying: opened with its order, then said to the gateway under a key that was kept before."""

import logging
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from shop.db import db, errand, use_case
from shop.gateways.payments import GatewayProblem, Intent, ReceiptLine, Rejected, gateway_of
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt
from shop.queries.payments import bill_of, open_payment_of, payment_of
from shop.rules.payments import NOT_TOLD
from shop.services.payments.looking import sync
from shop.services.payments.settling import settle

log = logging.getLogger("shop.payments")

# Every way to pay that the shop offers goes through it.
GATEWAY = "yookassa"


@dataclass(frozen=True, slots=True)
class _Call:
    gateway: str
    request: dict[str, Any]
    key: str


@use_case
def open_attempt(*, order_id: int, amount_kopecks: int, method: str, now: datetime) -> int:
    """Write down that an order is to be paid, and return the attempt; the one that is open, if one is."""
    open_one = open_payment_of(order_id=order_id)
    if open_one is not None:
        return open_one
    attempt = PaymentAttempt(
        order_id=order_id,
        gateway=GATEWAY,
        method=method,
        amount_kopecks=amount_kopecks,
        state="new",
        idempotence_key=str(uuid.uuid4()),
        opened_at=now,
    )
    db.session.add(attempt)
    db.session.flush()
    return attempt.id


@errand
def start(*, attempt_id: int, return_to: str, now: datetime) -> str | None:
    """Open the payment at the gateway and return the address where the customer pays.

    None when there is nowhere to pay: the gateway is away (the worker goes on asking under the same
    key), it refused, or the order waits for no money any more.
    """
    attempt = db.session.get_one(PaymentAttempt, attempt_id)
    if attempt.state == "pending":
        return attempt.pay_at or None
    if attempt.state not in NOT_TOLD:
        return None
    request = attempt.request or _request(attempt, return_to)
    call = _begin_sending(attempt_id=attempt_id, request=request, now=now)
    return _send(attempt_id, call, now) if call else None


@errand
def pay_again(*, account_id: int, number: str, return_to: str, now: datetime) -> str | None:
    """Return the address where a customer pays for an order: the open attempt's, or a new one's."""
    paying = payment_of(account_id=account_id, number=number)
    if paying.attempt_id is not None and paying.is_open:
        state = sync(attempt_id=paying.attempt_id, now=now)
        if state in {"sending", "unknown"}:  # It has just been asked; nobody waits for it twice.
            return None
    attempt_id = _attempt_to_pay(order_id=paying.order_id, now=now)
    return start(attempt_id=attempt_id, return_to=return_to, now=now) if attempt_id else None


@use_case
def _attempt_to_pay(*, order_id: int, now: datetime) -> int | None:
    order = db.session.get_one(Order, order_id)
    if order.state != "awaiting_payment" or order.pay_until <= now:
        return None
    return open_attempt(
        order_id=order_id, amount_kopecks=order.total_kopecks, method=order.payment_method, now=now
    )


def _request(attempt: PaymentAttempt, return_to: str) -> dict[str, Any]:
    bill = bill_of(order_id=attempt.order_id)
    lines = (
        ReceiptLine(line.name, line.quantity, line.price_kopecks, is_service=not line.name)
        for line in bill.lines
    )
    return gateway_of(attempt.gateway).request_of(
        Intent(
            order_number=bill.number,
            attempt_id=attempt.id,
            amount_kopecks=attempt.amount_kopecks,
            method=attempt.method,
            return_to=return_to,
            email=bill.email,
            lines=tuple(lines),
        )
    )


@use_case
def _begin_sending(*, attempt_id: int, request: dict[str, Any], now: datetime) -> _Call | None:
    """Keep what will be asked for before it is asked; None when the order isn't to be paid any more."""
    attempt, order = db.session.execute(
        select(PaymentAttempt, Order)
        .join(Order, Order.id == PaymentAttempt.order_id)
        .where(PaymentAttempt.id == attempt_id)
    ).one()
    is_awaited = order.state == "awaiting_payment" and now < order.pay_until
    if attempt.state not in NOT_TOLD or not is_awaited:
        return None
    attempt.state = "sending"
    attempt.looked_at = now
    attempt.request = attempt.request or request
    return _Call(attempt.gateway, attempt.request, attempt.idempotence_key)


def _send(attempt_id: int, call: _Call, now: datetime) -> str | None:
    try:
        found = gateway_of(call.gateway).create(call.request, call.key)
    except Rejected as problem:
        log.error("payment attempt %s was rejected: %s", attempt_id, problem)
        _note_answer(attempt_id=attempt_id, state="rejected", reason=problem.code, settled_at=now)
        return None
    except GatewayProblem as problem:
        log.warning("payment attempt %s: no answer (%s), to be asked again", attempt_id, problem)
        _note_answer(attempt_id=attempt_id, state="unknown", reason="", settled_at=None)
        return None
    state = settle(attempt_id=attempt_id, found=found, now=now)
    return found.pay_at or None if state == "pending" else None


@use_case
def _note_answer(*, attempt_id: int, state: str, reason: str, settled_at: datetime | None) -> None:
    db.session.execute(
        update(PaymentAttempt)
        .where(PaymentAttempt.id == attempt_id, PaymentAttempt.state.in_(NOT_TOLD))
        .values(state=state, cancel_reason=reason, settled_at=settled_at)
    )
