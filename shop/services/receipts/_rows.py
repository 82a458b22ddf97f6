"""A receipt's row: written once for each event, and left to a gateway's cash desk or to a person."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shop.db import db
from shop.models.receipts import Receipt
from shop.queries.receipts import Anchor
from shop.rules.receipts import Line, Settlement, kept, sum_of
from shop.services.notices import queue_errand

ERRAND = "receipt"


@dataclass(frozen=True, slots=True)
class About:
    """What a receipt belongs to, and where it is made: with `anchor` None at the shop's own cash desk."""

    kind: str
    order_id: int | None = None
    certificate_id: int | None = None
    parcel_id: int | None = None
    refund_id: int | None = None
    anchor: Anchor | None = None
    is_inside: bool = False


def write_down(
    once_key: str,
    about: About,
    lines: Iterable[Line],
    settlements: tuple[Settlement, ...],
    now: datetime,
) -> None:
    """Write a receipt down once, and have it made where a gateway can make it."""
    lines = tuple(lines)
    known = select(Receipt.id).where(Receipt.once_key == once_key)
    if not lines or db.session.scalar(known) is not None:
        return
    anchor = about.anchor if about.anchor and about.anchor.can_register else None
    receipt = Receipt(
        once_key=once_key,
        kind=about.kind,
        state="queued" if anchor else "by_hand",
        order_id=about.order_id,
        certificate_id=about.certificate_id,
        parcel_id=about.parcel_id,
        attempt_id=anchor.attempt_id if anchor else None,
        refund_id=about.refund_id,
        gateway=anchor.gateway if anchor else "",
        is_inside=bool(anchor) and about.is_inside,
        amount_kopecks=sum_of(lines),
        lines=kept(lines),
        settlements=kept(settlements),
        idempotence_key=str(uuid.uuid4()),
        created_at=now,
    )
    db.session.add(receipt)
    db.session.flush()
    if anchor:
        queue_receipt(receipt, now)


def queue_receipt(receipt: Receipt, now: datetime) -> None:
    """Let the worker see to a receipt; each key that it is asked for under is seen to once."""
    queue_errand(
        kind=ERRAND,
        payload={"receipt_id": receipt.id},
        once_key=f"receipt-{receipt.idempotence_key}",
        now=now,
    )
