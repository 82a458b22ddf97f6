"""The receipts of somebody's order or certificate. Each question takes the account, so nobody finds somebody else's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from shop.db import db
from shop.models.certificates import Certificate
from shop.models.orders import Order, Parcel
from shop.models.payments import PaymentRefund
from shop.models.receipts import Receipt
from shop.rules.receipts import BACK, Line, Settlement, lines_in, settlements_in


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt in a list; without `registered_at` it is being made. `parcel` is its place in the order."""

    id: int
    kind: str
    amount_kopecks: int
    parcel: int | None
    document_number: str
    storage_number: str
    fiscal_attribute: str
    created_at: datetime
    registered_at: datetime | None

    @property
    def goes_back(self) -> bool:
        """True when its money went back to the customer."""
        return self.kind in BACK


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt with its lines, and the order's number or the certificate's serial; of a balance paid out neither."""

    row: ReceiptRow
    order_number: str
    serial: str
    lines: tuple[Line, ...]
    settlements: tuple[Settlement, ...]


_ROW: tuple[Any, ...] = (
    Receipt.id,
    Receipt.kind,
    Receipt.amount_kopecks,
    Parcel.position,
    Receipt.document_number,
    Receipt.storage_number,
    Receipt.fiscal_attribute,
    Receipt.created_at,
    Receipt.registered_at,
)


def receipts_of_order(*, order_id: int) -> list[ReceiptRow]:
    """Return the receipts of an order, oldest first; the caller has seen whose it is. One query."""
    return _rows(Receipt.order_id == order_id)


def receipts_of_certificate(*, account_id: int, serial: str) -> list[ReceiptRow]:
    """Return the receipts of a certificate for its buyer, oldest first. One query."""
    mine = select(Certificate.id).where(
        Certificate.buyer_id == account_id, Certificate.serial == serial
    )
    return _rows(Receipt.certificate_id.in_(mine))


def receipts_of_payout(*, refund_id: int) -> list[ReceiptRow]:
    """Return the receipt of a balance that was paid out; the caller has seen whose it is. One query."""
    return _rows((Receipt.refund_id == refund_id) & (Receipt.kind == "balance_refund"))


def _rows(which: Any) -> list[ReceiptRow]:
    rows = db.session.execute(
        select(*_ROW)
        .outerjoin(Parcel, Parcel.id == Receipt.parcel_id)
        .where(which)
        .order_by(Receipt.id)
    )
    return [ReceiptRow(*row) for row in rows]


def receipt_of(*, account_id: int, receipt_id: int) -> ReceiptView:
    """Return a receipt of a customer's order, of a certificate that they have bought, or of their balance paid out. One query.

    :raises NoResultFound: when this customer has no such receipt.
    """
    *row, number, serial, lines, settlements = db.session.execute(
        select(*_ROW, Order.number, Certificate.serial, Receipt.lines, Receipt.settlements)
        .outerjoin(Parcel, Parcel.id == Receipt.parcel_id)
        .outerjoin(Order, Order.id == Receipt.order_id)
        .outerjoin(Certificate, Certificate.id == Receipt.certificate_id)
        .outerjoin(PaymentRefund, PaymentRefund.id == Receipt.refund_id)
        .where(
            Receipt.id == receipt_id,
            func.coalesce(Order.account_id, Certificate.buyer_id, PaymentRefund.account_id)
            == account_id,
        )
    ).one()
    return ReceiptView(
        ReceiptRow(*row), number or "", serial or "", lines_in(lines), settlements_in(settlements)
    )
