"""Bills and refunds as QIWI writes them. `told` is what a house tells of a payment."""

from ..bank.clock import written

SITE = "sandbox-01"
STATUSES = {"pending": "WAITING", "succeeded": "PAID", "canceled": "REJECTED"}


def bill_object(told: dict, base_url: str) -> dict:
    """Return a bill."""
    details = told["details"]
    status = STATUSES[told["status"]]
    if told["status"] == "canceled" and told.get("cancel_reason") == "expired":
        status = "EXPIRED"
    return {
        "siteId": SITE,
        "billId": told["id"],
        "amount": {"value": told["amount"]["value"], "currency": told["amount"]["currency"]},
        "status": {"value": status, "changedDateTime": written(told["paid_at"])},
        "customer": {},
        "customFields": details["customFields"],
        "comment": details["comment"],
        "creationDateTime": details["created"],
        "expirationDateTime": details["expires"],
        "payUrl": f"{base_url}/pay/{told['id']}?invoice_uid={told['id']}",
    }


def refund_object(refund: dict, bill_kopecks: int) -> dict:
    """Return a refund; QIWI says only whether it is all of the bill or a part."""
    kopecks = refund["amount_kopecks"]
    return {
        "amount": {"value": f"{kopecks // 100}.{kopecks % 100:02}", "currency": "RUB"},
        "datetime": written(refund["created_at"]),
        "refundId": refund["id"],
        "status": "FULL" if kopecks == bill_kopecks else "PARTIAL",
    }
