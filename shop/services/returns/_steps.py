"""A return's steps, one guarded UPDATE each, and the thread of messages beside it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from shop.db import db
from shop.db.guarded import changed
from shop.models.returns import ReturnMessage, ReturnRequest
from shop.rules.returns import before


class ReturnMovedOn(Exception):
    """The return isn't where this step begins: somebody else took it, or the customer has withdrawn."""


def move(number: str, state: str, **noted: Any) -> None:
    """Let a return take a step.

    :raises ReturnMovedOn: when it can't.
    """
    moved = changed(
        update(ReturnRequest)
        .where(ReturnRequest.number == number, ReturnRequest.state.in_(before(state)))
        .values(state=state, **noted)
    )
    if not moved:
        raise ReturnMovedOn


def keep_message(return_id: int, text: str, key: str, staff_id: int | None, now: datetime) -> bool:
    """Put a message into the thread; False when this key has put it there already."""
    earlier = select(ReturnMessage.id).where(ReturnMessage.once_key == key)
    if db.session.scalar(earlier) is not None:
        return False
    db.session.add(
        ReturnMessage(
            return_id=return_id, once_key=key, staff_id=staff_id, text=text, written_at=now
        )
    )
    db.session.flush()
    return True
