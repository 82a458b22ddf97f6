"""The cabinet's page of points."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shop.db import db
from shop.models.orders import Order, OrderLine, Parcel
from shop.models.points import PointsLot, PointsPromise
from shop.queries.ledger import Movement, balances_of, statement_of
from shop.queries.points.standing import points_of_pieces_kept, tier_of
from shop.rules import ledger
from shop.rules.orders import UNDER_WAY
from shop.rules.points import WARN, Standing, last_day


@dataclass(frozen=True, slots=True)
class Lot:
    """Points of one source, and the last day on which they may be used."""

    points: int
    source: str
    reference: str
    until: datetime
    is_soon: bool


@dataclass(frozen=True, slots=True)
class Coming:
    """Points that an order brings: from a day on (what was received), or after receipt (None)."""

    points: int
    number: str
    counts_at: datetime | None


@dataclass(frozen=True, slots=True)
class PointsPage:
    """Everything that the page of points says. Whole points."""

    standing: Standing
    held: int
    debt: int
    # None of it can be used before then.
    frozen_until: datetime | None
    lots: tuple[Lot, ...]
    coming: tuple[Coming, ...]
    statement: tuple[Movement, ...]
    page: int
    pages: int

    @property
    def spendable(self) -> int:
        """Points that may be used now."""
        return sum(lot.points for lot in self.lots)

    @property
    def soon(self) -> tuple[Lot, ...]:
        """Those of them that end before long."""
        return tuple(lot for lot in self.lots if lot.is_soon)


def points_page_of(*, account_id: int, now: datetime, page: int = 1) -> PointsPage:
    """Return the page of points, with one page of its statement. Six queries."""
    balances = balances_of(account_id=account_id)
    statement, pages = statement_of(books=[ledger.points(account_id)], page=page)
    return PointsPage(
        standing=tier_of(account_id=account_id, now=now),
        held=balances.points_held,
        debt=max(0, -balances.points),
        frozen_until=balances.frozen(now),
        lots=_lots(account_id, now),
        coming=(*_promised(account_id), *_on_the_way(account_id)),
        statement=tuple(statement),
        page=page,
        pages=pages,
    )


def _lots(account_id: int, now: datetime) -> tuple[Lot, ...]:
    rows = db.session.execute(
        select(PointsLot.remaining, PointsLot.source, PointsLot.reference, PointsLot.expires_at)
        .where(
            PointsLot.account_id == account_id,
            PointsLot.remaining > 0,
            PointsLot.active_from <= now,
            PointsLot.expires_at > now,
        )
        .order_by(PointsLot.expires_at, PointsLot.id)
    )
    return tuple(
        Lot(
            row.remaining,
            row.source,
            row.reference,
            last_day(row.expires_at),
            row.expires_at <= now + WARN,
        )
        for row in rows
    )


def _promised(account_id: int) -> tuple[Coming, ...]:
    rows = db.session.execute(
        select(PointsPromise.points, Order.number, PointsPromise.matures_at)
        .join(Order, Order.id == PointsPromise.order_id)
        .where(
            PointsPromise.account_id == account_id,
            PointsPromise.matured_at.is_(None),
            PointsPromise.points > 0,
        )
        .order_by(PointsPromise.matures_at, PointsPromise.id)
    )
    return tuple(Coming(*row) for row in rows)


def _on_the_way(account_id: int) -> tuple[Coming, ...]:
    """What orders bring whose parcels haven't come, oldest first."""
    rows = db.session.execute(
        select(points_of_pieces_kept(), Order.number)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Parcel, Parcel.id == OrderLine.parcel_id)
        .where(
            Order.account_id == account_id,
            Order.state.in_(UNDER_WAY),
            Parcel.state.not_in(("received", "canceled")),
            OrderLine.earns_points > 0,
        )
        .group_by(Order.id, Order.number)
        .order_by(Order.id)
    )
    return tuple(Coming(int(row[0]), row[1], None) for row in rows if row[0])
