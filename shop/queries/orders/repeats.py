"""What earlier orders say to a checkout: that it happened already, and where things were brought last."""

from typing import NamedTuple

from sqlalchemy import select

from shop.db import db
from shop.models.orders import Order


class Placed(NamedTuple):
    """An order that stands."""

    order_id: int
    number: str


class LastDelivery(NamedTuple):
    """To whom and where the last order went."""

    recipient_name: str
    recipient_phone: str
    delivery_method: str
    place_name: str
    address: str
    pickup_point_id: int | None


def order_by_once_key(*, account_id: int, once_key: str) -> Placed | None:
    """Return the order that this checkout page has placed already, or None."""
    row = db.session.execute(
        select(Order.id, Order.number).where(
            Order.once_key == once_key, Order.account_id == account_id
        )
    ).one_or_none()
    return Placed(*row) if row else None


def last_delivery_of(*, account_id: int) -> LastDelivery | None:
    """Return how an account's last order travelled, or None when this is the first."""
    row = db.session.execute(
        select(
            Order.recipient_name,
            Order.recipient_phone,
            Order.delivery_method,
            Order.place_name,
            Order.address,
            Order.pickup_point_id,
        )
        .where(Order.account_id == account_id)
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(1)
    ).one_or_none()
    return LastDelivery(*row) if row else None
