"""What the deeds of points share: opening a lot, which pays a debt first, and taking points off lots."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import update

from shop.db import db
from shop.db.guarded import changed
from shop.models.points import PointsLot
from shop.queries.ledger import balance_of
from shop.rules import ledger
from shop.rules.points import after_debt


class LotMoved(Exception):
    """A lot holds less than was read a moment ago in this very transaction: that cannot be."""


def spendable_part(account_id: int, points: int) -> int:
    """How many of the points about to be posted go into lots; the rest pays a debt. Ask before posting."""
    return after_debt(points, balance_of(ledger.points(account_id)))


def open_lot(
    account_id: int,
    points: int,
    *,
    source: str,
    reference: str,
    once_key: str,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Write a lot of so many points; none of nothing."""
    if not points:
        return
    db.session.add(
        PointsLot(
            account_id=account_id,
            source=source,
            reference=reference,
            once_key=once_key,
            earned=points,
            remaining=points,
            active_from=now,
            expires_at=expires_at,
        )
    )
    db.session.flush()


def taken_from(lots: Iterable[Any], points: int) -> list[tuple[int, int]]:
    """Take points off lots (rows with id and remaining) in their order; return (lot, how many) of each.

    Each is one conditional UPDATE: should anybody have been quicker, nothing is taken at all.
    """
    taken = []
    for lot in lots:
        part = min(lot.remaining, points)
        if part:
            _take(lot.id, part)
            taken.append((lot.id, part))
            points -= part
    return taken


def _take(lot_id: int, points: int) -> None:
    done = changed(
        update(PointsLot)
        .where(PointsLot.id == lot_id, PointsLot.remaining >= points)
        .values(remaining=PointsLot.remaining - points)
    )
    if not done:
        raise LotMoved
