"""What letters about an order say, as plain facts that outlive the transaction they were read in."""

from typing import Any

from shop.db import db
from shop.models.auth import Account
from shop.models.orders import Order
from shop.queries.orders.cabinet import OrderView, orders_by, views_of
from shop.queries.orders.parcels import ParcelView
from shop.rules.names import greeting


def letter_facts(*, order_id: int) -> dict[str, Any]:
    """Return what the letters order_accepted, order_paid, order_shipped and order_received need.

    Days and moments are written as ISO texts, since the outbox keeps JSON.
    """
    columns = (Account.given_name, Account.patronymic, Account.greeting.label("style"))
    row = db.session.execute(
        orders_by(*columns)
        .join(Account, Account.id == Order.account_id)
        .where(Order.id == order_id)
    ).one()
    order = views_of([row])[0]
    return {
        "greeting": greeting(row.given_name, row.patronymic, row.style),
        "number": order.number,
        "goods_kopecks": order.goods_kopecks,
        "delivery_kopecks": order.delivery_kopecks,
        "total_kopecks": order.total_kopecks,
        "points": order.points,
        "own_kopecks": order.promo_kopecks + order.balance_kopecks,
        "outside_kopecks": order.outside_kopecks,
        "payment_method": order.payment_method,
        "recipient_name": order.recipient_name,
        "delivery_method": order.delivery_method,
        "place_name": order.place_name,
        "address": order.address,
        "counter_hours": order.counter_hours or "",
        "pay_until": order.pay_until.isoformat(),
        "is_received": order.state == "received",
        "parcels": _parcels(order),
    }


def _parcels(order: OrderView) -> list[dict[str, Any]]:
    return [_parcel(parcel) for parcel in order.parcels]


def _parcel(parcel: ParcelView) -> dict[str, Any]:
    lines = [
        {"name": line.name, "quantity": kept, "sum_kopecks": kept * line.price_kopecks}
        for line in parcel.lines
        # What was called off doesn't travel.
        if (kept := line.quantity - line.canceled)
    ]
    return {
        "position": parcel.position,
        "state": parcel.state,
        "track": parcel.track,
        "promised_on": parcel.promised_on.isoformat(),
        "lines": lines,
    }
