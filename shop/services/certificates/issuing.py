"""Certificates that the shop gives for nothing: an apology, a prize."""

from datetime import datetime

from shop.db import use_case
from shop.services.certificates._making import (
    NOBODY_ELSE,
    Gift,
    earlier_by,
    form_key,
    make_certificate,
    send_at_once,
)


@use_case
def issue_free(
    *,
    actor_id: int | None,
    once_key: str,
    nominal_kopecks: int,
    gift: Gift = NOBODY_ELSE,
    reason: str,
    now: datetime,
) -> str:
    """Give a certificate whose sum goes to the promo balance; return its serial. The same form issues once.

    :raises NotANominal: when the sum isn't whole roubles within the limits.
    """
    key = form_key(actor_id or 0, f"free-{once_key}", nominal_kopecks, gift)
    earlier = earlier_by(key)
    if earlier is not None:
        return earlier.serial
    made = make_certificate(
        nominal_kopecks,
        gift,
        now,
        once_key=key,
        state="sold",
        is_free=True,
        sold_at=now,
        issued_by=actor_id,
        issue_reason=reason,
    )
    send_at_once(made, now)
    return made.serial
