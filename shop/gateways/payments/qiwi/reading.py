"""Answers of QIWI: bills, and what was sent back of them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from shop.gateways.payments import GwPayment, GwRefund, Unknown
from shop.rules.money import kopecks_of

STATUSES = {
    "WAITING": "pending",
    "PAID": "succeeded",
    "REJECTED": "canceled",
    "EXPIRED": "canceled",
}
REASONS = {"REJECTED": "canceled_by_payer", "EXPIRED": "expired_on_confirmation"}
# Part of the bill went back, or all of it. QIWI knows no refund that is still on its way.
REFUNDS = {"PARTIAL": "succeeded", "FULL": "succeeded"}
_TROUBLES = (KeyError, TypeError, ValueError, AttributeError)


def payment_in(told: Mapping[str, Any], *, is_test: bool, return_to: str = "") -> GwPayment:
    """Return the payment that a bill tells of. `return_to` is where its page leads afterwards.

    :raises Unknown: when it tells of none.
    """
    try:
        word = str(told["status"]["value"])
        status = STATUSES[word]
        page = str(told.get("payUrl", "")) if status == "pending" else ""
        if page and return_to:
            page += ("&" if "?" in page else "?") + urlencode({"successUrl": return_to})
        return GwPayment(
            ref=str(told["billId"]),
            status=status,
            amount_kopecks=kopecks_of(str(told["amount"]["value"])),
            currency=str(told["amount"]["currency"]),
            is_test=is_test,
            metadata={"attempt_id": str((told.get("customFields") or {}).get("attempt_id", ""))},
            pay_at=page,
            cancel_reason=REASONS.get(word, ""),
        )
    except _TROUBLES as problem:
        raise Unknown("the answer is no bill") from problem


def refund_in(told: Mapping[str, Any], bill: str) -> GwRefund:
    """Return the refund that an answer tells of; it is found again by the bill's number and its own.

    :raises Unknown: when it tells of none.
    """
    try:
        number = str(told["refundId"])
        return GwRefund(
            ref=f"{bill}.{number}",
            payment_ref=bill,
            status=REFUNDS[told["status"]],
            amount_kopecks=kopecks_of(str(told["amount"]["value"])),
            metadata={"refund_id": number},
        )
    except _TROUBLES as problem:
        raise Unknown("the answer is no refund") from problem
