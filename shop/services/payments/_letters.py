"""What customers are written about money that goes back to them."""

from datetime import datetime

from sqlalchemy import select

from shop.db import db
from shop.models.auth import Account
from shop.models.certificates import Certificate
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt, PaymentRefund
from shop.queries.payments import due_of
from shop.services.notices import queue_letter


def write_returned(refund: PaymentRefund, attempt: PaymentAttempt | None, now: datetime) -> None:
    """Write whom it belongs to that money has been sent: by the gateway, or by a person."""
    order_id = attempt.order_id if attempt else refund.order_id
    certificate_id = attempt.certificate_id if attempt else None
    whose = (
        select(Order.account_id).where(Order.id == order_id)
        if order_id is not None
        else select(Certificate.buyer_id).where(Certificate.id == certificate_id)
    )
    to, language = db.session.execute(
        select(Account.email, Account.language).where(Account.id == whose.scalar_subquery())
    ).one()
    queue_letter(
        letter="payment_returned",
        to=to,
        language=language,
        facts={
            "number": due_of(order_id=order_id, certificate_id=certificate_id).number,
            "amount_kopecks": refund.amount_kopecks,
            "is_certificate": order_id is None,
            "is_surplus": attempt is not None and attempt.is_surplus,
            "is_by_hand": refund.state == "paid_manually",
        },
        once_key=f"payment-returned-{refund.id}",
        now=now,
    )
