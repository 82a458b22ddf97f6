"""What time does: undecided payments are asked about, and unpaid orders give their goods back."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import update

from shop.db import db, errand, use_case
from shop.gateways.payments import GatewayProblem
from shop.models.payments import PaymentAttempt
from shop.queries.payments import (
    open_payment_of,
    overdue_certificates,
    overdue_orders,
    undecided_attempts,
)
from shop.rules.payments import GRACE, OPEN
from shop.services.certificates import drop_unpaid
from shop.services.orders import drop_order, expire_order
from shop.services.payments.looking import look_at, sync

log = logging.getLogger("shop.payments")

# So many at one go; the next go is seconds away.
MOST = 50


@errand
def poll_pending(*, now: datetime) -> int:
    """Ask the gateway about every attempt it hasn't decided, and return how many that were.

    So a notice that never came, and a process that died before it could act, are made up for.
    """
    found = undecided_attempts(now=now, most=MOST)
    for attempt_id in found:
        _safely(partial(sync, attempt_id=attempt_id, now=now), attempt_id)
    return len(found)


@errand
def expire_unpaid(*, now: datetime) -> int:
    """Drop orders and certificates that weren't paid in time, each after a last look at its payment; return how many.

    While the gateway is away an order gets some more time: its customer may have paid.
    """
    overdue = [(_Thing(order_id=one), until) for one, until in overdue_orders(now=now, most=MOST)]
    overdue += [
        (_Thing(certificate_id=one), until)
        for one, until in overdue_certificates(now=now, most=MOST)
    ]
    dropped = 0
    for thing, pay_until in overdue:
        has_grace = now < pay_until + GRACE
        if _is_certain(thing, now) or not has_grace:
            about = thing.order_id or thing.certificate_id or 0
            dropped += _safely(partial(_drop, thing=thing, now=now), about)
    return dropped


@dataclass(frozen=True, slots=True)
class _Thing:
    """An order or a certificate that somebody began to pay for."""

    order_id: int | None = None
    certificate_id: int | None = None


def _is_certain(thing: _Thing, now: datetime) -> bool:
    """True when the gateway has just said that nothing was paid, or was never told of it."""
    attempt_id = open_payment_of(order_id=thing.order_id, certificate_id=thing.certificate_id)
    if attempt_id is None:
        return True
    try:
        return look_at(attempt_id=attempt_id, now=now) not in {"sending", "unknown"}
    except GatewayProblem:
        return False


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
    db.session.execute(
        update(PaymentAttempt)
        .where(of, PaymentAttempt.state.in_(states))
        .values(state="canceled", cancel_reason="order_expired", settled_at=settled_at)
        .execution_options(synchronize_session=False)
    )


def _safely(deed: Callable[[], object], about: int) -> bool:
    """One that cannot be done must not keep the others from being done."""
    try:
        return bool(deed())
    except Exception:
        db.session.rollback()
        log.exception("%s could not be seen to", about)
        return False
