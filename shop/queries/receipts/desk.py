"""Receipts as the shop's people see them: what is to be printed, what a gateway has refused, what is on its way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from shop.db import db
from shop.models.auth import Account
from shop.models.certificates import Certificate
from shop.models.orders import Order, Parcel
from shop.models.payments import PaymentRefund
from shop.models.receipts import Receipt
from shop.rules.names import full_name
from shop.rules.receipts import (
    BACK,
    UNDER_WAY,
    Line,
    Settlement,
    lines_in,
    settlements_in,
)

RECEIPTS_AT_ONCE = 20
# What may be looked at, and the states behind each.
VIEWS: Mapping[str, tuple[str, ...]] = {
    "by_hand": ("by_hand",),
    "failed": ("failed",),
    "under_way": UNDER_WAY,
    "registered": ("registered",),
}


@dataclass(frozen=True, slots=True)
class ReceiptAtDesk:
    """One receipt with all that a cash desk is told. `number` is the order's or the certificate's, empty of a balance; `by` who printed it."""

    id: int
    kind: str
    state: str
    number: str
    email: str
    gateway: str
    amount_kopecks: int
    lines: tuple[Line, ...]
    settlements: tuple[Settlement, ...]
    problem: str
    document_number: str
    storage_number: str
    fiscal_attribute: str
    registered_at: datetime | None
    created_at: datetime
    settled_at: datetime | None
    by: str
    # Of a hand-over, which of the order's parcels.
    parcel: int | None = None

    @property
    def goes_back(self) -> bool:
        """True for a receipt of a return of income."""
        return self.kind in BACK


@dataclass(frozen=True, slots=True)
class ReceiptsDesk:
    """A page of receipts, and how many there are in each view."""

    rows: tuple[ReceiptAtDesk, ...]
    counts: Mapping[str, int]
    view: str
    page: int
    has_more: bool


_NAMES = ("family_name", "given_name", "patronymic")
_clerk: Any = Account.__table__.alias("clerk")


def receipts_at_desk(*, view: str = "by_hand", page: int = 1) -> ReceiptsDesk:
    """Return a page of receipts, what waits longest first, what is done newest first. Two queries."""
    counted: dict[str, int] = {
        state: count
        for state, count in db.session.execute(
            select(Receipt.state, func.count()).group_by(Receipt.state)
        )
    }
    is_done = view == "registered"
    order = (
        (Receipt.settled_at.desc(), Receipt.id.desc())
        if is_done
        else (Receipt.created_at, Receipt.id)
    )
    rows = db.session.execute(
        _rows()
        .where(Receipt.state.in_(VIEWS[view]))
        .order_by(*order)
        .limit(RECEIPTS_AT_ONCE + 1)
        .offset((page - 1) * RECEIPTS_AT_ONCE)
        .execution_options(populate_existing=True)
    ).all()
    return ReceiptsDesk(
        tuple(_at_desk(row) for row in rows[:RECEIPTS_AT_ONCE]),
        {name: sum(counted.get(one, 0) for one in states) for name, states in VIEWS.items()},
        view,
        page,
        has_more=len(rows) > RECEIPTS_AT_ONCE,
    )


def _rows() -> Any:
    return (
        select(
            Receipt,
            func.coalesce(Order.number, Certificate.serial, "").label("number"),
            Account.email,
            Parcel.position,
            *(_clerk.c[name].label(f"clerk_{name}") for name in _NAMES),
        )
        .outerjoin(Order, Order.id == Receipt.order_id)
        .outerjoin(Certificate, Certificate.id == Receipt.certificate_id)
        .outerjoin(PaymentRefund, PaymentRefund.id == Receipt.refund_id)
        .join(
            Account,
            Account.id
            == func.coalesce(Order.account_id, Certificate.buyer_id, PaymentRefund.account_id),
        )
        .outerjoin(Parcel, Parcel.id == Receipt.parcel_id)
        .outerjoin(_clerk, _clerk.c.id == Receipt.registered_by)
    )


def _at_desk(row: Any) -> ReceiptAtDesk:
    one = row.Receipt
    names = [row._mapping[f"clerk_{name}"] or "" for name in _NAMES]
    return ReceiptAtDesk(
        one.id,
        one.kind,
        one.state,
        row.number,
        row.email,
        one.gateway,
        one.amount_kopecks,
        lines_in(one.lines),
        settlements_in(one.settlements),
        one.problem,
        one.document_number,
        one.storage_number,
        one.fiscal_attribute,
        one.registered_at,
        one.created_at,
        one.settled_at,
        full_name(*names),
        row.position,
    )
