"""Orders: opening one, and each step that it and its parcels take until they are in the customer's hands.

A step is one guarded UPDATE: whoever makes the row move writes the event and has the effects; whoever comes
second finds that it has moved already.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from shop.db import db, use_case
from shop.models.auth import Account
from shop.models.orders import Order, OrderEvent, OrderLine, Parcel
from shop.queries.orders import letter_facts
from shop.rules.orders import (
    IN_WORK,
    ORDER_STEPS,
    PARCEL_STEPS,
    number_of,
    search_text_of,
    state_by_parcels,
    states_before,
)
from shop.services.catalog import count_sales, return_stock
from shop.services.notices import queue_letter


class StepNotPossible(Exception):
    """The parcel isn't where this step begins: somebody else took the step, or the order was dropped."""


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
) -> tuple[int, str]:
    """Write an order that waits for its payment, and return its id and number.

    Stock is taken by whoever calls, in the same transaction.
    """
    order = _new_order(account_id, once_key, delivery, parcels)
    order.payment_method, order.placed_at, order.pay_until = payment_method, now, pay_until
    db.session.add(order)
    db.session.flush()
    order.number = number_of(order.id)
    names = (line.name for parcel in parcels for line in parcel.lines)
    order.search_text = search_text_of(order.number, names)
    for position, parcel in enumerate(parcels, start=1):
        _write_parcel(order.id, position, parcel)
    _note(order.id, "awaiting_payment", "customer", now)
    db.session.flush()
    _tell(order.id, "order_accepted", now)
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


def _write_parcel(order_id: int, position: int, parcel: NewParcel) -> None:
    row = Parcel(
        order_id=order_id,
        warehouse_id=parcel.warehouse_id,
        position=position,
        state="waiting",
        promised_on=parcel.promised_on,
        weight_g=parcel.weight_g,
        delivery_kopecks=parcel.delivery_kopecks,
    )
    db.session.add(row)
    db.session.flush()
    for line in parcel.lines:
        db.session.add(
            OrderLine(
                order_id=order_id,
                parcel_id=row.id,
                product_id=line.product_id,
                warehouse_id=parcel.warehouse_id,
                name=line.name,
                picture=line.picture,
                tint=line.tint,
                quantity=line.quantity,
                price_kopecks=line.price_kopecks,
                old_price_kopecks=line.old_price_kopecks,
            )
        )


@use_case
def mark_paid(*, order_id: int, now: datetime) -> bool:
    """Note that the money is here; return False when the order doesn't wait for it (any more)."""
    if not _move_order(order_id, "paid", "gateway", now, paid_at=now):
        return False
    sold: dict[int, int] = {}
    for line in _lines(order_id):
        sold[line.product_id] = sold.get(line.product_id, 0) + line.quantity
    count_sales(quantities=sold)
    _tell(order_id, "order_paid", now)
    return True


@use_case
def expire_order(*, order_id: int, now: datetime) -> bool:
    """Drop an order that wasn't paid in time and put its goods back; False when it waits no more."""
    if not _move_order(order_id, "expired", "shop", now, closed_at=now):
        return False
    db.session.execute(update(Parcel).where(Parcel.order_id == order_id).values(state="canceled"))
    for line in _lines(order_id):
        return_stock(
            product_id=line.product_id, warehouse_id=line.warehouse_id, quantity=line.quantity
        )
    return True


@use_case
def assemble_parcel(*, parcel_id: int, actor: str, now: datetime) -> None:
    """Note that a parcel is packed.

    :raises StepNotPossible: when it isn't waiting for that.
    """
    _move_parcel(parcel_id, "assembled", actor, now, assembled_at=now)


@use_case
def dispatch_parcel(*, parcel_id: int, track: str, actor: str, now: datetime) -> None:
    """Note that a parcel is on its way, and write to the customer.

    :raises StepNotPossible: when it isn't packed, or has left already.
    """
    parcel = _move_parcel(parcel_id, "shipped", actor, now, shipped_at=now, track=track)
    _tell(parcel.order_id, "order_shipped", now, parcel.position)


@use_case
def receive_parcel(*, parcel_id: int, actor: str, now: datetime) -> None:
    """Note that the customer has a parcel, and write about it.

    :raises StepNotPossible: when it isn't on its way.
    """
    parcel = _move_parcel(parcel_id, "received", actor, now, received_at=now)
    _tell(parcel.order_id, "order_received", now, parcel.position)


def _move_parcel(parcel_id: int, state: str, actor: str, now: datetime, **noted: Any) -> Any:
    in_work = select(Order.id).where(Order.state.in_(IN_WORK))
    parcel = db.session.execute(
        update(Parcel)
        .where(
            Parcel.id == parcel_id,
            Parcel.state.in_(states_before(PARCEL_STEPS, state)),
            Parcel.order_id.in_(in_work),
        )
        .values(state=state, **noted)
        .returning(Parcel.order_id, Parcel.position)
    ).one_or_none()
    if parcel is None:
        raise StepNotPossible
    _note(parcel.order_id, state, actor, now, parcel_id)
    states = db.session.scalars(
        select(Parcel.state).where(Parcel.order_id == parcel.order_id)
    ).all()
    reached = state_by_parcels(states)
    ended = {"received_at": now, "closed_at": now} if reached == "received" else {}
    _move_order(parcel.order_id, reached, actor, now, **ended)
    return parcel


def _move_order(order_id: int, state: str, actor: str, now: datetime, **noted: Any) -> bool:
    """Let an order take a step if it legally can; True when this call moved it."""
    moved = db.session.execute(
        update(Order)
        .where(Order.id == order_id, Order.state.in_(states_before(ORDER_STEPS, state)))
        .values(state=state, **noted)
        .returning(Order.id)
    ).one_or_none()
    if moved is None:
        return False
    _note(order_id, state, actor, now)
    return True


def _note(
    order_id: int, state: str, actor: str, now: datetime, parcel_id: int | None = None
) -> None:
    db.session.add(
        OrderEvent(
            order_id=order_id, parcel_id=parcel_id, state=state, actor=actor, happened_at=now
        )
    )


def _lines(order_id: int) -> list[OrderLine]:
    # Always in the same order, so that two deeds never wait for each other crosswise.
    lines = (
        select(OrderLine)
        .where(OrderLine.order_id == order_id)
        .order_by(OrderLine.product_id, OrderLine.warehouse_id)
    )
    return list(db.session.scalars(lines))


def _tell(order_id: int, letter: str, now: datetime, parcel: int | None = None) -> None:
    to, language = db.session.execute(
        select(Account.email, Account.language)
        .join(Order, Order.account_id == Account.id)
        .where(Order.id == order_id)
    ).one()
    facts = letter_facts(order_id=order_id)
    key = f"order-{order_id}-{letter}"
    if parcel is not None:
        facts["parcel_position"] = parcel
        key += f"-{parcel}"
    queue_letter(letter=letter, to=to, language=language, facts=facts, once_key=key, now=now)
