"""Answers of YooKassa, read as they came: the SDK's objects go through floats and lose words they don't know."""

from collections.abc import Mapping
from typing import Any

from shop.gateways.payments import GwPayment, GwRefund, Unknown
from shop.rules.money import kopecks_of

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


def _texts(metadata: object) -> dict[str, str]:
    return (
        {str(name): str(value) for name, value in metadata.items()}
        if isinstance(metadata, dict)
        else {}
    )
