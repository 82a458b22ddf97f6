"""How many points a customer may use, the level reached, and what one order brings."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, ScalarSelect, case, func, select

from shop.db import db
from shop.models.ledger import LedgerAccount, LedgerEntry, LedgerPosting
from shop.models.orders import Order, OrderLine, Parcel
from shop.models.points import PointsLot, PointsPromise
from shop.rules.ledger import GOODS_REVENUE, SIGN
from shop.rules.points import Standing, standing_of

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class ToCome:
    """The points of one order: of parcels on the way, of those received (and when they count), those that count.

    What was called off or brought back is in none of them.
    """

    on_the_way: int = 0
    # The last day that is promised for a parcel on the way.
    promised_on: date | None = None
    pending: int = 0
    pending_until: datetime | None = None
    counted: int = 0

    @property
    def is_any(self) -> bool:
        """True when the order brings or has brought points."""
        return bool(self.on_the_way or self.pending or self.counted)

    def usable_about(self, *, today: date, return_days: int) -> date | None:
        """Return the day from which those on the way can be used if their parcels come as promised; None without any."""
        if not self.on_the_way or self.promised_on is None:
            return None
        return max(self.promised_on, today) + timedelta(days=return_days + 1)


def spendable_points(*, account_id: int, now: datetime) -> int:
    """Return how many points a customer may use at this moment. Those past their end don't count any more."""
    found = db.session.scalar(
        select(func.sum(PointsLot.remaining)).where(
            PointsLot.account_id == account_id,
            PointsLot.active_from <= now,
            PointsLot.expires_at > now,
        )
    )
    return int(found or 0)


def points_of_pieces_kept() -> ColumnElement[int]:
    """Return what a line brings without the pieces called off, as rules/funding shares it among pieces."""
    of_canceled = OrderLine.earns_points * OrderLine.canceled // OrderLine.quantity
    return func.sum(OrderLine.earns_points - of_canceled)


def tier_of(*, account_id: int, now: datetime) -> Standing:
    """Return a customer's level: by the money for goods received within a year, less that for goods given back.

    The books say it: handing an order over brings revenue, taking it back lowers it, under the order's number.
    An order counts from its first handover; a return counts where its order does. What points paid for is no money.
    """
    natural = (SIGN[GOODS_REVENUE.kind] * func.sum(LedgerPosting.amount)).label("natural")
    of_orders = (
        select(natural)
        .select_from(Order)
        .join(LedgerEntry, LedgerEntry.reference == Order.number)
        .join(LedgerPosting, LedgerPosting.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .where(Order.account_id == account_id, LedgerAccount.code == GOODS_REVENUE.code)
        .group_by(Order.id)
        .having(func.min(LedgerEntry.happened_at) > now - YEAR)
        .subquery()
    )
    spent = db.session.scalar(select(func.sum(of_orders.c.natural)))
    return standing_of(current_app.extensions["shop_config"].status_tiers, int(spent or 0))


def points_to_come(*, order_id: int) -> ToCome:
    """Return what an order brings in points and how far they are. Two queries."""
    on_the_way, promised_on = db.session.execute(
        select(points_of_pieces_kept(), func.max(Parcel.promised_on))
        .join(Parcel, Parcel.id == OrderLine.parcel_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            OrderLine.order_id == order_id,
            Parcel.state.not_in(("received", "canceled")),
            Order.state.not_in(("expired", "canceled")),
        )
    ).one()
    is_pending = PointsPromise.matured_at.is_(None)
    pending, until, counted = db.session.execute(
        select(
            func.sum(case((is_pending, PointsPromise.points), else_=0)),
            func.max(case((is_pending, PointsPromise.matures_at))),
            func.sum(case((is_pending, 0), else_=PointsPromise.points)) - _taken_back(order_id),
        ).where(PointsPromise.order_id == order_id)
    ).one()
    return ToCome(int(on_the_way or 0), promised_on, int(pending or 0), until, int(counted or 0))


def _taken_back(order_id: int) -> ScalarSelect[int]:
    """Points that had counted already when the goods came back; promises not yet kept are lowered themselves."""
    return (
        select(func.coalesce(func.sum(LedgerPosting.amount), 0))
        .join(LedgerEntry, LedgerEntry.id == LedgerPosting.entry_id)
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .join(Order, Order.number == LedgerEntry.reference)
        .where(
            Order.id == order_id,
            LedgerEntry.kind == "points_clawed_back",
            LedgerAccount.owner_id == Order.account_id,
            LedgerAccount.code.endswith(":points"),
        )
        .scalar_subquery()
    )
