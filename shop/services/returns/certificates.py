"""A certificate given back: it dies unused, and its price goes back the way it came."""

from datetime import datetime

from sqlalchemy import select

from shop.db import db, use_case
from shop.models.certificates import Certificate
from shop.models.payments import PaymentAttempt
from shop.rules.certificates import REFUND_KEY
from shop.rules.staff import refuse_own
from shop.services.certificates import refund_certificate
from shop.services.payments.refunds import owe_back
from shop.services.receipts import receipt_for_certificate_back


@use_case
def take_certificate_back(
    *, serial: str, account_id: int | None = None, actor_id: int | None = None, now: datetime
) -> int:
    """Kill an unused certificate and send its price back; return how many kopecks that is.

    For its buyer (`account_id`) within 14 days, for an employee (`actor_id`) while it is unused and its term lasts.

    :raises NotPossible: when it is used, blocked, over, free, or too old for its buyer.
    :raises NoResultFound: when the buyer has no such certificate.
    :raises OwnMoney: when the employee is the buyer.
    """
    if actor_id is not None:
        buyer = db.session.scalar(select(Certificate.buyer_id).where(Certificate.serial == serial))
        refuse_own(customer_id=buyer or 0, employee_id=actor_id)
    back = refund_certificate(serial=serial, account_id=account_id, actor_id=actor_id, now=now)
    paid_by = db.session.scalars(
        select(PaymentAttempt.id).where(
            PaymentAttempt.certificate_id == back.certificate_id,
            PaymentAttempt.state == "succeeded",
            PaymentAttempt.is_surplus.is_(False),
        )
    ).one()
    refund_id = owe_back(
        attempt_id=paid_by,
        amount_kopecks=back.amount_kopecks,
        reason="certificate",
        once_key=f"{REFUND_KEY}{serial}",
        now=now,
    )
    receipt_for_certificate_back(
        certificate_id=back.certificate_id, attempt_id=paid_by, refund_id=refund_id, now=now
    )
    return back.amount_kopecks
