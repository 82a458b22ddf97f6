"""Orders to test with: opened of one piece of each product, then taken as far as the shop takes them."""

from datetime import date, datetime, timedelta
from typing import Any

from shop.db import db
from shop.models import Order, PaymentAttempt, Product
from shop.rules.orders import RETURN_DAYS
from shop.services import orders
from shop.services.ledger import Came
from shop.services.orders import Delivery, NewLine, NewParcel


def packed(
    things: tuple[Product, ...], *, warehouse_id: int, due_on: date, parcels: int
) -> tuple[NewParcel, ...]:
    """One piece of each, dealt out to so many parcels from one warehouse."""
    lines = [
        NewLine(thing.id, thing.name, "", thing.tint, 1, thing.price_kopecks, None)
        for thing in things
    ]
    return tuple(
        NewParcel(warehouse_id, due_on, 500, 29900, tuple(lines[number::parcels]))
        for number in range(parcels)
    )


def opened(
    *, account_id: int, once_key: str, parcels: tuple[NewParcel, ...], now: datetime, **more: Any
) -> int:
    """An order that waits half an hour for its money, to go by courier to Moscow; return its id."""
    values = {
        "recipient_name": "Секретов Игорь",
        "recipient_phone": "+79161234567",
        "method": "courier",
        "place_name": "Москва",
        "address": "ул. Лесная, 7, кв. 12",
        "pickup_point_id": None,
        "comment": "",
    }
    order_id, _ = orders.open_order(
        account_id=account_id,
        once_key=once_key,
        delivery=Delivery(**values | more),
        parcels=parcels,
        payment_method="bank_card",
        pay_until=now + timedelta(minutes=30),
        now=now,
    )
    return order_id


def bring(order_id: int, parcel_ids: list[int], state: str, now: datetime) -> None:
    """Take an order's steps up to `state`, as the shop does."""
    if state == "expired":
        orders.expire_order(order_id=order_id, now=now)
    steps = ["awaiting_payment", "paid", "assembling", "shipped", "received"]
    reach = steps.index(state) if state in steps else 0
    if reach >= 1:
        attempt = paid_attempt(db.session.get_one(Order, order_id), now)
        came = Came(attempt.id, "yookassa", attempt.amount_kopecks)
        orders.mark_paid(order_id=order_id, came=came, now=now)
    for parcel_id in parcel_ids:
        step = {"parcel_id": parcel_id, "actor": "staff:1", "now": now}
        if reach >= 2:
            orders.assemble_parcel(**step)
        if reach >= 3:
            orders.dispatch_parcel(**step, track="RA123456789RU")
        if reach >= 4:
            orders.receive_parcel(**step, return_days=RETURN_DAYS)


def paid_attempt(order: Order, now: datetime) -> PaymentAttempt:
    """The attempt that brought an order's money."""
    attempt = PaymentAttempt(
        order_id=order.id,
        gateway="yookassa",
        method="bank_card",
        amount_kopecks=order.outside_kopecks,
        state="succeeded",
        idempotence_key=f"paid-{order.number}",
        gateway_ref=f"paid-{order.number}",
        opened_at=now,
        settled_at=now,
    )
    db.session.add(attempt)
    db.session.commit()
    return attempt
