"""What all money on its way back has in common: it is written down once, stands in a book, and belongs to somebody."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from shop.db import db
from shop.models.auth import Account
from shop.models.certificates import Certificate
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt, PaymentRefund
from shop.rules.ledger import UNAPPLIED, Book, payout_due, refund_due
from shop.services.ledger import tell
from shop.services.notices import write_to


def owe(*, once_key: str, **facts: Any) -> tuple[int, bool]:
    """Write down a refund, once for each `once_key`; return its number, and whether it is new."""
    earlier = db.session.scalar(select(PaymentRefund.id).where(PaymentRefund.once_key == once_key))
    if earlier is not None:
        return earlier, False
    refund = PaymentRefund(once_key=once_key, **facts)
    db.session.add(refund)
    db.session.flush()
    tell(
        event="refund_asked",
        facts={
            "refund": refund.id,
            "kopecks": refund.amount_kopecks,
            "reason": refund.reason,
            "state": refund.state,
        },
    )
    return refund.id, True


def number_of(refund: PaymentRefund) -> str:
    """Return the number of the order, or the serial of the certificate, that a refund is of; of a balance there is none."""
    of_order = func.coalesce(PaymentRefund.order_id, PaymentAttempt.order_id)
    number = db.session.scalar(
        select(func.coalesce(Order.number, Certificate.serial))
        .select_from(PaymentRefund)
        .outerjoin(PaymentAttempt, PaymentAttempt.id == PaymentRefund.attempt_id)
        .outerjoin(Order, Order.id == of_order)
        .outerjoin(Certificate, Certificate.id == PaymentAttempt.certificate_id)
        .where(PaymentRefund.id == refund.id)
    )
    return number or ""


def owed_in(refund: PaymentRefund) -> Book:
    """Return where the money stands in the books until it arrives."""
    if refund.account_id is not None:
        return payout_due(refund.account_id)
    attempt = db.session.get(PaymentAttempt, refund.attempt_id) if refund.attempt_id else None
    if attempt is not None and attempt.is_surplus:
        return UNAPPLIED
    return refund_due(number_of(refund))


def owner_of(refund: PaymentRefund) -> Account:
    """Return whose money it is: who has ordered, who has bought the certificate, whose balance it was."""
    of_order = func.coalesce(PaymentRefund.order_id, PaymentAttempt.order_id)
    whose = (
        select(func.coalesce(PaymentRefund.account_id, Order.account_id, Certificate.buyer_id))
        .select_from(PaymentRefund)
        .outerjoin(PaymentAttempt, PaymentAttempt.id == PaymentRefund.attempt_id)
        .outerjoin(Order, Order.id == of_order)
        .outerjoin(Certificate, Certificate.id == PaymentAttempt.certificate_id)
        .where(PaymentRefund.id == refund.id)
    )
    return db.session.scalars(select(Account).where(Account.id == whose.scalar_subquery())).one()


def write_to_owner(
    refund: PaymentRefund, letter: str, *, once_key: str, now: datetime, **facts: Any
) -> None:
    """Write a letter about a refund to whose money it is."""
    owner = owner_of(refund)
    write_to(
        account=owner,
        letter=letter,
        facts={
            "number": number_of(refund),
            "amount_kopecks": refund.amount_kopecks,
        }
        | facts,
        once_key=once_key,
        now=now,
    )
