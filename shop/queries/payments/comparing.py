"""What the shop knows of its payments, to be laid beside what the gateways have."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from shop.db import db
from shop.models.audit import PaymentDifference
from shop.models.certificates import Certificate
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt, PaymentRefund
from shop.rules.payments import REFUND_UNDER_WAY

# So many refs in one question: databases take some ten thousand parameters, no more.
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class OurPayment:
    """An attempt as the shop has it; kopecks that went back for certain, and those on their way."""

    attempt_id: int
    number: str
    ref: str | None
    state: str
    amount_kopecks: int
    refunded_kopecks: int
    under_way_kopecks: int
    # A person has looked at it, and found that no money of it is here.
    is_sorted: bool


def gateways_in_use() -> list[str]:
    """Return the gateways through which anybody has ever tried to pay."""
    return list(
        db.session.scalars(
            select(PaymentAttempt.gateway).distinct().order_by(PaymentAttempt.gateway)
        )
    )


def our_payments(*, gateway: str, since: datetime, refs: Iterable[str] = ()) -> list[OurPayment]:
    """Return the attempts at a gateway opened since, and those of these refs, whenever they were opened."""
    found = _attempts(gateway, PaymentAttempt.opened_at >= since)
    older = sorted(set(refs) - {one.ref for one in found})
    for start in range(0, len(older), _AT_ONCE):
        some = older[start : start + _AT_ONCE]
        found += _attempts(
            gateway, PaymentAttempt.opened_at < since, PaymentAttempt.gateway_ref.in_(some)
        )
    return sorted(found, key=lambda one: one.attempt_id)


def _attempts(gateway: str, *which: ColumnElement[bool]) -> list[OurPayment]:
    rows = db.session.execute(
        select(
            PaymentAttempt.id,
            func.coalesce(Order.number, Certificate.serial),
            PaymentAttempt.gateway_ref,
            PaymentAttempt.state,
            PaymentAttempt.amount_kopecks,
            func.coalesce(_refunded(PaymentRefund.state == "succeeded"), 0),
            func.coalesce(_refunded(PaymentRefund.state.in_(REFUND_UNDER_WAY)), 0),
            (PaymentAttempt.state == "mismatch") & PaymentAttempt.sorted_at.is_not(None),
        )
        .outerjoin(Order, Order.id == PaymentAttempt.order_id)
        .outerjoin(Certificate, Certificate.id == PaymentAttempt.certificate_id)
        .where(PaymentAttempt.gateway == gateway, *which)
    )
    return [OurPayment(*row) for row in rows]


def _refunded(which: ColumnElement[bool]) -> Any:
    sums: Select[Any] = select(func.sum(PaymentRefund.amount_kopecks)).where(
        PaymentRefund.attempt_id == PaymentAttempt.id, which
    )
    return sums.correlate(PaymentAttempt).scalar_subquery()


def refunds_under_way(*, gateway: str) -> list[int]:
    """Return refunds that a gateway hasn't said its last word about."""
    return list(
        db.session.scalars(
            select(PaymentRefund.id)
            .join(PaymentAttempt, PaymentAttempt.id == PaymentRefund.attempt_id)
            .where(PaymentAttempt.gateway == gateway, PaymentRefund.state.in_(REFUND_UNDER_WAY))
            .order_by(PaymentRefund.id)
        )
    )


def refs_that_differ(*, gateway: str) -> list[str]:
    """Return the payments that differed when they were last compared."""
    return list(
        db.session.scalars(
            select(PaymentDifference.gateway_ref)
            .where(PaymentDifference.gateway == gateway, PaymentDifference.solved_at.is_(None))
            .distinct()
        )
    )
