"""Answers of YooKassa, read as they came: the SDK's objects go through floats and lose words they don't know."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from shop.gateways.payments import GwPayment, GwReceipt, GwRefund, Unknown
from shop.rules.money import kopecks_of
from shop.rules.receipts import Marks

STATUSES = {
    "pending": "pending",
    "waiting_for_capture": "held",
    "succeeded": "succeeded",
    "canceled": "canceled",
}


def payment_in(told: Mapping[str, Any]) -> GwPayment:
    """Return the payment that an answer tells of.

    :raises Unknown: when it tells of none.
    """
    try:
        method = told.get("payment_method") or {}
        card = method.get("card") or {}
        return GwPayment(
            ref=str(told["id"]),
            status=STATUSES[told["status"]],
            amount_kopecks=kopecks_of(told["amount"]["value"]),
            currency=str(told["amount"]["currency"]),
            is_test=told["test"] is True,
            metadata=_texts(told.get("metadata")),
            pay_at=str((told.get("confirmation") or {}).get("confirmation_url", "")),
            refunded_kopecks=kopecks_of((told.get("refunded_amount") or {}).get("value", "0")),
            card_last4=str(card.get("last4", ""))[-4:],
            card_scheme=str(card.get("card_type", ""))[:20],
            cancel_reason=str((told.get("cancellation_details") or {}).get("reason", ""))[:60],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Unknown("the answer is no payment") from problem


def refund_in(told: Mapping[str, Any]) -> GwRefund:
    """Return the refund that an answer tells of.

    :raises Unknown: when it tells of none.
    """
    try:
        return GwRefund(
            ref=str(told["id"]),
            payment_ref=str(told["payment_id"]),
            status=STATUSES[told["status"]],
            amount_kopecks=kopecks_of(told["amount"]["value"]),
            metadata=_texts(told.get("metadata")),
            cancel_reason=str((told.get("cancellation_details") or {}).get("reason", ""))[:60],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Unknown("the answer is no refund") from problem


def receipt_in(told: Mapping[str, Any]) -> GwReceipt:
    """Return the receipt that an answer tells of.

    :raises Unknown: when it tells of none.
    """
    try:
        is_refund = told["type"] == "refund"
        return GwReceipt(
            ref=str(told["id"]),
            status=STATUSES[told["status"]],
            payment_ref=str(told.get("payment_id") or ""),
            refund_ref=str(told.get("refund_id") or "") if is_refund else "",
            lines=tuple(_line_in(item) for item in told["items"]),
            marks=_marks_in(told) if told["status"] == "succeeded" else None,
            cancel_reason=str((told.get("cancellation_details") or {}).get("reason", ""))[:60],
        )
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as problem:
        raise Unknown("the answer is no receipt") from problem


def _line_in(item: Mapping[str, Any]) -> tuple[str, int, int, str]:
    """Of a part of a piece, which isn't ours, the whole pieces count."""
    quantity = int(Decimal(str(item["quantity"])))
    price = kopecks_of(str(item["amount"]["value"]))
    return str(item["description"]), quantity, price, str(item.get("payment_mode", ""))


def _marks_in(told: Mapping[str, Any]) -> Marks:
    return Marks(
        document_number=str(told["fiscal_document_number"])[:10],
        storage_number=str(told["fiscal_storage_number"])[:16],
        fiscal_attribute=str(told["fiscal_attribute"])[:10],
        registered_at=datetime.fromisoformat(told["registered_at"]).astimezone(UTC),
    )


def _texts(metadata: object) -> dict[str, str]:
    return (
        {str(name): str(value) for name, value in metadata.items()}
        if isinstance(metadata, dict)
        else {}
    )
