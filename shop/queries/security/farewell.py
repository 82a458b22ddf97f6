"""Leaving for good: what stands in the way, and whose time has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, exists, func, or_, select

from shop.db import db
from shop.models.auth import Account, StaffRole
from shop.models.certificates import Certificate
from shop.models.ledger import LedgerAccount
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt, PaymentRefund
from shop.models.returns import ReturnRequest
from shop.queries.ledger import balances_of
from shop.queries.payments import Payout, payouts_of
from shop.rules.orders import UNDER_WAY
from shop.rules.payments import REFUND_ARRIVED
from shop.rules.recovery import still_frozen
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


class BoughtCertificate(NamedTuple):
    """A certificate that its buyer has paid for and nobody has activated."""

    serial: str
    nominal_kopecks: int
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Belongings:
    """What would be lost with an account, or keeps it from ending. Kopecks and whole points."""

    balance: int
    promo: int
    points: int
    certificates: tuple[BoughtCertificate, ...]
    returns: tuple[str, ...]
    payouts: tuple[Payout, ...]
    # Nothing of the first three moves before then.
    frozen_until: datetime | None

    @property
    def is_losing(self) -> bool:
        """True when there is something that nobody pays out: it goes with the account."""
        return bool(self.promo or self.points)

    def frozen(self, now: datetime) -> datetime | None:
        """Return until when none of it can be paid out or spent; None when nothing bars that."""
        return still_frozen(self.frozen_until, now) if self.balance or self.is_losing else None


@dataclass(frozen=True, slots=True)
class Farewell:
    """How it stands with an account's end."""

    # When its owner has asked for it.
    ends_at: datetime | None
    # An employee's account doesn't end while the work goes on.
    is_employees: bool
    open_orders: tuple[OpenOrder, ...]
    has: Belongings


def farewell_of(*, account_id: int) -> Farewell:
    """Return how it stands with an account's end. Six queries."""
    ends_at, is_employees = db.session.execute(
        select(Account.ends_at, has_role()).where(Account.id == account_id)
    ).one()
    orders = db.session.execute(
        select(Order.number, Order.state, Order.total_kopecks, Order.placed_at)
        .where(Order.account_id == account_id, Order.state.in_(UNDER_WAY))
        .order_by(Order.placed_at)
    )
    return Farewell(
        ends_at,
        bool(is_employees),
        tuple(OpenOrder(*row) for row in orders),
        belongings_of(account_id=account_id),
    )


def belongings_of(*, account_id: int) -> Belongings:
    """Return what would be lost with an account, or keeps it from ending. Four queries."""
    has = balances_of(account_id=account_id)
    certificates = db.session.execute(
        select(Certificate.serial, Certificate.nominal_kopecks, Certificate.expires_at)
        .where(Certificate.buyer_id == account_id, Certificate.state == "sold")
        .order_by(Certificate.id)
    )
    returns = db.session.scalars(
        select(ReturnRequest.number)
        .join(Order, Order.id == ReturnRequest.order_id)
        .where(Order.account_id == account_id, ReturnRequest.state.in_(OPEN))
        .order_by(ReturnRequest.id)
    )
    return Belongings(
        has.balance,
        has.promo,
        max(has.points, 0) + has.points_pending,
        tuple(BoughtCertificate(*row) for row in certificates),
        tuple(returns),
        tuple(payouts_of(account_id=account_id)),
        has.frozen_until,
    )


def due_accounts(*, now: datetime) -> list[int]:
    """Return accounts whose time has come, the longest due first: no role hangs on them, no order or money is under way.

    Money that its owner has bought is no gift to the shop: while there is any on the balance the account waits.
    """
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
        select(PaymentRefund.id)
        .outerjoin(PaymentAttempt, PaymentAttempt.id == PaymentRefund.attempt_id)
        .outerjoin(
            Order, Order.id == func.coalesce(PaymentRefund.order_id, PaymentAttempt.order_id)
        )
        .outerjoin(Certificate, Certificate.id == PaymentAttempt.certificate_id)
        .where(
            PaymentRefund.state.not_in(REFUND_ARRIVED),
            or_(
                PaymentRefund.account_id == Account.id,
                Order.account_id == Account.id,
                Certificate.buyer_id == Account.id,
            ),
        )
        .correlate(Account)
        .exists()
    )
    has_money = exists().where(
        LedgerAccount.owner_id == Account.id,
        LedgerAccount.code.like("customer:%:balance"),
        LedgerAccount.balance > 0,
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
        & ~has_money
        & ~gives_back
    )
