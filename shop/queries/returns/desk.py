"""Returns as the shop's people see them: what waits for whose hands, the most urgent first, and money to pay by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from shop.db import db
from shop.models.auth import Account
from shop.models.certificates import Certificate
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt, PaymentRefund
from shop.models.returns import ReturnRequest
from shop.queries.returns.cabinet import ReturnRow, returns_by, row_of
from shop.rules.returns import OPEN, URGENT_AFTER

RETURNS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class ReturnsDesk:
    """A page of returns in one state, how many there are in each, how many are urgent, and how much is to be paid by hand."""

    rows: tuple[ReturnRow, ...]
    counts: Mapping[str, int]
    urgent: int
    by_hand: int
    state: str
    page: int
    has_more: bool


def returns_at_desk(*, state: str = "", now: datetime, page: int = 1) -> ReturnsDesk:
    """Return a page of returns: of one state, or ("urgent") those whose eight of ten days are over. Three queries.

    What is due soonest stands first.
    """
    is_urgent = ReturnRequest.demanded_at <= now - URGENT_AFTER
    by_state = select(
        ReturnRequest.state,
        func.count(),
        func.count().filter(is_urgent, ReturnRequest.state.in_(OPEN)),
    )
    counted = db.session.execute(by_state.group_by(ReturnRequest.state)).all()
    by_hand = db.session.scalar(select(func.count()).where(PaymentRefund.state == "manual_due"))
    which = (
        [is_urgent, ReturnRequest.state.in_(OPEN)]
        if state == "urgent"
        else [ReturnRequest.state == state]
    )
    rows = db.session.execute(
        returns_by()
        .where(*which)
        .order_by(ReturnRequest.pay_by, ReturnRequest.id)
        .limit(RETURNS_AT_ONCE + 1)
        .offset((page - 1) * RETURNS_AT_ONCE)
    ).all()
    return ReturnsDesk(
        tuple(row_of(row) for row in rows[:RETURNS_AT_ONCE]),
        {name: count for name, count, _ in counted},
        sum(urgent for _, _, urgent in counted),
        by_hand or 0,
        state,
        page,
        has_more=len(rows) > RETURNS_AT_ONCE,
    )


@dataclass(frozen=True, slots=True)
class Payout:
    """Money that a person pays back by hand, or has paid."""

    refund_id: int
    number: str
    customer_name: str
    customer_email: str
    amount_kopecks: int
    problem: str
    state: str
    opened_at: datetime
    settled_at: datetime | None
    paid_by: str
    note: str


def payouts_at_desk(*, is_paid: bool, page: int = 1) -> tuple[list[Payout], bool]:
    """Return a page of money to pay by hand, the oldest first, or of what was paid, the newest first; and whether there is more."""
    clerk = Account.__table__.alias("clerk")
    order = PaymentRefund.settled_at.desc() if is_paid else PaymentRefund.opened_at
    of_order = func.coalesce(PaymentRefund.order_id, PaymentAttempt.order_id)
    rows = db.session.execute(
        select(
            PaymentRefund,
            func.coalesce(Order.number, Certificate.serial).label("number"),
            Account.given_name,
            Account.family_name,
            Account.email,
            clerk.c.given_name.label("clerk"),
        )
        .outerjoin(PaymentAttempt, PaymentAttempt.id == PaymentRefund.attempt_id)
        .outerjoin(Order, Order.id == of_order)
        .outerjoin(Certificate, Certificate.id == PaymentAttempt.certificate_id)
        .join(Account, Account.id == func.coalesce(Order.account_id, Certificate.buyer_id))
        .outerjoin(clerk, clerk.c.id == PaymentRefund.paid_by)
        .where(PaymentRefund.state == ("paid_manually" if is_paid else "manual_due"))
        .order_by(order, PaymentRefund.id)
        .limit(RETURNS_AT_ONCE + 1)
        .offset((page - 1) * RETURNS_AT_ONCE)
        .execution_options(populate_existing=True)
    ).all()
    found = [_payout(row) for row in rows[:RETURNS_AT_ONCE]]
    return found, len(rows) > RETURNS_AT_ONCE


def _payout(row: Any) -> Payout:
    refund = row.PaymentRefund
    return Payout(
        refund.id,
        row.number,
        f"{row.given_name} {row.family_name}".strip(),
        row.email,
        refund.amount_kopecks,
        refund.problem,
        refund.state,
        refund.opened_at,
        refund.settled_at,
        row.clerk or "",
        refund.note,
    )
