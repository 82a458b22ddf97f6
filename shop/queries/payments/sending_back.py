"""How much of a payment goes back to where it came from."""

from typing import Any

from sqlalchemy import BigInteger, ScalarSelect, cast, func, select
from sqlalchemy.orm import aliased

from shop.models.payments import PaymentRefund
from shop.rules.payments import REFUND_BY_GATEWAY


def sent_back(attempt_id: Any) -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """Return the questions how many kopecks of an attempt gateways send back, and how many of them in the bank's bonuses.

    Whether they have arrived or not. `attempt_id` is a column of the query around them.
    """
    earlier = aliased(PaymentRefund)

    def total(column: Any) -> ScalarSelect[int]:
        # PostgreSQL adds whole numbers up to decimals.
        asked = select(cast(func.coalesce(func.sum(column), 0), BigInteger)).where(
            earlier.attempt_id == attempt_id, earlier.state.in_(REFUND_BY_GATEWAY)
        )
        # What is asked about stands in the query around it, not here.
        return asked.correlate_except(earlier).scalar_subquery()

    return total(earlier.amount_kopecks), total(earlier.bonus_kopecks)
