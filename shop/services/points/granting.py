"""Points that the shop gives without an order: campaigns and gifts."""

from datetime import datetime

from shop.db import use_case
from shop.rules import ledger
from shop.rules.ledger import POINTS_ISSUED, flow
from shop.services.ledger import post
from shop.services.points._opening import open_lot, spendable_part


@use_case
def grant(
    *,
    account_id: int,
    points: int,
    source: str,
    reference: str,
    once_key: str,
    now: datetime,
    expires_at: datetime,
) -> bool:
    """Give a customer points until `expires_at`; a debt is paid off first. False when this key gave them already.

    `source` is "campaign" or "gift", `reference` what the customer knows it by.

    :raises ValueError: when there is nothing to give, or it would be over at once.
    """
    if points <= 0 or expires_at <= now:
        raise ValueError("a grant must be of points that can be used")
    spendable = spendable_part(account_id, points)
    is_new = post(
        once_key=once_key,
        kind="points_granted",
        lines=flow(POINTS_ISSUED, ledger.points(account_id), points),
        reference=reference,
        actor="shop",
        now=now,
    )
    if is_new:
        open_lot(
            account_id,
            spendable,
            source=source,
            reference=reference,
            once_key=once_key,
            now=now,
            expires_at=expires_at,
        )
    return is_new
