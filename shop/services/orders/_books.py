"""What an order does in the books: points and balances set aside, spent or given back; goods handed over.

Called inside the use-cases of an order's steps, once each: the order has just moved.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from shop.db import db
from shop.models.orders import Order, OrderLine, Parcel
from shop.rules import ledger
from shop.rules.funding import Funding, part_of, share_of_units
from shop.rules.ledger import Line, flow
from shop.services.ledger import Came, post
from shop.services.points import promise, put_back_to_lots, take_from_lots
from shop.services.receipts import receipt_for_order, receipt_for_parcel


def hold(order: Order, now: datetime) -> None:
    """Set aside what the customer gives in points and from the balances, until the order is paid or dropped."""
    if order.points:
        take_from_lots(account_id=order.account_id, order_id=order.id, points=order.points, now=now)
    post(
        once_key=f"ord:{order.number}:hold",
        kind="order_hold",
        lines=_held(order),
        reference=order.number,
        actor="customer",
        now=now,
    )


def _held(order: Order) -> Iterator[Line]:
    owner = order.account_id
    yield from flow(ledger.promo(owner), ledger.promo_held(owner), order.promo_kopecks)
    yield from flow(ledger.balance(owner), ledger.balance_held(owner), order.balance_kopecks)
    yield from flow(ledger.points(owner), ledger.points_held(owner), order.points)


def capture(order: Order, came: Came | None, now: datetime) -> None:
    """Put all that pays for an order together; what came from outside is there, or comes when it is received."""
    owner, advance = order.account_id, ledger.advance(order.number)
    lines = [
        *(came.into(advance) if came else ()),
        *flow(ledger.promo_held(owner), advance, order.promo_kopecks),
        *flow(ledger.balance_held(owner), advance, order.balance_kopecks),
        *flow(ledger.points_held(owner), ledger.POINTS_REDEEMED, order.points),
    ]
    post(
        once_key=f"ord:{order.number}:paid",
        kind="order_paid",
        lines=lines,
        reference=order.number,
        actor="gateway" if came else "shop",
        now=now,
    )
    attempt_id = came.attempt_id if came else None
    receipt_for_order(order_id=order.id, attempt_id=attempt_id, now=now)


def release(order: Order, now: datetime) -> None:
    """Give back what was set aside for an order that nobody has paid."""
    if order.points:
        put_back_to_lots(order_id=order.id, points=order.points, now=now)
    post(
        once_key=f"ord:{order.number}:release",
        kind="order_release",
        lines=[Line(line.book, -line.amount) for line in _held(order)],
        reference=order.number,
        actor="shop",
        now=now,
    )


def hand_over(parcel: Parcel, *, return_days: int, actor: str, now: datetime) -> None:
    """Count a parcel that the customer has as sold, and promise the points that it brings."""
    order = db.session.get_one(Order, parcel.order_id)
    lines = list(db.session.scalars(select(OrderLine).where(OrderLine.parcel_id == parcel.id)))
    goods = sum((_kept(line) for line in lines), Funding())
    carriage = parcel.delivery_kopecks
    given = goods.promo_kopecks + goods.money_kopecks
    advance = ledger.advance(order.number)
    at_the_door = goods.outside_kopecks + (
        carriage - parcel.delivery_promo_kopecks - parcel.delivery_balance_kopecks
    )
    post(
        once_key=f"shp:{parcel.id}:done",
        kind="handed_over",
        lines=[
            *flow(
                ledger.CASH_DESK,
                advance,
                at_the_door if order.payment_method == "on_receipt" else 0,
            ),
            *flow(advance, ledger.GOODS_REVENUE, given),
            *flow(advance, ledger.DELIVERY_REVENUE, carriage),
        ],
        reference=order.number,
        actor=actor,
        now=now,
    )
    receipt_for_parcel(parcel_id=parcel.id, now=now)
    _promise_points(order, parcel, lines, return_days, now)


def _promise_points(
    order: Order, parcel: Parcel, lines: list[OrderLine], return_days: int, now: datetime
) -> None:
    points = sum(
        share_of_units(
            line.earns_points, line.quantity, line.canceled, line.quantity - line.canceled
        )
        for line in lines
    )
    if points:
        promise(
            account_id=order.account_id,
            order_id=order.id,
            number=order.number,
            parcel_id=parcel.id,
            points=points,
            now=now,
            return_days=return_days,
        )


def _kept(line: OrderLine) -> Funding:
    """Return what pays for the pieces of a line that weren't called off."""
    return part_of(line.funding, line.quantity, line.canceled, line.quantity - line.canceled)
