"""Calling off pieces of an order that is being worked on: they leave their parcels, and what is empty ends."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import case, select, update

from shop.db import db, use_case
from shop.db.guarded import changed
from shop.models.orders import Order, OrderLine, Parcel
from shop.rules.orders import IN_WORK
from shop.services.catalog import return_stock, uncount_sales
from shop.services.orders._moving import follow_parcels, lines_of
from shop.services.orders._telling import note
from shop.services.orders.steps import StepNotPossible


class MoreThanCame(Exception):
    """More pieces are said to be good than have been sent."""


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

    With `to_stock` they lie in their warehouse again, but for those that have left it: they are awaited (`take_back`).
    All count as sold no more. An emptied parcel is canceled, and so is an order without any.

    :raises StepNotPossible: when a parcel has gone on meanwhile, or a line has fewer pieces left.
    """
    gone: dict[int, int] = {}
    for line in lines_of(order_id):
        if units := chosen.get(line.id, 0):
            has_left = _take_out(line, units, parcel_states)
            gone[line.product_id] = gone.get(line.product_id, 0) + units
            if to_stock and not has_left:
                return_stock(
                    product_id=line.product_id, warehouse_id=line.warehouse_id, quantity=units
                )
    uncount_sales(quantities=gone)
    _end_empty_parcels(order_id, parcel_states, actor, now)
    return follow_parcels(order_id, actor, now) == "canceled"


@use_case
def take_back(*, parcel_id: int, good: Mapping[int, int], actor: str, now: datetime) -> None:
    """Note that the goods of a called-off parcel have come back; `good` says how many of each line can be sold again.

    :raises StepNotPossible: when none of them is on its way back (any more).
    :raises MoreThanCame: when of a line more is good than has left; then nothing has changed.
    """
    coming = select(OrderLine).where(OrderLine.parcel_id == parcel_id, OrderLine.on_way_back > 0)
    lines = db.session.scalars(
        coming.order_by(OrderLine.id).execution_options(populate_existing=True)
    ).all()
    if not lines:
        raise StepNotPossible
    if any(not 0 <= good.get(line.id, 0) <= line.on_way_back for line in lines):
        raise MoreThanCame
    for line in lines:
        came = OrderLine.id == line.id, OrderLine.on_way_back == line.on_way_back
        if not changed(update(OrderLine).where(*came).values(on_way_back=0)):
            raise StepNotPossible
        if units := good.get(line.id, 0):
            return_stock(product_id=line.product_id, warehouse_id=line.warehouse_id, quantity=units)
    note(lines[0].order_id, "back", actor, now, parcel_id)


def _take_out(line: OrderLine, units: int, parcel_states: tuple[str, ...]) -> bool:
    """Take so many pieces out of a line; True when they have left the warehouse already."""
    has_left = OrderLine.parcel_id.in_(select(Parcel.id).where(Parcel.state == "shipped"))
    may_go = (
        select(Parcel.id)
        .join(Order, Order.id == Parcel.order_id)
        .where(Parcel.state.in_(parcel_states), Order.state.in_(IN_WORK))
    )
    on_way_back = db.session.scalar(
        update(OrderLine)
        .where(
            OrderLine.id == line.id,
            OrderLine.quantity - OrderLine.canceled - OrderLine.returned >= units,
            OrderLine.parcel_id.in_(may_go),
        )
        .values(
            canceled=OrderLine.canceled + units,
            on_way_back=OrderLine.on_way_back + case((has_left, units), else_=0),
        )
        .returning(OrderLine.on_way_back)
        .execution_options(synchronize_session=False)
    )
    if on_way_back is None:
        raise StepNotPossible
    return on_way_back > 0


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
