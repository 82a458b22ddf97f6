"""What must be known to have a receipt made: where it hangs, for whom it is, and which of the gateway's are ours already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from shop.db import db
from shop.models.auth import Account
from shop.models.certificates import Certificate
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt, PaymentRefund
from shop.models.receipts import Receipt
from shop.rules.receipts import Line, lines_in


@dataclass(frozen=True, slots=True)
class Hangs:
    """What a receipt hangs on, as the gateway calls it. Of a refund also how that is getting on; else `refund_state` is empty."""

    payment_ref: str
    refund_ref: str
    refund_state: str
    refund_settled_at: datetime | None
    email: str


def hangs_on(*, receipt_id: int) -> Hangs:
    """Return what a receipt hangs on, and the mailbox of whom it is for."""
    row = db.session.execute(
        select(
            func.coalesce(PaymentAttempt.gateway_ref, ""),
            func.coalesce(PaymentRefund.gateway_ref, ""),
            func.coalesce(PaymentRefund.state, ""),
            PaymentRefund.settled_at,
            Account.email,
        )
        .select_from(Receipt)
        .outerjoin(PaymentAttempt, PaymentAttempt.id == Receipt.attempt_id)
        .outerjoin(PaymentRefund, PaymentRefund.id == Receipt.refund_id)
        .outerjoin(Order, Order.id == Receipt.order_id)
        .outerjoin(Certificate, Certificate.id == Receipt.certificate_id)
        .join(Account, Account.id == func.coalesce(Order.account_id, Certificate.buyer_id))
        .where(Receipt.id == receipt_id)
    ).one()
    return Hangs(*row)


def refs_taken(*, gateway: str, refs: Iterable[str]) -> set[str]:
    """Return which of a gateway's receipts are known here already."""
    known = select(Receipt.gateway_ref).where(
        Receipt.gateway == gateway, Receipt.gateway_ref.in_(list(refs))
    )
    return {ref for ref in db.session.scalars(known) if ref}


def lines_with_refund(*, refund_id: int) -> tuple[Line, ...]:
    """Return the lines of the receipt that goes with a refund; none when it goes apart or is printed by hand."""
    kept = db.session.scalar(
        select(Receipt.lines).where(Receipt.refund_id == refund_id, Receipt.is_inside)
    )
    return lines_in(kept or ())
