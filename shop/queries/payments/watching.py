"""Payments somebody must look at: by a timer, or a person by hand."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from shop.db import db
from shop.models.certificates import Certificate
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt, PaymentRefund
from shop.rules.payments import ASK_FRESH, ASK_OLD, FRESH

# Said to the gateway, which hasn't said its last word; one we gave up on ourselves may bring money all the same.
_IS_UNDECIDED = and_(
    PaymentAttempt.settled_at.is_(None),
    PaymentAttempt.state.in_(("sending", "unknown", "pending", "held", "canceled")),
)


def undecided_attempts_at(*, order_id: int | None, certificate_id: int | None) -> list[int]:
    """Return the attempts at an order or a certificate that may still bring money, oldest first; exactly one is given."""
    of = (
        PaymentAttempt.order_id == order_id
        if order_id is not None
        else PaymentAttempt.certificate_id == certificate_id
    )
    return list(
        db.session.scalars(
            select(PaymentAttempt.id).where(of, _IS_UNDECIDED).order_by(PaymentAttempt.id)
        )
    )


def undecided_attempts(*, now: datetime, most: int) -> list[int]:
    """Return attempts to ask the gateway about now, those first that were asked about longest ago.

    They were said to it, and it hasn't said its last word. Fresh ones are asked about more often.
    """
    is_fresh = PaymentAttempt.opened_at > now - FRESH
    is_due = or_(
        PaymentAttempt.looked_at.is_(None),
        and_(is_fresh, PaymentAttempt.looked_at <= now - ASK_FRESH),
        PaymentAttempt.looked_at <= now - ASK_OLD,
    )
    return list(
        db.session.scalars(
            select(PaymentAttempt.id)
            .where(_IS_UNDECIDED, is_due)
            .order_by(PaymentAttempt.looked_at.asc().nulls_first(), PaymentAttempt.id)
            .limit(most)
        )
    )


def overdue_orders(*, now: datetime) -> list[tuple[int, datetime]]:
    """Return unpaid orders whose time is over, with when it was, oldest first."""
    rows = db.session.execute(
        select(Order.id, Order.pay_until)
        .where(Order.state == "awaiting_payment", Order.pay_until <= now)
        .order_by(Order.pay_until)
    )
    return [(row.id, row.pay_until) for row in rows]


def overdue_certificates(*, now: datetime) -> list[tuple[int, datetime]]:
    """Return unpaid certificates whose time is over, with when it was, oldest first."""
    rows = db.session.execute(
        select(Certificate.id, Certificate.pay_until)
        .where(Certificate.state == "awaiting_payment", Certificate.pay_until <= now)
        .order_by(Certificate.pay_until)
    )
    return [(row.id, row.pay_until) for row in rows]


@dataclass(frozen=True, slots=True)
class MoneyTrouble:
    """Money that a person must look at: it came wrong, could not be sent back, or never came through a gateway.

    `what` is mismatch (then `attempt_id` says which payment, `differs` in what), refund_failed or by_hand; `number` is
    empty for a customer's own balance.
    """

    number: str
    amount_kopecks: int
    what: str
    problem: str
    attempt_id: int | None = None
    differs: str = ""


def money_troubles() -> list[MoneyTrouble]:
    """Return what staff must settle by hand: payments that don't match, refunds that failed, and those without a gateway."""
    number = func.coalesce(Order.number, Certificate.serial, "")
    mismatched = (
        select(
            number,
            PaymentAttempt.amount_kopecks,
            PaymentAttempt.gateway_ref,
            PaymentAttempt.id,
            PaymentAttempt.cancel_reason,
        )
        .outerjoin(Order, Order.id == PaymentAttempt.order_id)
        .outerjoin(Certificate, Certificate.id == PaymentAttempt.certificate_id)
        .where(PaymentAttempt.state == "mismatch", PaymentAttempt.sorted_at.is_(None))
        .order_by(PaymentAttempt.id)
    )
    of_order = func.coalesce(PaymentRefund.order_id, PaymentAttempt.order_id)
    failed = (
        select(
            number,
            PaymentRefund.amount_kopecks,
            PaymentRefund.problem,
        )
        .outerjoin(PaymentAttempt, PaymentAttempt.id == PaymentRefund.attempt_id)
        .outerjoin(Order, Order.id == of_order)
        .outerjoin(Certificate, Certificate.id == PaymentAttempt.certificate_id)
        .where(PaymentRefund.state == "manual_due")
        .order_by(PaymentRefund.id)
    )
    troubles = [
        MoneyTrouble(number, kopecks, "mismatch", ref or "", attempt_id, differs)
        for number, kopecks, ref, attempt_id, differs in db.session.execute(mismatched)
    ]
    return troubles + [
        MoneyTrouble(number, kopecks, "refund_failed" if problem else "by_hand", problem)
        for number, kopecks, problem in db.session.execute(failed)
    ]
