"""What time does: undecided payments are asked about, and unpaid orders give their goods back."""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from shop.db import errand, use_case
from shop.db.guarded import changed
from shop.db.rounds import one_by_one
from shop.gateways.payments import GatewayProblem
from shop.models.payments import PaymentAttempt
from shop.queries.payments import (
    overdue_certificates,
    overdue_orders,
    undecided_attempts,
    undecided_attempts_at,
)
from shop.rules.payments import GRACE, OPEN
from shop.services.certificates import drop_unpaid
from shop.services.orders import drop_order, expire_order
from shop.services.payments.looking import look_at, sync

log = logging.getLogger("shop.payments")

# Attempts asked about at one go; the next go is seconds away, and begins with those that waited longest.
MOST = 50


@errand
def poll_pending(*, now: datetime) -> int:
    """Ask the gateway about every attempt it hasn't decided, and return how many that were.

    So a notice that never came, and a process that died before it could act, are made up for.
    """
    found = undecided_attempts(now=now, most=MOST)
    one_by_one(
        found,
        lambda attempt_id: sync(attempt_id=attempt_id, now=now),
        log=log,
        trouble="payment attempt %s could not be looked at",
    )
    return len(found)


@errand
def expire_unpaid(*, now: datetime) -> int:
    """Drop orders and certificates that weren't paid in time, each after a last look at its payment; return how many.

    While the gateway is away an order gets some more time: its customer may have paid.
    """
    overdue = [_Thing(until, order_id=one) for one, until in overdue_orders(now=now)]
    overdue += [_Thing(until, certificate_id=one) for one, until in overdue_certificates(now=now)]
    dropped = one_by_one(
        overdue,
        lambda thing: _drop_overdue(thing, now),
        log=log,
        trouble="%s could not be dropped; it is tried again",
    )
    return sum(dropped)


def _drop_overdue(thing: "_Thing", now: datetime) -> bool:
    has_grace = thing.pay_until is not None and now < thing.pay_until + GRACE
    return (_is_certain(thing, now) or not has_grace) and _drop(thing=thing, now=now)


@dataclass(frozen=True, slots=True)
class _Thing:
    """An order or a certificate that somebody began to pay for."""

    # Until when it is to be paid; None where that is no question.
    pay_until: datetime | None = None
    order_id: int | None = None
    certificate_id: int | None = None


def _is_certain(thing: _Thing, now: datetime) -> bool:
    """True when the gateways have just said that nothing was paid, or were never told of it."""
    may_bring_money = undecided_attempts_at(
        order_id=thing.order_id, certificate_id=thing.certificate_id
    )
    try:
        states = {look_at(attempt_id=attempt_id, now=now) for attempt_id in may_bring_money}
    except GatewayProblem:
        return False
    return not states & {"sending", "unknown"}


@use_case
def call_off_unpaid(*, order_id: int, actor: str, now: datetime) -> bool:
    """Drop an order at its customer's wish before it is paid, as time would; False when it waits for its money no more."""
    is_dropped = drop_order(order_id=order_id, state="canceled", actor=actor, now=now)
    if is_dropped:
        _end_attempts(_Thing(order_id=order_id), now)
    return is_dropped


@use_case
def _drop(*, thing: _Thing, now: datetime) -> bool:
    if thing.order_id is not None:
        is_dropped = expire_order(order_id=thing.order_id, now=now)
    else:
        is_dropped = drop_unpaid(certificate_id=thing.certificate_id or 0)
    if is_dropped:
        _end_attempts(thing, now)
    return is_dropped


def _end_attempts(thing: _Thing, now: datetime) -> None:
    _end(thing, ("new",), settled_at=now)
    # What the gateway knows of may still be paid there; it is watched, and such money goes back.
    _end(thing, OPEN, settled_at=None)


def _end(thing: _Thing, states: tuple[str, ...], settled_at: datetime | None) -> None:
    of = (
        PaymentAttempt.order_id == thing.order_id
        if thing.order_id is not None
        else PaymentAttempt.certificate_id == thing.certificate_id
    )
    changed(
        update(PaymentAttempt)
        .where(of, PaymentAttempt.state.in_(states))
        .values(state="canceled", cancel_reason="order_expired", settled_at=settled_at)
    )
