"""One step of an order, and its lines: what several deeds of orders share."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from shop.db import db
from shop.models.orders import Order, OrderLine, Parcel
from shop.rules.orders import ORDER_STEPS, state_by_parcels, states_before
from shop.services.orders._telling import note


def move_order(
    order_id: int, state: str, actor: str, now: datetime, *also: ColumnElement[bool], **noted: Any
) -> bool:
    """Let an order take a step if it legally can; True when this call moved it."""
    moved = db.session.execute(
        update(Order)
        .where(Order.id == order_id, Order.state.in_(states_before(ORDER_STEPS, state)), *also)
        .values(state=state, **noted)
        .returning(Order.id)
    ).one_or_none()
    if moved is None:
        return False
    note(order_id, state, actor, now)
    return True


def follow_parcels(order_id: int, actor: str, now: datetime) -> str:
    """Let an order be as far as the parcels that are left; return how far: "canceled" when none is."""
    states = db.session.scalars(select(Parcel.state).where(Parcel.order_id == order_id)).all()
    reached = "canceled" if set(states) == {"canceled"} else state_by_parcels(states)
    noted = {"received": {"received_at": now, "closed_at": now}, "canceled": {"closed_at": now}}
    # Parcels that nobody has touched yet say nothing about how the order is paid.
    if reached != "paid":
        move_order(order_id, reached, actor, now, **noted.get(reached, {}))
    return reached


def lines_of(order_id: int) -> list[OrderLine]:
    """Return the lines of an order, in an order of their own."""
    # Always in the same order, so that two deeds never wait for each other crosswise.
    lines = (
        select(OrderLine)
        .where(OrderLine.order_id == order_id)
        .order_by(OrderLine.product_id, OrderLine.warehouse_id)
    )
    return list(db.session.scalars(lines))
