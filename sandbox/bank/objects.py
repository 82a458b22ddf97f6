"""Payments, refunds and receipts as the API writes them."""

import json

from . import cards
from .clock import HOUR, written
from .money import amount_of

_TITLES = {
    "yoo_money": "YooMoney wallet 410011758831136",
    "sbp": "SBP",
    "sberbank": "SberPay",
    "tinkoff_bank": "T-Pay",
}
# What the gateway keeps of a payment, in thousandths.
_FEE = 35


def payment_object(payment: dict, refunded_kopecks: int, shop_id: str) -> dict:
    """Return a payment as its shop sees it."""
    kopecks = payment["amount_kopecks"]
    status = payment["status"]
    paid = status in ("waiting_for_capture", "succeeded")
    result = {
        "id": payment["id"],
        "status": status,
        "amount": amount_of(kopecks),
        "recipient": {"account_id": shop_id, "gateway_id": "1000500"},
        "created_at": written(payment["created_at"]),
        "test": True,
        "paid": paid,
        "refundable": status == "succeeded" and refunded_kopecks < kopecks,
        "metadata": json.loads(payment["metadata"]),
    }
    for name in ("description", "merchant_customer_id"):
        if payment[name] is not None:
            result[name] = payment[name]
    if payment["method"]:
        result["payment_method"] = _method(payment, paid)
    if payment["receipt"]:
        result["receipt_registration"] = _registration(status)
    return result | _of_status(payment, refunded_kopecks)


def _of_status(payment: dict, refunded_kopecks: int) -> dict:
    """Return what only payments in this state have."""
    status, kopecks = payment["status"], payment["amount_kopecks"]
    if status == "pending":
        return {
            "confirmation": {
                "type": "redirect",
                "return_url": payment["return_url"],
                "confirmation_url": payment["confirmation_url"],
            }
        }
    if status == "canceled":
        return {
            "cancellation_details": {
                "party": payment["cancel_party"],
                "reason": payment["cancel_reason"],
            }
        }
    approval = {"authorization_details": _approval(payment)} if payment["card_last4"] else {}
    if status == "waiting_for_capture":
        return approval | {"expires_at": written(payment["expires_at"])}
    return approval | {
        "captured_at": written(payment["captured_at"]),
        "income_amount": amount_of(kopecks - kopecks * _FEE // 1000),
        "refunded_amount": amount_of(refunded_kopecks),
    }


def _method(payment: dict, paid: bool) -> dict:
    method = {"type": payment["method"], "id": payment["id"], "saved": False}
    if not paid:
        method["status"] = "inactive"
    if payment["method"] in _TITLES:
        return method | {"title": _TITLES[payment["method"]]}
    if not payment["card_last4"]:
        return method
    scheme = next(scheme for scheme in cards.SCHEMES if scheme.code == payment["card_scheme"])
    return method | {
        "title": f"Bank card *{payment['card_last4']}",
        "card": {
            "first6": payment["card_first6"],
            "last4": payment["card_last4"],
            "expiry_month": f"{payment['card_month']:02}",
            "expiry_year": str(payment["card_year"]),
            "card_type": scheme.api_name,
            "issuer_country": "RU",
            "issuer_name": "Sandbox Bank",
        },
    }


def _approval(payment: dict) -> dict:
    return {
        "rrn": f"{payment['number']:012}",
        "auth_code": f"{payment['number'] % 1_000_000:06}",
        "three_d_secure": {"applied": payment["code"] is not None},
    }


def _registration(status: str) -> str:
    return status if status in ("succeeded", "canceled") else "pending"


def refund_object(refund: dict) -> dict:
    """Return a refund as its shop sees it."""
    result = {
        "id": refund["id"],
        "payment_id": refund["payment_id"],
        "status": refund["status"],
        "created_at": written(refund["created_at"]),
        "amount": amount_of(refund["amount_kopecks"]),
        "metadata": json.loads(refund["metadata"]),
    }
    if refund["description"] is not None:
        result["description"] = refund["description"]
    if refund["receipt"]:
        result["receipt_registration"] = _registration(refund["status"])
    if refund["status"] == "canceled":
        result["cancellation_details"] = {
            "party": "refund_network",
            "reason": refund["cancel_reason"],
        }
    return result


def receipt_object(receipt: dict, now: int) -> dict:
    """Return a receipt as its shop sees it; the cash desk needs a moment to register it."""
    result = {
        "id": receipt["id"],
        "type": receipt["type"],
        "payment_id": receipt["payment_id"],
        "status": "pending",
        "items": json.loads(receipt["items"]),
        "settlements": json.loads(receipt["settlements"]),
        "tax_system_code": 2,
    }
    if receipt["refund_id"]:
        result["refund_id"] = receipt["refund_id"]
    if now < receipt["registered_at"]:
        return result
    return result | {
        "status": "succeeded",
        "fiscal_document_number": str(receipt["number"]),
        "fiscal_storage_number": "9288000100115785",
        "fiscal_attribute": f"{2_617_603_921 + receipt['number']}",
        "registered_at": written(receipt["registered_at"]),
        "fiscal_provider_id": f"{receipt['registered_at'] // HOUR}",
    }
