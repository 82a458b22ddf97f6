"""Rule 13: the receipt that goes with a payment is of just its sum."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import func, select

from shop.db import db
from shop.models.certificates import Certificate
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt
from shop.queries.audit.findings import MOST, Finding
from shop.rules.money import written

# Receipts of so long ago were looked at every night since.
LOOKED_BACK = timedelta(days=62)
AT_ONCE = 500


def receipts_of_other_sums(now: datetime) -> list[Finding]:
    """13: the lines of each receipt sent with a payment add up to the payment."""
    return [finding for finding, _ in zip(_wrong(now), range(MOST), strict=False)]


def _wrong(now: datetime) -> Iterator[Finding]:
    rows = db.session.execute(
        select(
            func.coalesce(Order.number, Certificate.serial),
            PaymentAttempt.amount_kopecks,
            PaymentAttempt.request,
        )
        .outerjoin(Order, Order.id == PaymentAttempt.order_id)
        .outerjoin(Certificate, Certificate.id == PaymentAttempt.certificate_id)
        .where(PaymentAttempt.state == "succeeded", PaymentAttempt.opened_at > now - LOOKED_BACK)
        .execution_options(yield_per=AT_ONCE)
    )
    for number, amount, request in rows:
        told = _sum_of_receipt(request or {})
        if told is not None and told != amount:
            yield Finding(13, "receipt", number, written(told), written(amount))


def _sum_of_receipt(request: Mapping[str, Any]) -> int | None:
    """Return the kopecks of a receipt's lines; None when the request has no receipt, -1 when nobody can read it."""
    if "receipt" not in request:
        return None
    try:
        lines = request["receipt"]["items"]
        whole = sum(
            (Decimal(line["amount"]["value"]) * Decimal(str(line["quantity"])) for line in lines),
            Decimal(0),
        )
    except (KeyError, TypeError, InvalidOperation):
        return -1
    return int(whole * 100)
