"""Rules 5, 6, 10 and 18: what pays for an order adds up, is there when it must be, and its steps are legal."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.sql.selectable import Subquery

from shop.models.certificates import Certificate
from shop.models.ledger import LedgerAccount, LedgerEntry
from shop.models.orders import Order, OrderEvent, OrderLine, Parcel
from shop.models.payments import PaymentAttempt
from shop.queries.audit.findings import (
    NOTHING,
    Finding,
    Question,
    all_of,
    joined,
    told,
    zero_if_none,
)
from shop.rules.funding import LEAST_OUTSIDE, POINT
from shop.rules.orders import ORDER_STEPS, PARCEL_STEPS
from shop.rules.points import MOST_PERCENT

ENDED = ("received", "expired", "canceled")


def orders_of_other_sums(_now: datetime) -> list[Finding]:
    """5: lines and carriages add up to the order, by source; points pay for a quarter of the goods at most."""
    lines, carriages = _sums_of_lines(), _sums_of_carriages()
    parts: dict[str, tuple[Any, ColumnElement[int]]] = {
        "goods": (Order.goods_kopecks, zero_if_none(lines.c.goods)),
        "delivery": (Order.delivery_kopecks, zero_if_none(carriages.c.whole)),
        "points": (Order.points, zero_if_none(lines.c.points)),
        "promo": (Order.promo_kopecks, zero_if_none(lines.c.promo + carriages.c.promo)),
        "balance": (Order.balance_kopecks, zero_if_none(lines.c.balance + carriages.c.balance)),
        "outside": (Order.outside_kopecks, zero_if_none(lines.c.outside + carriages.c.outside)),
        "earned": (Order.earns_points, zero_if_none(lines.c.earned)),
    }
    most = Order.goods_kopecks * MOST_PERCENT / 100 / POINT
    little = Order.outside_kopecks.between(1, LEAST_OUTSIDE - 1)
    return all_of(
        *(
            told(
                5,
                f"funding_{name}",
                select(Order.number, column, must_be)
                .outerjoin(lines, lines.c.order_id == Order.id)
                .outerjoin(carriages, carriages.c.order_id == Order.id)
                .where(column != must_be),
                in_money=name not in {"points", "earned"},
            )
            for name, (column, must_be) in parts.items()
        ),
        told(5, "points_share", select(Order.number, Order.points).where(Order.points > most)),
        told(
            5,
            "outside_too_little",
            select(Order.number, Order.outside_kopecks, literal(LEAST_OUTSIDE)).where(
                little, Order.outside_kopecks != Order.total_kopecks
            ),
            in_money=True,
        ),
    )


def _sums_of_lines() -> Subquery:
    return (
        select(
            OrderLine.order_id,
            func.sum(OrderLine.quantity * OrderLine.price_kopecks).label("goods"),
            func.sum(OrderLine.points).label("points"),
            func.sum(OrderLine.promo_kopecks).label("promo"),
            func.sum(OrderLine.balance_kopecks).label("balance"),
            func.sum(OrderLine.outside_kopecks).label("outside"),
            func.sum(OrderLine.earns_points).label("earned"),
        )
        .group_by(OrderLine.order_id)
        .subquery()
    )


def _sums_of_carriages() -> Subquery:
    promo, balance = Parcel.delivery_promo_kopecks, Parcel.delivery_balance_kopecks
    return (
        select(
            Parcel.order_id,
            func.sum(Parcel.delivery_kopecks).label("whole"),
            func.sum(promo).label("promo"),
            func.sum(balance).label("balance"),
            func.sum(Parcel.delivery_kopecks - promo - balance).label("outside"),
        )
        .group_by(Parcel.order_id)
        .subquery()
    )


def payments_that_do_not_fit(_now: datetime) -> list[Finding]:
    """6: a paid order has exactly one payment, of just its sum, or needs none; what it holds is taken; unpaid ones have none."""
    paid_from_outside = and_(
        Order.paid_at.is_not(None),
        Order.outside_kopecks > 0,
        Order.payment_method != "on_receipt",
    )
    sold = and_(Certificate.sold_at.is_not(None), Certificate.is_free.is_(False))
    return all_of(
        _paid_once(
            select(Order.number), Order.id, PaymentAttempt.order_id, paid_from_outside, Order
        ),
        _paid_once(
            select(Certificate.serial),
            Certificate.id,
            PaymentAttempt.certificate_id,
            sold,
            Certificate,
        ),
        told(6, "not_captured", _with_entry("order_paid", _must_be_taken(), is_there=False)),
        told(6, "captured_unpaid", _with_entry("order_paid", ~was_taken(), is_there=True)),
    )


def _paid_once(
    named: Question, thing_id: Any, paid: Any, is_paid: ColumnElement[bool], model: Any
) -> list[Finding]:
    brought = (
        select(
            paid.label("thing"),
            func.count().label("number"),
            func.sum(PaymentAttempt.amount_kopecks).label("kopecks"),
        )
        .where(
            PaymentAttempt.state == "succeeded",
            PaymentAttempt.is_surplus.is_(False),
            paid.is_not(None),
        )
        .group_by(paid)
        .subquery()
    )
    number, must_be = zero_if_none(brought.c.number), case((is_paid, 1), else_=0)
    price = getattr(model, "outside_kopecks", None) or model.nominal_kopecks
    beside = named.outerjoin(brought, brought.c.thing == thing_id)
    return all_of(
        told(6, "payments", beside.add_columns(number, must_be).where(number != must_be)),
        told(
            6,
            "payment_sum",
            beside.add_columns(brought.c.kopecks, price).where(
                number == 1, brought.c.kopecks != price
            ),
            in_money=True,
        ),
    )


def was_taken() -> ColumnElement[bool]:
    """Return what is true of an order that has been paid, or accepted to be paid when it is received."""
    return (
        select(OrderEvent.id)
        .where(
            OrderEvent.order_id == Order.id,
            OrderEvent.parcel_id.is_(None),
            OrderEvent.state.in_(("paid", "accepted")),
        )
        .exists()
    )


def _must_be_taken() -> ColumnElement[bool]:
    holds = Order.points + Order.promo_kopecks + Order.balance_kopecks > 0
    return or_(Order.paid_at.is_not(None), and_(was_taken(), holds))


def _with_entry(kind: str, which: ColumnElement[bool], *, is_there: bool) -> Question:
    entry = and_(LedgerEntry.reference == Order.number, LedgerEntry.kind == kind)
    there = LedgerEntry.id.is_not(None) if is_there else LedgerEntry.id.is_(None)
    return select(Order.number).outerjoin(LedgerEntry, entry).where(which, there)


def ended_orders_that_keep_money(_now: datetime) -> list[Finding]:
    """10: nothing is left of what was paid for an order that has ended; a parcel is counted as sold when it is received."""
    kept = (
        select(Order.number, LedgerAccount.balance, NOTHING)
        .join(LedgerAccount, LedgerAccount.code == joined("order:", Order.number, ":advance"))
        .where(Order.state.in_(ENDED), LedgerAccount.balance != 0)
    )
    key = joined("shp:", Parcel.id, ":done")
    is_received = Parcel.state == "received"
    not_sold = (
        select(Order.number)
        .join(Parcel, Parcel.order_id == Order.id)
        .outerjoin(LedgerEntry, LedgerEntry.once_key == key)
        .where(is_received, LedgerEntry.id.is_(None))
    )
    sold_too_soon = select(LedgerEntry.once_key).where(
        LedgerEntry.kind == "handed_over",
        LedgerEntry.once_key.not_in(select(key).where(is_received)),
    )
    return all_of(
        told(10, "advance_left", kept, in_money=True),
        told(10, "not_handed_over", not_sold),
        told(10, "handed_over_too_soon", sold_too_soon),
    )


def steps_that_are_not_legal(_now: datetime) -> list[Finding]:
    """18: orders and parcels have come by legal steps only to where they are."""
    whole, parcel = OrderEvent.parcel_id.is_(None), OrderEvent.parcel_id.is_not(None)
    # A parcel begins to wait, and is dropped with its order, without a word.
    quiet = and_(Parcel.state == "canceled")
    return all_of(
        _illegal(ORDER_STEPS, OrderEvent.order_id, whole, first="", start="awaiting_payment"),
        _illegal(PARCEL_STEPS, OrderEvent.parcel_id, parcel, first="waiting", start="waiting"),
        told(18, "state", _elsewhere(Order, OrderEvent.order_id, whole, "awaiting_payment")),
        told(18, "state", _elsewhere(Parcel, OrderEvent.parcel_id, parcel, "waiting", ~quiet)),
    )


def _illegal(
    steps: dict[str, frozenset[str]], of: Any, which: ColumnElement[bool], *, first: str, start: str
) -> list[Finding]:
    before = func.lag(OrderEvent.state).over(partition_by=of, order_by=OrderEvent.id)
    step = joined(func.coalesce(before, first), " → ", OrderEvent.state).label("step")
    taken = select(OrderEvent.order_id, step).where(which).subquery()
    legal = [f"{one} → {other}" for one, after in steps.items() for other in sorted(after)]
    return all_of(
        told(
            18,
            "step",
            select(Order.number, taken.c.step)
            .join(taken, taken.c.order_id == Order.id)
            .where(taken.c.step.not_in([*legal, f"{first} → {start}"])),
        )
    )


def _elsewhere(
    model: Any, of: Any, which: ColumnElement[bool], start: str, *also: ColumnElement[bool]
) -> Question:
    """Orders or parcels whose last noted step isn't where they are."""
    last = select(func.max(OrderEvent.id).label("id")).where(which).group_by(of).subquery()
    noted = (
        select(of.label("thing"), OrderEvent.state)
        .join(last, last.c.id == OrderEvent.id)
        .subquery()
    )
    stands = func.coalesce(noted.c.state, literal(start))
    found = select(Order.number, model.state, stands)
    if model is Parcel:
        found = found.join(Parcel, Parcel.order_id == Order.id)
    return found.outerjoin(noted, noted.c.thing == model.id).where(model.state != stands, *also)
