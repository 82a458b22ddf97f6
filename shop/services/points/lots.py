"""Points that go into an order, and come back from it: which lots they are taken from and return to."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from shop.db import db, use_case
from shop.db.guarded import changed
from shop.db.here import zone
from shop.models.orders import Order
from shop.models.points import PointsLot, PointsUse
from shop.rules.points import grace_ends
from shop.services.points._opening import open_lot, spendable_part, taken_from


class NotEnoughPoints(Exception):
    """The customer's points that may be used now don't reach; nothing was taken."""


@use_case
def take_from_lots(*, account_id: int, order_id: int, points: int, now: datetime) -> None:
    """Take points for an order off the lots that live now, the soonest to end first.

    The caller posts points → points_held in the order's own entry, in the same transaction.

    :raises NotEnoughPoints: when they don't reach; nothing was taken.
    """
    lots = db.session.execute(
        select(PointsLot.id, PointsLot.remaining)
        .where(
            PointsLot.account_id == account_id,
            PointsLot.remaining > 0,
            PointsLot.active_from <= now,
            PointsLot.expires_at > now,
        )
        .order_by(PointsLot.expires_at, PointsLot.id)
    ).all()
    if sum(lot.remaining for lot in lots) < points:
        raise NotEnoughPoints
    for lot_id, part in taken_from(lots, points):
        _note_use(order_id, lot_id, part)
    db.session.flush()


def _note_use(order_id: int, lot_id: int, points: int) -> None:
    known = changed(
        update(PointsUse)
        .where(PointsUse.order_id == order_id, PointsUse.lot_id == lot_id)
        .values(points=PointsUse.points + points)
    )
    if not known:
        db.session.add(PointsUse(order_id=order_id, lot_id=lot_id, points=points))


@use_case
def put_back_to_lots(*, order_id: int, points: int, now: datetime) -> int:
    """Return points of an order to the lots they came from, and say how many went into lots.

    Call it in the same transaction as, and BEFORE, the entry that credits the customer with all these points: the
    balance as it stands then tells how many pay off a debt. Those are counted as returned and go into no lot, so the
    lots add up to the balance once the entry is posted; the entry itself is the same with a debt and without.

    The lots that end latest are filled first: the customer gains the most. Where a lot has ended meanwhile, a new one
    (source "return") lasts the days of grace.

    :raises ValueError: when the order has fewer points left to return; nothing was returned.
    """
    account_id, number = db.session.execute(
        select(Order.account_id, Order.number).where(Order.id == order_id)
    ).one()
    uses = _open_uses(order_id)
    if points > sum(use.points - use.returned for use in uses):
        raise ValueError(f"order {number} has fewer than {points} points to return")
    into_lots = to_come = spendable_part(account_id, points)
    for use in uses:
        part = min(use.points - use.returned, points)
        if not part:
            break
        _count_returned(use, part)
        _fill(use, min(part, to_come), account_id=account_id, number=number, now=now)
        points, to_come = points - part, to_come - min(part, to_come)
    return into_lots


def _open_uses(order_id: int) -> list[Row[Any]]:
    """Points of the order that haven't come back, those of the latest end first."""
    return list(
        db.session.execute(
            select(
                PointsUse.id,
                PointsUse.lot_id,
                PointsUse.points,
                PointsUse.returned,
                PointsLot.expires_at,
            )
            .join(PointsLot, PointsLot.id == PointsUse.lot_id)
            .where(PointsUse.order_id == order_id, PointsUse.returned < PointsUse.points)
            .order_by(PointsLot.expires_at.desc(), PointsLot.id.desc())
        )
    )


def _count_returned(use: Row[Any], points: int) -> None:
    changed(
        update(PointsUse).where(PointsUse.id == use.id).values(returned=PointsUse.returned + points)
    )


def _fill(use: Row[Any], points: int, *, account_id: int, number: str, now: datetime) -> None:
    if points and use.expires_at > now:
        changed(
            update(PointsLot)
            .where(PointsLot.id == use.lot_id)
            .values(remaining=PointsLot.remaining + points)
        )
        return
    open_lot(
        account_id,
        points,
        source="return",
        reference=number,
        # What has come back of this lot before only ever grows.
        once_key=f"ord:{number}:back:{use.lot_id}:{use.returned}",
        now=now,
        expires_at=grace_ends(now, zone()),
    )
