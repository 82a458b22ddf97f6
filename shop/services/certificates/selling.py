"""A certificate on its way to a buyer: ordered, sold once when its money comes, or dropped when nobody pays."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from shop.db import db, use_case
from shop.db.here import zone
from shop.models.certificates import Certificate
from shop.rules.certificates import activate_until
from shop.rules.ledger import CERTIFICATES
from shop.services.certificates import _letters
from shop.services.certificates._making import (
    NOBODY_ELSE,
    Gift,
    earlier_by,
    form_key,
    make_certificate,
    send_at_once,
)
from shop.services.ledger import Came, post
from shop.services.receipts import receipt_for_certificate


@dataclass(frozen=True, slots=True)
class Ordered:
    """A certificate that waits for its money, now or since an earlier press of the button."""

    certificate_id: int
    serial: str


@use_case
def order_certificate(
    *,
    buyer_id: int,
    once_key: str,
    nominal_kopecks: int,
    gift: Gift = NOBODY_ELSE,
    pay_until: datetime,
    now: datetime,
) -> Ordered:
    """Write down a certificate that is to be paid. The same form under the same `once_key` orders once.

    :raises NotANominal: when the sum isn't whole roubles within the limits.
    """
    key = form_key(buyer_id, once_key, nominal_kopecks, gift)
    earlier = earlier_by(key)
    if earlier is not None:
        return Ordered(earlier.id, earlier.serial)
    made = make_certificate(
        nominal_kopecks,
        gift,
        now,
        once_key=key,
        state="awaiting_payment",
        buyer_id=buyer_id,
        pay_until=pay_until,
    )
    return Ordered(made.id, made.serial)


@use_case
def mark_sold(*, certificate_id: int, came: Came, now: datetime) -> bool:
    """Note that the money is here, and write to whom it concerns; False when the certificate doesn't wait for it (any more)."""
    sold = db.session.scalar(
        update(Certificate)
        .where(
            Certificate.id == certificate_id,
            Certificate.state == "awaiting_payment",
            Certificate.nominal_kopecks == came.amount_kopecks,
        )
        .values(state="sold", sold_at=now, expires_at=activate_until(now, zone()))
        .returning(Certificate)
        .execution_options(populate_existing=True)
    )
    if sold is None:
        return False
    post(
        once_key=f"cert:{sold.serial}:sold",
        kind="certificate_sold",
        lines=came.into(CERTIFICATES),
        reference=sold.serial,
        actor="gateway",
        now=now,
    )
    receipt_for_certificate(certificate_id=sold.id, attempt_id=came.attempt_id, now=now)
    _letters.tell_buyer(sold, now)
    send_at_once(sold, now)
    return True


@use_case
def drop_unpaid(*, certificate_id: int) -> bool:
    """Drop a certificate that wasn't paid in time; False when it waits no more."""
    dropped = db.session.scalar(
        update(Certificate)
        .where(Certificate.id == certificate_id, Certificate.state == "awaiting_payment")
        .values(state="dropped")
        .returning(Certificate.id)
    )
    return dropped is not None
