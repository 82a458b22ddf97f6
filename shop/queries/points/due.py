"""What the timers of points have to do: promises to keep, lots that end, customers to write to."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select, union
from sqlalchemy.orm import aliased

from shop.db import db
from shop.models.auth import Account
from shop.models.points import PointsLot, PointsPromise
from shop.rules.points import WARN

# Nobody is written to twice within it.
LETTER_PAUSE = timedelta(days=1)


def due_promises(*, now: datetime) -> Sequence[int]:
    """Return promises whose days of return are over, the oldest first."""
    return db.session.scalars(
        select(PointsPromise.id)
        .where(PointsPromise.matured_at.is_(None), PointsPromise.matures_at <= now)
        .order_by(PointsPromise.matures_at, PointsPromise.id)
    ).all()


def _ways_to_end(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """A lot's own end, and its owner's."""
    return PointsLot.expires_at <= now, Account.ended_at.is_not(None)


def has_ended(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions by which a lot, joined with its account, must be taken off the books."""
    return PointsLot.remaining > 0, or_(*_ways_to_end(now))


def accounts_with_ended_lots(*, now: datetime) -> Sequence[int]:
    """Return accounts that have points past their end, or have ended themselves and have points."""
    left = (
        select(PointsLot.account_id)
        .join(Account, Account.id == PointsLot.account_id)
        .where(PointsLot.remaining > 0)
    )
    # Asked one by one: there is an index for each, and none for both together.
    found = union(*(left.where(way) for way in _ways_to_end(now))).subquery()
    return db.session.scalars(select(found.c.account_id).order_by(found.c.account_id)).all()


def is_to_warn(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions by which a lot ends soon and its owner hasn't been told, or of fewer points than came back."""
    return (
        # Follows from the next line, but only these words lead to the index of lots that aren't empty.
        PointsLot.remaining > 0,
        PointsLot.remaining > PointsLot.warned_points,
        PointsLot.active_from <= now,
        PointsLot.expires_at > now,
        PointsLot.expires_at <= now + WARN,
    )


def accounts_to_warn(*, now: datetime) -> Sequence[int]:
    """Return accounts with points that end soon and untold; without those that got such a letter within a day."""
    told = aliased(PointsLot)
    was_told = exists().where(
        told.account_id == PointsLot.account_id, told.warned_at > now - LETTER_PAUSE
    )
    return db.session.scalars(
        select(PointsLot.account_id)
        .join(Account, Account.id == PointsLot.account_id)
        .where(*is_to_warn(now), Account.ended_at.is_(None), ~was_told)
        .distinct()
        .order_by(PointsLot.account_id)
    ).all()
