"""Money that a person pays back, since no gateway will: it waits, and who paid it is written down."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from shop.db import db, use_case
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt, PaymentRefund
from shop.queries.payments import due_of
from shop.rules.ledger import BANK, UNAPPLIED, Book, flow, refund_due
from shop.services.ledger import post
from shop.services.payments._letters import write_returned


class NotOwedByHand(Exception):
    """This money isn't waiting for a person: it was paid already, or a gateway is at it."""


@use_case
def owe_by_hand(
    *, order_id: int, amount_kopecks: int, reason: str, once_key: str, now: datetime
) -> int:
    """Write down that money of an order which no gateway took goes back, once for each `once_key`; return the refund."""
    earlier = db.session.scalar(select(PaymentRefund.id).where(PaymentRefund.once_key == once_key))
    if earlier is not None:
        return earlier
    refund = PaymentRefund(
        order_id=order_id,
        amount_kopecks=amount_kopecks,
        reason=reason,
        state="manual_due",
        once_key=once_key,
        opened_at=now,
    )
    db.session.add(refund)
    db.session.flush()
    return refund.id


@use_case
def settle_by_hand(*, refund_id: int, actor_id: int, note: str, now: datetime) -> None:
    """Note that a person has paid it from the shop's bank account, and how (`note`).

    :raises NotOwedByHand: when it isn't waiting for that (any more).
    """
    done: Any = db.session.execute(
        update(PaymentRefund)
        .where(PaymentRefund.id == refund_id, PaymentRefund.state == "manual_due")
        .values(state="paid_manually", paid_by=actor_id, note=note, settled_at=now)
        .execution_options(synchronize_session=False)
    )
    if not done.rowcount:
        raise NotOwedByHand
    refund = db.session.get_one(PaymentRefund, refund_id, populate_existing=True)
    attempt = db.session.get_one(PaymentAttempt, refund.attempt_id) if refund.attempt_id else None
    owed, number = _owed(refund, attempt)
    post(
        once_key=f"rf:{refund_id}:ok",
        kind="refund_by_hand",
        lines=flow(owed, BANK, refund.amount_kopecks),
        reference=number,
        actor=f"staff:{actor_id}",
        now=now,
    )
    write_returned(refund, attempt, now)


def _owed(refund: PaymentRefund, attempt: PaymentAttempt | None) -> tuple[Book, str]:
    """Return where the money stands in the books, and what it is about."""
    if attempt is None:
        number = db.session.get_one(Order, refund.order_id).number
        return refund_due(number), number
    number = due_of(order_id=attempt.order_id, certificate_id=attempt.certificate_id).number
    return UNAPPLIED if attempt.is_surplus else refund_due(number), number
