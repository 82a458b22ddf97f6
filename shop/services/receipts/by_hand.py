"""Receipts that a person prints at the shop's own cash desk: its marks are written down, with who did it."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from shop.db import db, use_case
from shop.db.guarded import changed
from shop.models.receipts import Receipt
from shop.rules.receipts import FOR_PEOPLE, Marks

# Clocks of cash desks differ from the shop's.
CLOCKS_DIFFER = timedelta(days=1)


class NotForPeople(Exception):
    """The receipt isn't waiting for a person (any more)."""


class MarksTaken(Exception):
    """Another receipt has these marks: no two documents have the same number in one storage."""


class WrongMoment(Exception):
    """The receipt can't have been printed then: it is still to come, or what it is of hadn't happened."""


@use_case
def register_by_hand(*, receipt_id: int, marks: Marks, actor_id: int, now: datetime) -> None:
    """Note that an employee has printed a receipt, and by which marks it is found.

    :raises NoResultFound: when there is no such receipt.
    :raises NotForPeople: when it was registered already, or a gateway is at it.
    :raises MarksTaken: when another receipt has them.
    :raises WrongMoment: when the moment is to come, or long before what the receipt is of.
    """
    receipt = db.session.get_one(Receipt, receipt_id)
    if not receipt.created_at - CLOCKS_DIFFER <= marks.registered_at <= now + timedelta(minutes=5):
        raise WrongMoment
    same = select(Receipt.id).where(
        Receipt.storage_number == marks.storage_number,
        Receipt.document_number == marks.document_number,
        Receipt.id != receipt_id,
    )
    if db.session.scalar(same.limit(1)) is not None:
        raise MarksTaken
    is_mine = changed(
        update(Receipt)
        .where(Receipt.id == receipt_id, Receipt.state.in_(FOR_PEOPLE))
        .values(
            state="registered",
            document_number=marks.document_number,
            storage_number=marks.storage_number,
            fiscal_attribute=marks.fiscal_attribute,
            registered_at=marks.registered_at,
            registered_by=actor_id,
            settled_at=now,
        )
    )
    if not is_mine:
        raise NotForPeople
