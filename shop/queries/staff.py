"""The shop's day in figures, for whoever works here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute

from shop.db import db
from shop.models.orders import Order, OrderLine, Parcel
from shop.models.payments import PaymentAttempt, PaymentRefund
from shop.models.receipts import Receipt
from shop.models.returns import ReturnRequest
from shop.queries.ledger import money_moved
from shop.rules.orders import IN_WORK
from shop.rules.receipts import FOR_PEOPLE
from shop.rules.returns import OPEN, URGENT_AFTER

DAYS_SHOWN = 14


@dataclass(frozen=True, slots=True)
class Figures:
    """How much of everything there is now; what was placed, paid, received and given back is of today, where the shop is.

    `received_kopecks` is money (and a bank's bonuses) that came from outside for whatever was bought, by a gateway or at
    the door; `returned_kopecks` what went back.
    """

    placed: int
    paid: int
    received_kopecks: int
    returned_kopecks: int
    waiting: int
    to_assemble: int
    to_dispatch: int
    # Called off on their way, and not in the warehouse again.
    coming_back: int
    returns: int
    urgent_returns: int
    receipts: int
    payouts: int
    # Payments of another sum than what they pay for.
    mismatches: int


@dataclass(frozen=True, slots=True)
class DayOfOrders:
    """How many orders were placed on a day; `percent` is how that compares with the best of the days shown."""

    day: date
    orders: int
    percent: int


def figures_of(*, now: datetime, zone: tzinfo) -> Figures:
    """Return the figures of the day that it is where the shop is. One query."""
    midnight = _midnight(now.astimezone(zone).date(), zone)
    paid = Order.paid_at >= midnight
    parcels = select(func.count()).select_from(Parcel).join(Order, Order.id == Parcel.order_id)
    in_work = Order.state.in_(tuple(IN_WORK))
    demands = ReturnRequest.state.in_(OPEN)
    is_urgent = and_(demands, ReturnRequest.demanded_at <= now - URGENT_AFTER)
    row = db.session.execute(
        select(
            _count(Order.id, Order.placed_at >= midnight),
            _count(Order.id, paid),
            *money_moved(since=midnight),
            _count(Order.id, Order.state == "awaiting_payment"),
            parcels.where(Parcel.state == "waiting", in_work).scalar_subquery(),
            parcels.where(Parcel.state == "assembled", in_work).scalar_subquery(),
            _count(OrderLine.parcel_id.distinct(), OrderLine.on_way_back > 0),
            _count(ReturnRequest.id, demands),
            _count(ReturnRequest.id, is_urgent),
            _count(Receipt.id, Receipt.state.in_(FOR_PEOPLE)),
            _count(PaymentRefund.id, PaymentRefund.state == "manual_due"),
            _count(
                PaymentAttempt.id,
                and_(PaymentAttempt.state == "mismatch", PaymentAttempt.sorted_at.is_(None)),
            ),
        )
    ).one()
    return Figures(*(int(value) for value in row))


def _count(of: ColumnElement[int] | InstrumentedAttribute[int], which: ColumnElement[bool]) -> Any:
    return select(func.count(of)).where(which).scalar_subquery()


def orders_by_day(*, now: datetime, zone: tzinfo) -> Sequence[DayOfOrders]:
    """Return how many orders each of the last days had, the oldest first, today last. One query."""
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS_SHOWN))]
    begins = [_midnight(day, zone) for day in (*days, today + timedelta(days=1))]
    counts = db.session.execute(
        select(
            *(
                func.count().filter(Order.placed_at >= begin, Order.placed_at < end)
                for begin, end in pairwise(begins)
            )
        ).where(Order.placed_at >= begins[0])
    ).one()
    best = max(*counts, 1)
    return [
        DayOfOrders(day, count, count * 100 // best)
        for day, count in zip(days, counts, strict=True)
    ]


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)
