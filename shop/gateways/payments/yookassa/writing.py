"""Sums and receipts as YooKassa wants them written."""

from typing import Any

from shop.gateways.payments import ReceiptWish
from shop.rules.money import decimal
from shop.rules.receipts import Line


def amount_of(kopecks: int) -> dict[str, str]:
    """Return a sum."""
    return {"value": decimal(kopecks), "currency": "RUB"}


def item_of(line: Line) -> dict[str, Any]:
    """Return a line of a receipt; the sum is that of one piece."""
    return {
        "description": line.name,
        "quantity": f"{line.quantity}.00",
        "amount": amount_of(line.price_kopecks),
        "vat_code": line.vat,
        "payment_subject": line.subject,
        "payment_mode": line.mode,
    }


def receipt_body(wish: ReceiptWish) -> dict[str, Any]:
    """Return the body of a receipt that goes apart from its payment."""
    about = (
        {"type": "refund", "refund_id": wish.refund_ref}
        if wish.refund_ref
        else {"type": "payment", "payment_id": wish.payment_ref}
    )
    settlements = [{"type": one.kind, "amount": amount_of(one.kopecks)} for one in wish.settlements]
    return about | {
        "customer": {"email": wish.email},
        "items": [item_of(line) for line in wish.lines],
        "settlements": settlements,
        "send": True,
    }
