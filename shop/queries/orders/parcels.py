"""Parcels of orders with what is in them, as everybody sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select

from shop.db import db
from shop.models.catalog import Product, Warehouse
from shop.models.orders import OrderLine, Parcel
from shop.queries.catalog import product_url
from shop.rules.funding import share_of_units


@dataclass(frozen=True, slots=True)
class OrderLineView:
    """So many of one product, as it was bought."""

    id: int
    product_id: int
    url: str
    name: str
    picture: str
    tint: str
    quantity: int
    price_kopecks: int
    old_price_kopecks: int | None
    # Pieces called off before they were handed over, and given back afterwards.
    canceled: int = 0
    returned: int = 0
    # Of those called off: the pieces that had left, and haven't come back yet.
    on_way_back: int = 0
    # What of it is paid from outside, called-off pieces too.
    outside_kopecks: int = 0

    @property
    def is_called_off(self) -> bool:
        """True when no piece of it is left."""
        return self.canceled == self.quantity

    @property
    def kept(self) -> int:
        """How many pieces were neither called off nor given back."""
        return self.quantity - self.canceled - self.returned

    @property
    def sum_kopecks(self) -> int:
        """What all of it cost."""
        return self.quantity * self.price_kopecks


@dataclass(frozen=True, slots=True)
class ParcelView:
    """What travels together, and how far it is."""

    id: int
    position: int
    state: str
    warehouse_name: str
    promised_on: date
    weight_g: int
    delivery_kopecks: int
    track: str
    assembled_at: datetime | None
    shipped_at: datetime | None
    received_at: datetime | None
    # What of its carriage is paid from outside.
    carriage_kopecks: int
    lines: tuple[OrderLineView, ...]

    @property
    def pieces(self) -> int:
        """How many things are in it."""
        return sum(line.quantity for line in self.lines)

    @property
    def pieces_sent(self) -> int:
        """How many things travel in it: all of them, when it was called off as a whole."""
        return sum(line.quantity - line.canceled for line in self.lines) or self.pieces

    @property
    def kept(self) -> int:
        """How many things in it were neither called off nor given back."""
        return sum(line.kept for line in self.lines)

    @property
    def coming_back(self) -> tuple[OrderLineView, ...]:
        """The lines with called-off pieces that haven't come back yet."""
        return tuple(line for line in self.lines if line.on_way_back)

    @property
    def door_kopecks(self) -> int:
        """What is taken when it is handed over, should its order be paid for on receipt."""
        if self.state in ("received", "canceled"):
            return 0
        kept = (
            share_of_units(
                line.outside_kopecks, line.quantity, line.canceled, line.quantity - line.canceled
            )
            for line in self.lines
        )
        return self.carriage_kopecks + sum(kept)


_PARCEL_COLUMNS = (
    Parcel.id,
    Parcel.position,
    Parcel.state,
    Warehouse.name.label("warehouse_name"),
    Parcel.promised_on,
    Parcel.weight_g,
    Parcel.delivery_kopecks,
    Parcel.track,
    Parcel.assembled_at,
    Parcel.shipped_at,
    Parcel.received_at,
    (
        Parcel.delivery_kopecks - Parcel.delivery_promo_kopecks - Parcel.delivery_balance_kopecks
    ).label("carriage_kopecks"),
)
_LINE_COLUMNS = (
    OrderLine.id.label("line_id"),
    OrderLine.product_id,
    Product.slug,
    OrderLine.name,
    OrderLine.picture,
    OrderLine.tint,
    OrderLine.quantity,
    OrderLine.price_kopecks,
    OrderLine.old_price_kopecks,
    OrderLine.canceled,
    OrderLine.returned,
    OrderLine.on_way_back,
    OrderLine.outside_kopecks,
)


def parcels_of(order_ids: Sequence[int]) -> dict[int, list[ParcelView]]:
    """Return the parcels of each of these orders, first to last. One query."""
    if not order_ids:
        return {}
    rows = db.session.execute(
        select(Parcel.order_id, *_PARCEL_COLUMNS, *_LINE_COLUMNS)
        .join(OrderLine, OrderLine.parcel_id == Parcel.id)
        .join(Product, Product.id == OrderLine.product_id)
        .join(Warehouse, Warehouse.id == Parcel.warehouse_id)
        .where(Parcel.order_id.in_(order_ids))
        .order_by(Parcel.order_id, Parcel.position, OrderLine.id)
    )
    found: dict[int, list[ParcelView]] = {}
    for _, group in groupby(rows, key=lambda row: row.id):
        together = list(group)
        found.setdefault(together[0].order_id, []).append(_parcel(together))
    return found


def _parcel(rows: Sequence[Any]) -> ParcelView:
    columns: list[Any] = list(rows[0])[1 : len(_PARCEL_COLUMNS) + 1]
    return ParcelView(*columns, lines=tuple(_line(row) for row in rows))  # type: ignore[misc]


def _line(row: Any) -> OrderLineView:
    line_id, product_id, slug, *rest = list(row)[len(_PARCEL_COLUMNS) + 1 :]
    return OrderLineView(line_id, product_id, product_url(product_id, slug), *rest)
