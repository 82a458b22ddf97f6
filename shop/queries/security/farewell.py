"""Leaving for good: what stands in the way, and whose time has come."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select

from shop.db import db
from shop.models.auth import Account, StaffRole
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt, PaymentRefund
from shop.models.returns import ReturnRequest
from shop.rules.orders import UNDER_WAY
from shop.rules.payments import REFUND_ARRIVED
from shop.rules.returns import OPEN

# So many accounts are ended at a time.
BATCH = 50


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order that something may still happen to."""

    number: str
    state: str
    total_kopecks: int
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class Farewell:
    """How it stands with an account's end."""

    # When its owner has asked for it.
    ends_at: datetime | None
    # An employee's account doesn't end while the work goes on.
    is_employees: bool
    open_orders: tuple[OpenOrder, ...]


def farewell_of(*, account_id: int) -> Farewell:
    """Return how it stands with an account's end. Two queries."""
    ends_at, is_employees = db.session.execute(
        select(Account.ends_at, has_role()).where(Account.id == account_id)
    ).one()
    orders = db.session.execute(
        select(Order.number, Order.state, Order.total_kopecks, Order.placed_at)
        .where(Order.account_id == account_id, Order.state.in_(UNDER_WAY))
        .order_by(Order.placed_at)
    )
    return Farewell(ends_at, bool(is_employees), tuple(OpenOrder(*row) for row in orders))


def due_accounts(*, now: datetime) -> list[int]:
    """Return accounts whose time has come, the longest due first: no role hangs on them, no order or money is under way."""
    return list(
        db.session.scalars(
            select(Account.id).where(is_due(now)).order_by(Account.ends_at).limit(BATCH)
        )
    )


def has_role() -> ColumnElement[bool]:
    """Return the condition by which an account is an employee's."""
    return exists().where(StaffRole.account_id == Account.id)


def is_due(now: datetime) -> ColumnElement[bool]:
    """Return the condition by which an account ends now."""
    is_waited_for = exists().where(Order.account_id == Account.id, Order.state.in_(UNDER_WAY))
    is_owed = (
        exists()
        .where(PaymentRefund.state.not_in(REFUND_ARRIVED))
        .where(PaymentRefund.attempt_id == PaymentAttempt.id)
        .where(PaymentAttempt.order_id == Order.id, Order.account_id == Account.id)
    )
    is_paid_by_hand = (
        exists()
        .where(PaymentRefund.state.not_in(REFUND_ARRIVED))
        .where(PaymentRefund.order_id == Order.id, Order.account_id == Account.id)
    )
    gives_back = (
        exists()
        .where(ReturnRequest.state.in_(OPEN))
        .where(ReturnRequest.order_id == Order.id, Order.account_id == Account.id)
    )
    return (
        (Account.ends_at <= now)
        & Account.ended_at.is_(None)
        & ~has_role()
        & ~is_waited_for
        & ~is_owed
        & ~is_paid_by_hand
        & ~gives_back
    )
