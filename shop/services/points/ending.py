"""Points that end: written about two weeks before, then taken off the books."""

import logging
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select, update

from shop.db import db, errand, use_case
from shop.db.rounds import one_by_one
from shop.models.auth import Account
from shop.models.points import PointsLot
from shop.queries.points import accounts_to_warn, accounts_with_ended_lots, has_ended, is_to_warn
from shop.rules import ledger
from shop.rules.ledger import POINTS_EXPIRED, Line, flow
from shop.rules.points import last_day
from shop.services.ledger import post
from shop.services.notices import write_to
from shop.services.points._opening import taken_from

log = logging.getLogger("shop.points")


@errand
def expire_due(*, now: datetime) -> int:
    """Take off the books what has ended, and all that accounts have left which have ended; return the points."""
    ended = one_by_one(
        accounts_with_ended_lots(now=now),
        lambda account_id: _expire(account_id=account_id, now=now),
        log=log,
        trouble="points of account %s did not end; it is tried again",
    )
    return sum(ended)


@use_case
def _expire(*, account_id: int, now: datetime) -> int:
    lots = db.session.execute(
        select(PointsLot.id, PointsLot.remaining, PointsLot.reference)
        .join(Account, Account.id == PointsLot.account_id)
        .where(PointsLot.account_id == account_id, *has_ended(now))
        .order_by(PointsLot.expires_at, PointsLot.id)
    ).all()
    taken_from(lots, sum(lot.remaining for lot in lots))
    for lot in lots:
        post(
            # A lot ends once; should it ever be filled again, then at another moment.
            once_key=f"lot:{lot.id}:expired:{now:%Y%m%d%H%M%S%f}",
            kind="points_expired",
            lines=_expired(account_id, lot.remaining),
            reference=lot.reference,
            actor="shop",
            now=now,
        )
    return sum(lot.remaining for lot in lots)


def _expired(account_id: int, points: int) -> list[Line]:
    return list(flow(ledger.points(account_id), POINTS_EXPIRED, points))


@errand
def warn_due(*, now: datetime) -> int:
    """Write to customers whose points end soon, each at most once a day; return how many letters."""
    written = one_by_one(
        accounts_to_warn(now=now),
        lambda account_id: _warn(account_id=account_id, now=now),
        log=log,
        trouble="account %s was not told of its points; it is tried again",
    )
    return sum(written)


@use_case
def _warn(*, account_id: int, now: datetime) -> bool:
    account = db.session.get_one(Account, account_id)
    lots = db.session.execute(
        update(PointsLot)
        .where(PointsLot.account_id == account_id, *is_to_warn(now))
        .values(warned_at=now, warned_points=PointsLot.remaining)
        .returning(PointsLot.remaining, PointsLot.expires_at)
        .execution_options(synchronize_session=False)
    ).all()
    if not lots:
        return False
    write_to(
        account=account,
        letter="points_expiring",
        facts={
            "points": sum(lot.remaining for lot in lots),
            "ends": _by_day(lots),
        },
        once_key=f"points-expiring-{account_id}-{now:%Y%m%d%H%M%S%f}",
        now=now,
    )
    return True


def _by_day(lots: Iterable[Any]) -> list[dict[str, object]]:
    """How many points may be used until which day, the soonest first."""
    rows = sorted((lot.expires_at, lot.remaining) for lot in lots)
    return [
        {"until": last_day(end).isoformat(), "points": sum(points for _, points in some)}
        for end, some in groupby(rows, key=lambda row: row[0])
    ]
