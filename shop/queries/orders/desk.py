"""Orders as the shop's people see them: what waits for whose hands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from shop.db import db
from shop.models.auth import Account
from shop.models.orders import Order, OrderEvent, OrderLine, Parcel
from shop.queries.orders.cabinet import OrderView, finding, orders_by, views_of
from shop.rules.names import full_name
from shop.rules.orders import search_words

ORDERS_AT_ONCE = 50
# A list of its own beside the states: orders of which something is on its way back to a warehouse.
COMING_BACK = "coming_back"


class DeskRow(NamedTuple):
    """A line of the desk's list."""

    number: str
    state: str
    placed_at: datetime
    total_kopecks: int
    recipient_name: str
    delivery_method: str
    place_name: str
    pieces: int
    parcels: int


@dataclass(frozen=True, slots=True)
class Desk:
    """A page of orders in one state (or COMING_BACK), and how many there are in each."""

    rows: tuple[DeskRow, ...]
    counts: Mapping[str, int]
    state: str
    page: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class Event:
    """One step in an order's log. `by` is an employee's name, else empty."""

    state: str
    parcel_position: int | None
    actor: str
    by: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class DeskOrder:
    """One order with what the desk needs to know beside what its owner sees."""

    order: OrderView
    customer_name: str
    customer_email: str
    events: tuple[Event, ...]


def desk_of(*, state: str = "", words: str = "", page: int = 1) -> Desk:
    """Return a page of orders: the oldest first where hands are waited for, else the newest. Two queries."""
    coming_back = select(OrderLine.order_id).where(OrderLine.on_way_back > 0)
    is_coming_back = Order.id.in_(coming_back)
    by_state = select(Order.state, func.count(), func.count().filter(is_coming_back))
    counted = db.session.execute(by_state.group_by(Order.state)).all()
    counts = {at: number for at, number, _coming in counted}
    if number := sum(coming for _at, _number, coming in counted):
        counts[COMING_BACK] = number
    in_state = is_coming_back if state == COMING_BACK else Order.state == state
    conditions = [*finding(search_words(words)), *([in_state] if state else [])]
    waits = state in {"paid", "assembling", COMING_BACK}
    order = (Order.placed_at, Order.id) if waits else (Order.placed_at.desc(), Order.id.desc())
    pieces = select(func.sum(OrderLine.quantity)).where(OrderLine.order_id == Order.id)
    parcels = select(func.count()).where(Parcel.order_id == Order.id)
    rows = db.session.execute(
        select(
            Order.number,
            Order.state,
            Order.placed_at,
            Order.total_kopecks,
            Order.recipient_name,
            Order.delivery_method,
            Order.place_name,
            pieces.scalar_subquery(),
            parcels.scalar_subquery(),
        )
        .where(*conditions)
        .order_by(*order)
        .limit(ORDERS_AT_ONCE + 1)
        .offset((page - 1) * ORDERS_AT_ONCE)
    ).all()
    shown = tuple(DeskRow(*row) for row in rows[:ORDERS_AT_ONCE])
    return Desk(shown, counts, state, page, has_more=len(rows) > ORDERS_AT_ONCE)


def desk_order(*, number: str) -> DeskOrder:
    """Return one order for the desk. Four queries.

    :raises NoResultFound: when there is no such order.
    """
    columns = (
        Account.family_name,
        Account.given_name,
        Account.patronymic,
        Account.email.label("customer_email"),
    )
    row = db.session.execute(
        orders_by(*columns)
        .join(Account, Account.id == Order.account_id)
        .where(Order.number == number)
    ).one()
    order = views_of([row])[0]
    name = full_name(row.family_name, row.given_name, row.patronymic)
    return DeskOrder(order, name, row.customer_email, _events_of(order))


def _events_of(order: OrderView) -> tuple[Event, ...]:
    positions = {parcel.id: parcel.position for parcel in order.parcels}
    rows = db.session.execute(
        select(OrderEvent.state, OrderEvent.parcel_id, OrderEvent.actor, OrderEvent.happened_at)
        .where(OrderEvent.order_id == order.id)
        .order_by(OrderEvent.id)
    ).all()
    names = _employees({row.actor for row in rows})
    return tuple(
        Event(
            row.state,
            positions.get(row.parcel_id),
            row.actor,
            names.get(row.actor, ""),
            row.happened_at,
        )
        for row in rows
    )


def _employees(actors: set[str]) -> dict[str, str]:
    ids = {int(actor.removeprefix("staff:")) for actor in actors if actor.startswith("staff:")}
    if not ids:
        return {}
    people = db.session.execute(
        select(Account.id, Account.given_name, Account.family_name).where(Account.id.in_(ids))
    )
    return {f"staff:{row.id}": f"{row.given_name} {row.family_name}" for row in people}


def parcel_at_desk(*, number: str, parcel_id: int) -> Any:
    """Return a parcel of an order: its id and state.

    :raises NoResultFound: when the order has no such parcel.
    """
    return db.session.execute(
        select(Parcel.id, Parcel.state)
        .join(Order, Order.id == Parcel.order_id)
        .where(Order.number == number, Parcel.id == parcel_id)
    ).one()
