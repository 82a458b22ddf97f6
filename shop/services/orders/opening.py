"""Opening an order: its rows, what pays for it, and the first letter, all at once."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from shop.db import db, use_case
from shop.models.orders import Order, OrderLine, Parcel
from shop.rules.funding import Funding, allocate
from shop.rules.orders import number_of, search_text_of
from shop.rules.points import earned_of
from shop.services.orders._books import hold
from shop.services.orders._telling import note, tell


@dataclass(frozen=True, slots=True)
class NewLine:
    """So many of one product, as agreed."""

    product_id: int
    name: str
    picture: str
    tint: str
    quantity: int
    price_kopecks: int
    old_price_kopecks: int | None


@dataclass(frozen=True, slots=True)
class NewParcel:
    """What will travel together."""

    warehouse_id: int
    promised_on: date
    weight_g: int
    delivery_kopecks: int
    lines: tuple[NewLine, ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """To whom and where, for this order only."""

    recipient_name: str
    recipient_phone: str
    method: str
    place_name: str
    address: str
    pickup_point_id: int | None
    comment: str


@use_case
def open_order(
    *,
    account_id: int,
    once_key: str,
    delivery: Delivery,
    parcels: tuple[NewParcel, ...],
    payment_method: str,
    pay_until: datetime,
    now: datetime,
    funding: Funding | None = None,
    percent: int = 0,
) -> tuple[int, str]:
    """Write an order that waits for its payment, and return its id and number.

    Stock is taken by whoever calls, in the same transaction. Without `funding` all is paid from outside. Points and
    balances are set aside at once; `percent` of the money paid comes back in points when the goods stay.

    :raises NotEnough: when a balance no longer has what the funding takes of it.
    :raises NotEnoughPoints: when the points don't reach.
    """
    order = _new_order(account_id, once_key, delivery, parcels)
    order.payment_method, order.placed_at, order.pay_until = payment_method, now, pay_until
    whole = funding or Funding(outside_kopecks=order.total_kopecks)
    order.funding = whole
    db.session.add(order)
    db.session.flush()
    order.number = number_of(order.id)
    names = (line.name for parcel in parcels for line in parcel.lines)
    order.search_text = search_text_of(order.number, names)
    order.earns_points = _write_parcels(order.id, parcels, whole, percent)
    note(order.id, "awaiting_payment", "customer", now)
    db.session.flush()
    hold(order, now)
    tell(order.id, "order_accepted", now)
    return order.id, order.number


def _new_order(
    account_id: int, once_key: str, delivery: Delivery, parcels: tuple[NewParcel, ...]
) -> Order:
    goods = sum(line.price_kopecks * line.quantity for parcel in parcels for line in parcel.lines)
    carriage = sum(parcel.delivery_kopecks for parcel in parcels)
    return Order(
        number=f"~{secrets.token_hex(9)}",  # The real one follows from the id.
        account_id=account_id,
        once_key=once_key,
        state="awaiting_payment",
        goods_kopecks=goods,
        delivery_kopecks=carriage,
        total_kopecks=goods + carriage,
        recipient_name=delivery.recipient_name,
        recipient_phone=delivery.recipient_phone,
        delivery_method=delivery.method,
        place_name=delivery.place_name,
        address=delivery.address,
        pickup_point_id=delivery.pickup_point_id,
        comment=delivery.comment,
    )


def _write_parcels(
    order_id: int, parcels: tuple[NewParcel, ...], funding: Funding, percent: int
) -> int:
    """Write parcels and lines, each with its part of the funding; return the points that they will bring."""
    lines = [line for parcel in parcels for line in parcel.lines]
    of_lines, of_deliveries = allocate(
        funding,
        lines=[line.price_kopecks * line.quantity for line in lines],
        deliveries=[parcel.delivery_kopecks for parcel in parcels],
    )
    parts, points = iter(of_lines), 0
    for position, (parcel, carriage) in enumerate(zip(parcels, of_deliveries, strict=True), 1):
        row = _parcel(order_id, position, parcel, carriage)
        db.session.add(row)
        db.session.flush()
        for line in parcel.lines:
            written = _line(order_id, row, line)
            part = next(parts)
            written.funding = part
            written.earns_points = earned_of(part.money_kopecks, percent)
            points += written.earns_points
            db.session.add(written)
    return points


def _parcel(order_id: int, position: int, parcel: NewParcel, carriage: Funding) -> Parcel:
    return Parcel(
        order_id=order_id,
        warehouse_id=parcel.warehouse_id,
        position=position,
        state="waiting",
        promised_on=parcel.promised_on,
        weight_g=parcel.weight_g,
        delivery_kopecks=parcel.delivery_kopecks,
        delivery_promo_kopecks=carriage.promo_kopecks,
        delivery_balance_kopecks=carriage.balance_kopecks,
    )


def _line(order_id: int, parcel: Parcel, line: NewLine) -> OrderLine:
    return OrderLine(
        order_id=order_id,
        parcel_id=parcel.id,
        product_id=line.product_id,
        warehouse_id=parcel.warehouse_id,
        name=line.name,
        picture=line.picture,
        tint=line.tint,
        quantity=line.quantity,
        price_kopecks=line.price_kopecks,
        old_price_kopecks=line.old_price_kopecks,
    )
