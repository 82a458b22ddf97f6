"""Each step that an order and its parcels take until they are in the customer's hands.

A step is one guarded UPDATE: whoever makes the row move writes the event and has the effects; whoever comes
second finds that it has moved already.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from shop.db import db, use_case
from shop.models.orders import Order, Parcel
from shop.models.payments import PaymentAttempt
from shop.rules.orders import IN_WORK, PARCEL_STEPS, states_before
from shop.services.catalog import count_sales, return_stock
from shop.services.ledger import Came
from shop.services.orders._books import capture, hand_over, release
from shop.services.orders._moving import follow_parcels, lines_of, move_order
from shop.services.orders._telling import note, tell


class StepNotPossible(Exception):
    """The parcel isn't where this step begins: somebody else took the step, or the order was dropped."""


@use_case
def mark_paid(*, order_id: int, came: Came | None, now: datetime) -> bool:
    """Note that the money is here; return False when the order doesn't wait for it (any more).

    `came` is what an attempt brought; None when points and balances pay for all of it. The order is paid by that
    attempt's method, whichever was chosen last: a payment given up may still be the one that brings the money.
    """
    actor = "gateway" if came else "shop"
    if not move_order(order_id, "paid", actor, now, paid_at=now, **_way_of(came)):
        return False
    capture(db.session.get_one(Order, order_id), came, now)
    _count(order_id)
    tell(order_id, "order_paid", now)
    return True


def _way_of(came: Came | None) -> dict[str, str]:
    if came is None:
        return {}
    return {"payment_method": db.session.get_one(PaymentAttempt, came.attempt_id).method}


@use_case
def choose_method(*, order_id: int, method: str) -> None:
    """Note by which way from outside an unpaid order will be paid."""
    db.session.execute(
        update(Order)
        .where(Order.id == order_id, Order.state == "awaiting_payment")
        .values(payment_method=method)
    )


@use_case
def accept_order(*, order_id: int, now: datetime) -> bool:
    """Let an order be worked on whose money is given when it is received; False when it doesn't wait."""
    if not move_order(order_id, "accepted", "shop", now):
        return False
    capture(db.session.get_one(Order, order_id), None, now)
    _count(order_id)
    return True


def _count(order_id: int) -> None:
    sold: dict[int, int] = {}
    for line in lines_of(order_id):
        sold[line.product_id] = sold.get(line.product_id, 0) + line.quantity
    count_sales(quantities=sold)


@use_case
def expire_order(*, order_id: int, now: datetime) -> bool:
    """Drop an order that wasn't paid in time and put its goods back; False when it waits no more."""
    return drop_order(order_id=order_id, state="expired", actor="shop", now=now)


@use_case
def drop_order(*, order_id: int, state: str, actor: str, now: datetime) -> bool:
    """End an unpaid order as expired or canceled: goods, points and balances go back. False when it waits no more."""
    waits = Order.state == "awaiting_payment"
    if not move_order(order_id, state, actor, now, waits, closed_at=now):
        return False
    db.session.execute(update(Parcel).where(Parcel.order_id == order_id).values(state="canceled"))
    for line in lines_of(order_id):
        return_stock(
            product_id=line.product_id, warehouse_id=line.warehouse_id, quantity=line.quantity
        )
    release(db.session.get_one(Order, order_id), now)
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
    tell(parcel.order_id, "order_shipped", now, parcel.position)


@use_case
def receive_parcel(*, parcel_id: int, return_days: int, actor: str, now: datetime) -> None:
    """Note that the customer has a parcel, and write about it; what it earned in points is promised.

    The points count after so many days: until then goods that simply don't suit may be brought back.

    :raises StepNotPossible: when it isn't on its way.
    """
    parcel = _move_parcel(parcel_id, "received", actor, now, received_at=now)
    hand_over(db.session.get_one(Parcel, parcel_id), return_days=return_days, actor=actor, now=now)
    tell(parcel.order_id, "order_received", now, parcel.position)


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
    note(parcel.order_id, state, actor, now, parcel_id)
    follow_parcels(parcel.order_id, actor, now)
    return parcel
