"""How many points a customer may use, and the level reached."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, func, select

from shop.db import db
from shop.models.ledger import LedgerAccount, LedgerEntry, LedgerPosting
from shop.models.orders import Order, OrderLine
from shop.models.points import PointsLot
from shop.rules.ledger import GOODS_REVENUE, SIGN
from shop.rules.points import Standing, standing_of

YEAR = timedelta(days=365)


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
