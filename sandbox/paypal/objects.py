"""Orders, captures and refunds as PayPal writes them. `told` is what a house tells of a payment."""

ORDER_STATUSES = {
    "pending": "PAYER_ACTION_REQUIRED",
    "held": "APPROVED",
    "succeeded": "COMPLETED",
    "canceled": "VOIDED",
}
REFUND_STATUSES = {"pending": "PENDING", "succeeded": "COMPLETED", "canceled": "FAILED"}


def order_object(told: dict, refunds: list[dict], base_url: str) -> dict:
    """Return an order; its money stands in the capture, once there is one."""
    details = told["details"]
    here = f"{base_url}/v2/checkout/orders/{told['id']}"
    unit = {
        "reference_id": "default",
        "amount": _amount(told["amount"]["value"]),
        **{name: details[name] for name in ("custom_id", "invoice_id", "description")},
    }
    if told["status"] == "succeeded":
        unit["payments"] = {"captures": [capture_object(told, base_url, _went_back(told, refunds))]}
        if refunds:
            unit["payments"]["refunds"] = [
                refund_object(refund, details["capture_id"], base_url) for refund in refunds
            ]
    links = [{"href": here, "rel": "self", "method": "GET"}]
    if told["status"] == "pending":
        links.append(
            {"href": f"{base_url}/pay/{told['id']}", "rel": "payer-action", "method": "GET"}
        )
    elif told["status"] == "held":
        links.append({"href": f"{here}/capture", "rel": "capture", "method": "POST"})
    return {
        "id": told["id"],
        "intent": "CAPTURE",
        "status": ORDER_STATUSES.get(told["status"], "CREATED"),
        "purchase_units": [unit],
        "links": links,
    }


def capture_object(told: dict, base_url: str, status: str = "COMPLETED") -> dict:
    """Return the capture that took an order's money."""
    details = told["details"]
    return {
        "id": details["capture_id"],
        "status": status,
        "amount": _amount(told["amount"]["value"]),
        "final_capture": True,
        "custom_id": details["custom_id"],
        "invoice_id": details["invoice_id"],
        "supplementary_data": {"related_ids": {"order_id": told["id"]}},
        "links": [
            {"href": f"{base_url}/v2/payments/captures/{details['capture_id']}", "rel": "self"}
        ],
    }


def refund_object(refund: dict, capture_id: str, base_url: str) -> dict:
    """Return a refund; a link upwards names its capture."""
    kopecks = refund["amount_kopecks"]
    told = {
        "id": refund["id"],
        "status": REFUND_STATUSES[refund["status"]],
        "amount": _amount(f"{kopecks // 100}.{kopecks % 100:02}"),
        "custom_id": refund["details"]["custom_id"],
        "links": [
            {"href": f"{base_url}/v2/payments/refunds/{refund['id']}", "rel": "self"},
            {"href": f"{base_url}/v2/payments/captures/{capture_id}", "rel": "up"},
        ],
    }
    if refund["status"] == "canceled":
        told["status_details"] = {"reason": refund["cancel_reason"].upper()}
    return told


def _went_back(told: dict, refunds: list[dict]) -> str:
    gone = sum(row["amount_kopecks"] for row in refunds if row["status"] == "succeeded")
    if not gone:
        return "COMPLETED"
    whole = int(told["amount"]["value"].replace(".", ""))
    return "REFUNDED" if gone >= whole else "PARTIALLY_REFUNDED"


def _amount(value: str) -> dict:
    return {"currency_code": "RUB", "value": value}
