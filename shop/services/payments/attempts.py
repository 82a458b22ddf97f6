"""An attempt at paying: opened with its order, then said to the gateway under a key that was kept before."""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update

from shop.db import db, errand, use_case
from shop.gateways.payments import GatewayProblem, Intent, Rejected, gateway_of
from shop.models.payments import PaymentAttempt
from shop.queries.payments import Paying, bill_of, due_of, open_payment_of
from shop.rules.payments import METHODS, NOT_TOLD
from shop.services.orders import choose_method
from shop.services.payments.looking import catch_up
from shop.services.payments.settling import settle

log = logging.getLogger("shop.payments")


@dataclass(frozen=True, slots=True)
class _Call:
    gateway: str
    request: dict[str, Any]
    key: str


@use_case
def open_attempt(
    *,
    order_id: int | None = None,
    certificate_id: int | None = None,
    amount_kopecks: int,
    method: str,
    now: datetime,
) -> int:
    """Write down that an order or a certificate is to be paid, and return the attempt; the open one, if one is.

    `method` is one of rules/payments.METHODS that goes through a gateway; exactly one of the two ids is given.
    """
    open_one = open_payment_of(order_id=order_id, certificate_id=certificate_id)
    if open_one is not None:
        return open_one
    attempt = PaymentAttempt(
        order_id=order_id,
        certificate_id=certificate_id,
        gateway=METHODS[method].gateway,
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

    Where the gateway wants a form that is `return_to`: the page of the payment's state has it. None when there is
    nowhere to pay: the gateway is away (the worker goes on asking under the same key), it refused, or no money is
    awaited any more.
    """
    attempt = db.session.get_one(PaymentAttempt, attempt_id)
    if attempt.state == "pending":
        return _way(attempt.pay_at, attempt.pay_form, return_to)
    if attempt.state not in NOT_TOLD:
        return None
    request = attempt.request or _request(attempt, return_to)
    call = _begin_sending(attempt_id=attempt_id, request=request, now=now)
    return _send(attempt_id, call, return_to, now) if call else None


@errand
def pay_again(
    *, paying: Paying, method: str | None = None, return_to: str, now: datetime
) -> str | None:
    """Return the address where a customer pays: the open attempt's, or a new one's.

    With another `method` the open attempt is left behind, also one whose gateway is silent; should it bring money all
    the same, one of the two goes back by itself.
    """
    states = catch_up(order_id=paying.order_id, certificate_id=paying.certificate_id, now=now)
    state, wanted = states.get(paying.attempt_id or 0), method or paying.method
    is_same_gateway = METHODS[wanted].gateway == METHODS[paying.method].gateway
    if state == "sending" or (state == "unknown" and is_same_gateway):
        return None  # It has just been asked; nobody waits for it twice.
    attempt_id = _attempt_to_pay(
        order_id=paying.order_id,
        certificate_id=paying.certificate_id,
        method=wanted,
        now=now,
    )
    return start(attempt_id=attempt_id, return_to=return_to, now=now) if attempt_id else None


@use_case
def _attempt_to_pay(
    *, order_id: int | None, certificate_id: int | None, method: str, now: datetime
) -> int | None:
    due = due_of(order_id=order_id, certificate_id=certificate_id)
    if not due.is_due(now) or not METHODS[method].takes(due.amount_kopecks):
        return None
    open_one = open_payment_of(order_id=order_id, certificate_id=certificate_id)
    if open_one is not None and not _is_left_behind(open_one, method, now):
        return open_one
    if order_id is not None:
        choose_method(order_id=order_id, method=method)
    return open_attempt(
        order_id=order_id,
        certificate_id=certificate_id,
        amount_kopecks=due.amount_kopecks,
        method=method,
        now=now,
    )


def _is_left_behind(attempt_id: int, method: str, now: datetime) -> bool:
    """Drop the open attempt if another way to pay is wanted; one that the gateway knows is watched to its end."""
    attempt = db.session.get_one(PaymentAttempt, attempt_id)
    if attempt.method == method or attempt.state not in {"new", "unknown", "pending"}:
        return False
    attempt.settled_at = now if attempt.state == "new" else None
    attempt.state, attempt.cancel_reason, attempt.pay_at = "canceled", "other_method", ""
    db.session.flush()
    return True


def _request(attempt: PaymentAttempt, return_to: str) -> dict[str, Any]:
    bill = bill_of(order_id=attempt.order_id, certificate_id=attempt.certificate_id)
    return gateway_of(attempt.gateway).request_of(
        Intent(
            order_number=bill.number,
            attempt_id=attempt.id,
            amount_kopecks=attempt.amount_kopecks,
            method=attempt.method,
            return_to=return_to,
            email=bill.email,
            lines=bill.lines,
            is_certificate=bill.is_certificate,
        )
    )


@use_case
def _begin_sending(*, attempt_id: int, request: dict[str, Any], now: datetime) -> _Call | None:
    """Keep what will be asked for before it is asked; None when no money is awaited any more."""
    attempt = db.session.get_one(PaymentAttempt, attempt_id)
    due = due_of(order_id=attempt.order_id, certificate_id=attempt.certificate_id)
    if attempt.state not in NOT_TOLD or not due.is_due(now):
        return None
    attempt.state = "sending"
    attempt.looked_at = now
    attempt.request = attempt.request or request
    return _Call(attempt.gateway, attempt.request, attempt.idempotence_key)


def _send(attempt_id: int, call: _Call, return_to: str, now: datetime) -> str | None:
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
    return _way(found.pay_at, found.pay_form, return_to) if state == "pending" else None


def _way(pay_at: str, pay_form: Mapping[str, str] | None, return_to: str) -> str | None:
    return (return_to if pay_form else pay_at) or None


@use_case
def _note_answer(*, attempt_id: int, state: str, reason: str, settled_at: datetime | None) -> None:
    db.session.execute(
        update(PaymentAttempt)
        .where(PaymentAttempt.id == attempt_id, PaymentAttempt.state.in_(NOT_TOLD))
        .values(state=state, cancel_reason=reason, settled_at=settled_at)
    )
