"""How much of a payment goes back to where it came from."""

from typing import Any

from sqlalchemy import BigInteger, ScalarSelect, cast, func, or_, select
from sqlalchemy.orm import aliased

from shop.models.payments import PaymentRefund
from shop.rules.payments import REFUND_UNDER_WAY


def sent_back(attempt_id: Any, *, before: Any = None) -> ScalarSelect[int]:
    """Return the question how many kopecks of an attempt gateways send back, whether they have arrived or not.

    `attempt_id` is a column of the query around it. Refunds earlier than the refund `before` count (a number, or a
    column that may be NULL); without one, all.
    """
    earlier = aliased(PaymentRefund)
    # PostgreSQL adds whole numbers up to decimals.
    total = select(cast(func.coalesce(func.sum(earlier.amount_kopecks), 0), BigInteger)).where(
        earlier.attempt_id == attempt_id, earlier.state.in_((*REFUND_UNDER_WAY, "succeeded"))
    )
    if isinstance(before, int):
        total = total.where(earlier.id < before)
    elif before is not None:
        total = total.where(or_(before.is_(None), earlier.id < before))
    # What is asked about stands in the query around it, not here.
    return total.correlate_except(earlier).scalar_subquery()
