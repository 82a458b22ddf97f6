"""One step of an order, and its lines: what several deeds of orders share."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from shop.db import db
from shop.models.orders import Order, OrderLine
from shop.rules.orders import ORDER_STEPS, states_before
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


def lines_of(order_id: int) -> list[OrderLine]:
    """Return the lines of an order, in an order of their own."""
    # Always in the same order, so that two deeds never wait for each other crosswise.
    lines = (
        select(OrderLine)
        .where(OrderLine.order_id == order_id)
        .order_by(OrderLine.product_id, OrderLine.warehouse_id)
    )
    return list(db.session.scalars(lines))
