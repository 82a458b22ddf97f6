"""Rule 13: every movement of a customer's money has its fiscal receipt, of just its sum, and none waits for long."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.sql.selectable import Subquery

from shop.db import db
from shop.models.certificates import Certificate
from shop.models.ledger import LedgerAccount, LedgerEntry, LedgerPosting
from shop.models.orders import Order, OrderLine, Parcel
from shop.models.payments import PaymentAttempt, PaymentRefund
from shop.models.receipts import Receipt
from shop.queries.audit.findings import (
    MOST,
    NOTHING,
    Finding,
    Question,
    all_of,
    joined,
    told,
    zero_if_none,
)
from shop.rules.money import written
from shop.rules.payments import REFUND_UNDER_WAY
from shop.rules.receipts import LATE, UNDER_WAY, lines_in, settlements_in, sum_of

# Receipts of so long ago were looked at every night since.
LOOKED_BACK = timedelta(days=62)
AT_ONCE = 500


def receipts_of_other_sums(now: datetime) -> list[Finding]:
    """13: each entry by which money came, went back or became a price has a receipt of its sum, made within a day."""
    return all_of(
        _first(_sent_with_payments(now)),
        _first(_of_other_lines(now)),
        told(13, "receipt_missing", _missing(), in_money=True),
        told(13, "receipt_sum", _of_other_sums(), in_money=True),
        told(13, "receipt_of_nothing", _of_nothing()),
        told(13, "receipt_failed", _refused()),
        told(13, "receipt_late", _late(now)),
        told(13, "receipt_not_printed", _not_printed(now)),
    )


def _first(found: Iterator[Finding]) -> list[Finding]:
    return [finding for finding, _ in zip(found, range(MOST), strict=False)]


def _number() -> ColumnElement[str]:
    return func.coalesce(Order.number, Certificate.serial, joined("refund ", Receipt.refund_id))


def _named(query: Question) -> Question:
    """Join a receipt with what it is about."""
    return (
        query.select_from(Receipt)
        .outerjoin(Order, Order.id == Receipt.order_id)
        .outerjoin(Certificate, Certificate.id == Receipt.certificate_id)
        .order_by(Receipt.id)
    )


def _sent_with_payments(now: datetime) -> Iterator[Finding]:
    rows = db.session.execute(
        select(
            func.coalesce(Order.number, Certificate.serial),
            PaymentAttempt.amount_kopecks,
            PaymentAttempt.request,
        )
        .outerjoin(Order, Order.id == PaymentAttempt.order_id)
        .outerjoin(Certificate, Certificate.id == PaymentAttempt.certificate_id)
        .where(PaymentAttempt.state == "succeeded", PaymentAttempt.opened_at > now - LOOKED_BACK)
        .execution_options(yield_per=AT_ONCE)
    )
    for number, amount, request in rows:
        said = _sum_of_receipt(request or {})
        if said is not None and said != amount:
            yield Finding(13, "receipt", number, written(said), written(amount))


def _sum_of_receipt(request: Mapping[str, Any]) -> int | None:
    """Return the kopecks of a receipt's lines; None when the request has no receipt, -1 when nobody can read it."""
    if "receipt" not in request:
        return None
    try:
        lines = request["receipt"]["items"]
        whole = sum(
            (Decimal(line["amount"]["value"]) * Decimal(str(line["quantity"])) for line in lines),
            Decimal(0),
        )
    except (KeyError, TypeError, InvalidOperation):
        return -1
    return int(whole * 100)


def _of_other_lines(now: datetime) -> Iterator[Finding]:
    """Yield receipts whose lines, or whose settlements, aren't of the receipt's sum."""
    rows = db.session.execute(
        _named(select(_number(), Receipt.amount_kopecks, Receipt.lines, Receipt.settlements))
        .where(Receipt.created_at > now - LOOKED_BACK)
        .execution_options(yield_per=AT_ONCE)
    )
    for number, amount, lines, settlements in rows:
        settled = sum(one.kopecks for one in settlements_in(settlements))
        for said in {sum_of(lines_in(lines)), settled} - {amount}:
            yield Finding(13, "receipt_lines", number, written(said), written(amount))


def _money() -> Subquery:
    """Return (once_key, kopecks): how much of a customer's money each entry moved, from the first with a receipt on.

    What the shop has given to spend is no money: of a parcel that was handed over it is taken off.
    """
    codes = LedgerAccount.code
    came = _sum_at(codes.like("gateway:%"))
    spent = _sum_at(codes.like("customer:%:balance:held"))
    back = -_sum_at(or_(codes.like("customer:%:balance"), codes.like("order:%:refund-due")))
    sold = -_sum_at(codes.in_(("revenue:goods", "revenue:delivery")))
    given = _promo_in_parcels()
    first = select(func.min(LedgerEntry.id)).join(Receipt, Receipt.once_key == LedgerEntry.once_key)
    kopecks = case(
        (LedgerEntry.kind == "order_paid", came + spent),
        (LedgerEntry.kind == "handed_over", sold - zero_if_none(func.max(given.c.promo))),
        (LedgerEntry.kind.in_(("order_canceled", "goods_returned", "certificate_refund")), back),
        (LedgerEntry.kind.in_(("certificate_sold", "surplus")), came),
        # What its owner took onto the balance instead; a balance that stays after all was never gone.
        (
            LedgerEntry.kind == "refund_to_balance",
            _sum_at(or_(codes == "unapplied", codes.like("order:%:refund-due"))),
        ),
        (
            LedgerEntry.kind.in_(("refund", "refund_by_hand")),
            _sum_at(or_(codes == "unapplied", codes.like("customer:%:payout"))),
        ),
        else_=0,
    )
    return (
        select(LedgerEntry.id, LedgerEntry.once_key, kopecks.label("kopecks"))
        .join(LedgerPosting, LedgerPosting.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .outerjoin(given, given.c.entry_id == LedgerEntry.id)
        .where(LedgerEntry.kind.in_(_KINDS), LedgerEntry.id >= first.scalar_subquery())
        .group_by(LedgerEntry.id, LedgerEntry.once_key, LedgerEntry.kind)
        .subquery()
    )


_KINDS = (
    "order_paid",
    "handed_over",
    "order_canceled",
    "goods_returned",
    "certificate_sold",
    "certificate_refund",
    "surplus",
    "refund",
    "refund_by_hand",
    "refund_to_balance",
)


def _sum_at(which: ColumnElement[bool]) -> ColumnElement[int]:
    return zero_if_none(func.sum(case((which, LedgerPosting.amount), else_=0)))


def _promo_in_parcels() -> Subquery:
    """Return (entry_id, promo): what the shop had given of each parcel that was handed over.

    Asked from the parcels' side: a parcel names its entry, and entries are found by their keys.
    """
    kept = (
        OrderLine.promo_kopecks - OrderLine.promo_kopecks * OrderLine.canceled // OrderLine.quantity
    )
    promo = func.max(Parcel.delivery_promo_kopecks) + zero_if_none(func.sum(kept))
    return (
        select(LedgerEntry.id.label("entry_id"), promo.label("promo"))
        .select_from(Parcel)
        .join(LedgerEntry, LedgerEntry.once_key == joined("shp:", Parcel.id, ":done"))
        .outerjoin(OrderLine, OrderLine.parcel_id == Parcel.id)
        .group_by(LedgerEntry.id)
        .subquery()
    )


def _missing() -> Question:
    money = _money()
    return (
        select(money.c.once_key, NOTHING, money.c.kopecks)
        .outerjoin(Receipt, Receipt.once_key == money.c.once_key)
        .where(money.c.kopecks != 0, Receipt.id.is_(None))
        .order_by(money.c.id)
    )


def _of_other_sums() -> Question:
    money = _money()
    return (
        select(money.c.once_key, Receipt.amount_kopecks, money.c.kopecks)
        .join(Receipt, Receipt.once_key == money.c.once_key)
        .where(Receipt.amount_kopecks != money.c.kopecks)
        .order_by(money.c.id)
    )


def _of_nothing() -> Question:
    """Receipts of what the books don't know; surplus money that goes back is booked when it has arrived."""
    entries = select(LedgerEntry.id).where(LedgerEntry.once_key == Receipt.once_key)
    return _named(select(Receipt.once_key)).where(
        ~entries.exists(), Receipt.once_key.not_like("rf:%")
    )


def _refused() -> Question:
    return _named(select(_number(), Receipt.problem)).where(Receipt.state == "failed")


def _late(now: datetime) -> Question:
    """Those that a gateway should have made by now; what goes back first has to have gone, and only then it is time."""
    since = func.coalesce(PaymentRefund.settled_at, Receipt.created_at)
    return (
        _named(select(_number(), Receipt.kind))
        .outerjoin(PaymentRefund, PaymentRefund.id == Receipt.refund_id)
        .where(
            Receipt.state.in_(UNDER_WAY),
            since < now - LATE,
            or_(PaymentRefund.id.is_(None), PaymentRefund.state.not_in(REFUND_UNDER_WAY)),
        )
    )


def _not_printed(now: datetime) -> Question:
    return _named(select(_number(), Receipt.kind)).where(
        Receipt.state == "by_hand", Receipt.created_at < now - LATE
    )
