"""What was written into the outbox, and what of it waits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from shop.db import db
from shop.models.notices import OutboxItem


@dataclass(frozen=True, slots=True)
class Outbox:
    """How much waits, since when, and how much of it has failed before."""

    waiting: int
    failing: int
    oldest_at: datetime | None


def outbox() -> Outbox:
    """Return what letters and errands wait to be done."""
    waiting, failing, oldest_at = db.session.execute(
        select(
            func.count(),
            func.count().filter(OutboxItem.last_problem != ""),
            func.min(OutboxItem.written_at),
        ).where(OutboxItem.done_at.is_(None))
    ).one()
    return Outbox(waiting, failing, oldest_at)


def is_queued(*, once_key: str) -> bool:
    """Return whether a letter or an errand was written under this key, done or not."""
    return bool(db.session.scalar(select(exists().where(OutboxItem.once_key == once_key))))
