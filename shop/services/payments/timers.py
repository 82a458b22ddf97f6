"""What time does: undecided payments are asked about, and unpaid orders give their goods back."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import update

from shop.db import db, errand, use_case
from shop.gateways.payments import GatewayProblem
from shop.models.payments import PaymentAttempt
from shop.queries.payments import open_payment_of, overdue_orders, undecided_attempts
from shop.rules.payments import GRACE, OPEN
from shop.services.orders import expire_order
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
    """Drop orders that weren't paid in time, each after a last look at its payment; return how many.

    While the gateway is away an order gets some more time: its customer may have paid.
    """
    dropped = 0
    for order_id, pay_until in overdue_orders(now=now, most=MOST):
        has_grace = now < pay_until + GRACE
        if _is_certain(order_id, now) or not has_grace:
            dropped += _safely(partial(_drop, order_id=order_id, now=now), order_id)
    return dropped


def _is_certain(order_id: int, now: datetime) -> bool:
    """True when the gateway has just said that nothing was paid, or was never told of the order."""
    attempt_id = open_payment_of(order_id=order_id)
    if attempt_id is None:
        return True
    try:
        return look_at(attempt_id=attempt_id, now=now) not in {"sending", "unknown"}
    except GatewayProblem:
        return False


@use_case
def _drop(*, order_id: int, now: datetime) -> bool:
    if not expire_order(order_id=order_id, now=now):
        return False
    _end(order_id, ("new",), settled_at=now)
    # What the gateway knows of may still be paid there; it is watched, and such money goes back.
    _end(order_id, OPEN, settled_at=None)
    return True


def _end(order_id: int, states: tuple[str, ...], settled_at: datetime | None) -> None:
    db.session.execute(
        update(PaymentAttempt)
        .where(PaymentAttempt.order_id == order_id, PaymentAttempt.state.in_(states))
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
