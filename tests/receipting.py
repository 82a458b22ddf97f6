"""For tests of fiscal receipts: what is kept of them, what the cash desks do, what a person prints."""

from datetime import datetime
from typing import Any

from factories import NOON
from returning import CARRIAGE, CUP, TEAPOT, Mixed, Returning
from sqlalchemy import select, update

from shop.db import db
from shop.models import Receipt
from shop.rules.receipts import Marks
from shop.services.receipts import register_by_hand, send_receipt

STORAGE = "9999078902014242"
# All of an order as tests/returning makes it.
TOTAL = 3 * TEAPOT + 2 * CUP + 2 * CARRIAGE


def plain(returning: Returning, stage: str = "paid", **more: Any) -> Mixed:
    """An order that is paid from outside only."""
    return returning.order(points=0, promo=0, balance=0, stage=stage, **more)


def marks(number: int | str = 1, *, at: datetime = NOON) -> Marks:
    """What stands on a printed receipt."""
    return Marks(str(number), STORAGE, "2617603922", at)


def receipts() -> list[Receipt]:
    """All receipts as they are kept, oldest first."""
    db.session.rollback()
    query = select(Receipt).order_by(Receipt.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def told() -> list[tuple[str, str, int]]:
    """Of each receipt its kind, its state and its sum."""
    return [(one.kind, one.state, one.amount_kopecks) for one in receipts()]


def lines(receipt: Receipt) -> list[tuple[str, int, int]]:
    """The name, the number and the price of each line."""
    return [(one["name"], one["quantity"], one["price_kopecks"]) for one in receipt.lines]


def settled(receipt: Receipt) -> dict[str, int]:
    """How it was settled."""
    return {one["kind"]: one["kopecks"] for one in receipt.settlements}


def print_all(now: datetime = NOON) -> None:
    """Print all that waits for a person."""
    for one in receipts():
        if one.state in {"by_hand", "failed"}:
            register_by_hand(
                receipt_id=one.id, marks=marks(1000 + one.id, at=now), actor_id=_clerk(), now=now
            )


def _clerk() -> int:
    from shop.models import Account

    return db.session.scalars(select(Account.id).order_by(Account.id).limit(1)).one()


def are_made() -> None:
    """Let every receipt be registered, where a test is about something else."""
    db.session.execute(
        update(Receipt).values(
            state="registered",
            document_number="1",
            storage_number=STORAGE,
            fiscal_attribute="1",
            registered_at=NOON,
            settled_at=NOON,
        )
    )
    db.session.commit()


def send(receipt: Receipt, now: datetime = NOON) -> str:
    """What the worker does with a receipt."""
    return send_receipt(receipt_id=receipt.id, now=now)
