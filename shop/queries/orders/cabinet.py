"""Orders in their owner's cabinet. Each question takes the account, so nobody finds somebody else's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from shop.db import db
from shop.models.delivery import PickupPoint
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt
from shop.queries.orders.parcels import OrderLineView, ParcelView, parcels_of
from shop.rules.orders import (
    UNDER_WAY,
    Step,
    last_of_all,
    like_pattern,
    marked,
    search_words,
    track_of,
)

ORDERS_A_PAGE = 12


@dataclass(frozen=True, slots=True)
class OrderView:
    """One order with everything that its page says."""

    id: int
    number: str
    state: str
    goods_kopecks: int
    delivery_kopecks: int
    total_kopecks: int
    points: int
    promo_kopecks: int
    balance_kopecks: int
    outside_kopecks: int
    earns_points: int
    payment_method: str
    recipient_name: str
    recipient_phone: str
    delivery_method: str
    place_name: str
    address: str
    comment: str
    placed_at: datetime
    pay_until: datetime
    paid_at: datetime | None
    received_at: datetime | None
    closed_at: datetime | None
    counter_hours: str | None
    card_scheme: str | None
    card_last4: str | None
    # How much of what came from outside was given in the bank's own bonuses.
    bonus_kopecks: int
    parcels: tuple[ParcelView, ...]

    @property
    def lines(self) -> list[OrderLineView]:
        """Everything in it, whatever parcel it travels in."""
        return [line for parcel in self.parcels for line in parcel.lines]

    @property
    def pieces(self) -> int:
        """How many things are in it."""
        return sum(parcel.pieces for parcel in self.parcels)

    @property
    def saved_kopecks(self) -> int:
        """How much less it cost than by the old prices."""
        return sum(
            (line.old_price_kopecks - line.price_kopecks) * line.quantity
            for line in self.lines
            if line.old_price_kopecks
        )

    @property
    def is_under_way(self) -> bool:
        """True while something may still happen to it by itself."""
        return self.state in UNDER_WAY

    @property
    def promised(self) -> list[date]:
        """The days on which what hasn't come yet is promised."""
        return sorted({parcel.promised_on for parcel in self.parcels if not parcel.received_at})

    @property
    def is_paid_at_the_door(self) -> bool:
        """True when it is paid for on receipt."""
        return self.payment_method == "on_receipt"

    @property
    def door_kopecks(self) -> int:
        """What is still to be taken on receipt: of parcels on their way, without what was called off."""
        if not self.is_paid_at_the_door or not self.is_under_way:
            return 0
        return sum(parcel.door_kopecks for parcel in self.parcels)

    @property
    def paid_at_door(self) -> tuple[datetime, ...]:
        """When money was taken on receipt, parcel by parcel."""
        if not self.is_paid_at_the_door or not self.outside_kopecks:
            return ()
        return tuple(parcel.received_at for parcel in self.parcels if parcel.received_at)

    @property
    def steps(self) -> tuple[Step, ...]:
        """How far the order as a whole has come."""
        return track_of(
            placed_at=self.placed_at,
            paid_at=self.paid_at,
            is_paid_at_the_door=self.is_paid_at_the_door,
            assembled_at=last_of_all(parcel.assembled_at for parcel in self.parcels),
            shipped_at=last_of_all(parcel.shipped_at for parcel in self.parcels),
            received_at=self.received_at,
        )

    def steps_of(self, parcel: ParcelView) -> tuple[Step, ...]:
        """How far one parcel has come."""
        return track_of(
            placed_at=self.placed_at,
            paid_at=self.paid_at,
            is_paid_at_the_door=self.is_paid_at_the_door,
            assembled_at=parcel.assembled_at,
            shipped_at=parcel.shipped_at,
            received_at=parcel.received_at,
        )


@dataclass(frozen=True, slots=True)
class OrderList:
    """A page of somebody's orders, and how many there are in all."""

    orders: tuple[OrderView, ...]
    count: int
    page: int
    words: tuple[str, ...]

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.count // ORDERS_A_PAGE))

    def found_lines(self, order: OrderView) -> list[OrderLineView]:
        """The goods of an order in which something looked for stands."""
        return [line for line in order.lines if any(is_hit for _, is_hit in self.marked(line.name))]

    def marked(self, text: str) -> list[tuple[str, bool]]:
        """A text in pieces, each with whether it was looked for."""
        return marked(text, self.words)


ORDER_COLUMNS: tuple[Any, ...] = (
    Order.id,
    Order.number,
    Order.state,
    Order.goods_kopecks,
    Order.delivery_kopecks,
    Order.total_kopecks,
    Order.points,
    Order.promo_kopecks,
    Order.balance_kopecks,
    Order.outside_kopecks,
    Order.earns_points,
    Order.payment_method,
    Order.recipient_name,
    Order.recipient_phone,
    Order.delivery_method,
    Order.place_name,
    Order.address,
    Order.comment,
    Order.placed_at,
    Order.pay_until,
    Order.paid_at,
    Order.received_at,
    Order.closed_at,
    PickupPoint.hours.label("counter_hours"),
    PaymentAttempt.card_scheme,
    PaymentAttempt.card_last4,
    func.coalesce(PaymentAttempt.bonus_kopecks, 0).label("bonus_kopecks"),
)


def orders_like(*, account_id: int, words: str = "", page: int = 1) -> OrderList:
    """Return a page of an account's orders, the newest first, in which all the words stand. Two queries.

    The words are looked for in the order's number and in the names of its goods.
    """
    looked_for = search_words(words)
    conditions = [Order.account_id == account_id, *finding(looked_for)]
    rows = db.session.execute(
        orders_by(func.count().over().label("count_of_all"))
        .where(*conditions)
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(ORDERS_A_PAGE)
        .offset((page - 1) * ORDERS_A_PAGE)
    ).all()
    if not rows and page > 1:
        return orders_like(account_id=account_id, words=words)
    count = rows[0].count_of_all if rows else 0
    return OrderList(tuple(views_of(rows)), count, page, looked_for)


def order_of(*, account_id: int, number: str) -> OrderView:
    """Return one order of an account. Two queries.

    :raises NoResultFound: when the account has no such order.
    """
    row = db.session.execute(
        orders_by().where(Order.number == number, Order.account_id == account_id)
    ).one()
    return views_of([row])[0]


def finding(words: Sequence[str]) -> list[ColumnElement[bool]]:
    """Return the conditions by which an order has all these words."""
    return [Order.search_text.like(like_pattern(word), escape="\\") for word in words]


def orders_by(*more: Any) -> Any:
    """Return the query for ORDER_COLUMNS and whatever else is wanted of each order."""
    paid_by = (PaymentAttempt.order_id == Order.id) & (PaymentAttempt.state == "succeeded")
    return (
        select(*ORDER_COLUMNS, *more)
        .outerjoin(PickupPoint, PickupPoint.id == Order.pickup_point_id)
        .outerjoin(PaymentAttempt, paid_by & PaymentAttempt.is_surplus.is_(False))
    )


def views_of(rows: Iterable[Any]) -> list[OrderView]:
    """Return the orders of rows that begin with ORDER_COLUMNS, with their parcels and lines. One query."""
    known = [dict(zip(_names(ORDER_COLUMNS), row, strict=False)) for row in rows]
    parcels = parcels_of([facts["id"] for facts in known])
    return [OrderView(**facts, parcels=tuple(parcels.get(facts["id"], ()))) for facts in known]


def _names(columns: Sequence[Any]) -> list[str]:
    return [column.key for column in columns]
