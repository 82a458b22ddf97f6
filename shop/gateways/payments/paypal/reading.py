"""Answers of PayPal. Money has come when a capture says so, never because the order says COMPLETED."""

from collections.abc import Iterator, Mapping
from typing import Any

from shop.gateways.payments import GwPayment, GwRefund, Unknown
from shop.rules.money import kopecks_of

# An order before anything was taken.
ORDERS = {
    "CREATED": "pending",
    "SAVED": "pending",
    "PAYER_ACTION_REQUIRED": "pending",
    "APPROVED": "held",
    "VOIDED": "canceled",
}
CAPTURES = {
    "COMPLETED": "succeeded",
    "PARTIALLY_REFUNDED": "succeeded",
    "REFUNDED": "succeeded",
    "PENDING": "pending",
    "DECLINED": "canceled",
    "FAILED": "canceled",
}
REFUNDS = {
    "COMPLETED": "succeeded",
    "PENDING": "pending",
    "CANCELLED": "canceled",
    "FAILED": "canceled",
}
_TROUBLES = (KeyError, TypeError, ValueError, AttributeError, IndexError)


def payment_in(told: Mapping[str, Any], *, is_test: bool) -> GwPayment:
    """Return the payment that an order tells of.

    :raises Unknown: when it tells of none.
    """
    try:
        unit = told["purchase_units"][0]
        paid = _captures(unit)
        status = CAPTURES[paid[-1]["status"]] if paid else ORDERS[told["status"]]
        amount = paid[-1]["amount"] if paid else unit["amount"]
        sent_back = (
            kopecks_of(str(refund["amount"]["value"]))
            for refund in _refunds(unit)
            if refund["status"] == "COMPLETED"
        )
        return GwPayment(
            ref=str(told["id"]),
            status=status,
            amount_kopecks=kopecks_of(str(amount["value"])),
            currency=str(amount["currency_code"]),
            is_test=is_test,
            metadata={"attempt_id": str(unit.get("custom_id", ""))},
            pay_at=_page_in(told) if status == "pending" and not paid else "",
            refunded_kopecks=sum(sent_back),
            cancel_reason=_reason(paid) if status == "canceled" else "",
        )
    except _TROUBLES as problem:
        raise Unknown("the answer is no order") from problem


def capture_in(told: Mapping[str, Any]) -> str:
    """Return the id of the capture that brought an order's money, or nothing when none did.

    :raises Unknown: when it is no order.
    """
    try:
        taken = [one for one in _captures(told["purchase_units"][0]) if _brought_money(one)]
        return str(taken[-1]["id"]) if taken else ""
    except _TROUBLES as problem:
        raise Unknown("the answer is no order") from problem


def refund_in(told: Mapping[str, Any], payment_ref: str) -> GwRefund:
    """Return the refund that an answer tells of.

    :raises Unknown: when it tells of none.
    """
    try:
        status = REFUNDS[told["status"]]
        return GwRefund(
            ref=str(told["id"]),
            payment_ref=payment_ref,
            status=status,
            amount_kopecks=kopecks_of(str(told["amount"]["value"])),
            metadata={"refund_id": str(told.get("custom_id", ""))},
            cancel_reason=_detail(told) if status == "canceled" else "",
        )
    except _TROUBLES as problem:
        raise Unknown("the answer is no refund") from problem


def refunds_in(told: Mapping[str, Any]) -> Iterator[GwRefund]:
    """Return what was sent back of an order."""
    try:
        found = _refunds(told["purchase_units"][0])
    except _TROUBLES as problem:
        raise Unknown("the answer is no order") from problem
    return (refund_in(refund, str(told["id"])) for refund in found)


def capture_of(refund: Mapping[str, Any]) -> str:
    """Return the id of the capture a refund belongs to: it stands at the end of a link upwards.

    :raises Unknown: when there is no such link.
    """
    for link in refund.get("links") or ():
        if link.get("rel") == "up":
            return str(link.get("href", "")).rpartition("/")[2]
    raise Unknown("the refund belongs nowhere")


def order_of(capture: Mapping[str, Any]) -> str:
    """Return the id of the order a capture belongs to, or nothing when it doesn't say."""
    known = (capture.get("supplementary_data") or {}).get("related_ids") or {}
    return str(known.get("order_id", ""))


def _captures(unit: Mapping[str, Any]) -> list[Any]:
    return list((unit.get("payments") or {}).get("captures") or ())


def _refunds(unit: Mapping[str, Any]) -> list[Any]:
    return list((unit.get("payments") or {}).get("refunds") or ())


def _brought_money(capture: Mapping[str, Any]) -> bool:
    return CAPTURES[capture["status"]] == "succeeded"


def _page_in(told: Mapping[str, Any]) -> str:
    """Return where the customer agrees: PayPal calls it by an old and by a new name."""
    links = {link["rel"]: link["href"] for link in told.get("links") or ()}
    return str(links.get("payer-action") or links.get("approve") or "")


def _reason(captures: list[Any]) -> str:
    return "general_decline" if captures else "expired_on_confirmation"


def _detail(told: Mapping[str, Any]) -> str:
    details = told.get("status_details") or {}
    return str(details.get("reason", "refused"))[:60].lower()
