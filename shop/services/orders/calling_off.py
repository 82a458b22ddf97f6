"""Calling off pieces of an order that is being worked on: they leave their parcels, and what is empty ends."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update

from shop.db import db, use_case
from shop.db.guarded import changed
from shop.models.orders import Order, OrderLine, Parcel
from shop.rules.orders import IN_WORK
from shop.services.catalog import return_stock, uncount_sales
from shop.services.orders._moving import follow_parcels, lines_of
from shop.services.orders._telling import note
from shop.services.orders.steps import StepNotPossible


@use_case
def call_off(
    *,
    order_id: int,
    chosen: Mapping[int, int],
    parcel_states: tuple[str, ...],
    to_stock: bool,
    actor: str,
    now: datetime,
) -> bool:
    """Take pieces (line → how many) out of parcels that are in one of these states; True when the order ends by it.

    With `to_stock` they lie in their warehouse again; they count as sold no more. An emptied parcel is canceled, and so is an order without any.

    :raises StepNotPossible: when a parcel has gone on meanwhile, or a line has fewer pieces left.
    """
    gone: dict[int, int] = {}
    for line in lines_of(order_id):
        if units := chosen.get(line.id, 0):
            _take_out(line, units, parcel_states)
            gone[line.product_id] = gone.get(line.product_id, 0) + units
            if to_stock:
                return_stock(
                    product_id=line.product_id, warehouse_id=line.warehouse_id, quantity=units
                )
    uncount_sales(quantities=gone)
    _end_empty_parcels(order_id, parcel_states, actor, now)
    return follow_parcels(order_id, actor, now) == "canceled"


def _take_out(line: OrderLine, units: int, parcel_states: tuple[str, ...]) -> None:
    may_go = (
        select(Parcel.id)
        .join(Order, Order.id == Parcel.order_id)
        .where(Parcel.state.in_(parcel_states), Order.state.in_(IN_WORK))
    )
    taken = changed(
        update(OrderLine)
        .where(
            OrderLine.id == line.id,
            OrderLine.quantity - OrderLine.canceled - OrderLine.returned >= units,
            OrderLine.parcel_id.in_(may_go),
        )
        .values(canceled=OrderLine.canceled + units)
    )
    if not taken:
        raise StepNotPossible


def _end_empty_parcels(
    order_id: int, parcel_states: tuple[str, ...], actor: str, now: datetime
) -> None:
    full = select(OrderLine.parcel_id).where(
        OrderLine.order_id == order_id, OrderLine.canceled < OrderLine.quantity
    )
    ended = db.session.scalars(
        update(Parcel)
        .where(
            Parcel.order_id == order_id,
            Parcel.state.in_(parcel_states),
            Parcel.id.not_in(full),
        )
        .values(state="canceled")
        .returning(Parcel.id)
        .execution_options(synchronize_session=False)
    ).all()
    for parcel_id in sorted(ended):
        note(order_id, "canceled", actor, now, parcel_id)
