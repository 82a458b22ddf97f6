"""Rule 4: points in lots are the points in the books, and none outlives its end."""

from datetime import datetime

from sqlalchemy import func, or_, select

from shop.models.orders import Order
from shop.models.points import PointsLot, PointsPromise, PointsUse
from shop.queries.audit.findings import (
    LATE,
    NOTHING,
    Finding,
    all_of,
    of_customers,
    told,
    zero_if_none,
)


def points_that_differ(now: datetime) -> list[Finding]:
    """4: lots add up to each customer's points, promises to those that wait; no lot is past its end or overfull."""
    lots = select(PointsLot.account_id, func.sum(PointsLot.remaining)).group_by(
        PointsLot.account_id
    )
    promises = (
        select(PointsPromise.account_id, func.sum(PointsPromise.points))
        .where(PointsPromise.matured_at.is_(None))
        .group_by(PointsPromise.account_id)
    )
    ended = (
        select(PointsLot.once_key, PointsLot.remaining, NOTHING)
        .where(PointsLot.remaining > 0, PointsLot.expires_at < now - LATE)
        .order_by(PointsLot.expires_at)
    )
    overfull = select(PointsLot.once_key, PointsLot.remaining, PointsLot.earned).where(
        or_(PointsLot.remaining > PointsLot.earned, PointsLot.remaining < 0)
    )
    return all_of(
        of_customers(4, "lots", ":points", lots, in_money=False),
        of_customers(4, "promises", ":points:pending", promises, in_money=False),
        told(4, "lot_ended", ended),
        told(4, "lot_overfull", overfull),
        _uses_that_differ(),
    )


def _uses_that_differ() -> list[Finding]:
    """What an order took from lots is what it was paid with."""
    used = (
        select(PointsUse.order_id, func.sum(PointsUse.points).label("points"))
        .group_by(PointsUse.order_id)
        .subquery()
    )
    return all_of(
        told(
            4,
            "lots_of_order",
            select(Order.number, zero_if_none(used.c.points), Order.points)
            .outerjoin(used, used.c.order_id == Order.id)
            .where(Order.points != zero_if_none(used.c.points)),
        )
    )
