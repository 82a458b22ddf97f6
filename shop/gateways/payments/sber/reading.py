"""Answers of Sber's gateway: its states, its numbers for refusals, its sums of money and bonuses."""

from collections.abc import Mapping
from typing import Any

from shop.gateways.payments import GwPayment, GwRefund, Unknown

REGISTERED, HELD, DEPOSITED, REVERSED, REFUNDED, AT_ISSUER, DECLINED = range(7)
STATUSES = {
    REGISTERED: "pending",
    AT_ISSUER: "pending",
    HELD: "held",
    DEPOSITED: "succeeded",
    # Some of it may have gone back already; that it came is what matters here.
    REFUNDED: "succeeded",
    REVERSED: "canceled",
    DECLINED: "canceled",
}
BONUS = "sbrf_spasibo:amount_bonus"
# Roubles by number, as banks write them; 810 is the number of before 1998, which some still answer.
ROUBLES = {"643", "810"}
SCHEMES = {"MIR": "Mir", "VISA": "Visa", "MASTERCARD": "MasterCard", "AMEX": "AmericanExpress"}
# The gateway's numbers for why an order was declined, as the shop's own words.
REASONS = {
    -20010: "payment_method_limit_exceeded",
    -2026: "3d_secure_failed",
    -2025: "3d_secure_failed",
    -2020: "3d_secure_failed",
    -2019: "3d_secure_failed",
    -2017: "3d_secure_failed",
    -2016: "3d_secure_failed",
    -2013: "general_decline",
    -2011: "3d_secure_failed",
    -2007: "expired_on_confirmation",
    -2006: "3d_secure_failed",
    -2002: "payment_method_limit_exceeded",
    -2001: "fraud_suspected",
    -2000: "fraud_suspected",
    -1: "internal_timeout",
    5: "general_decline",
    100: "payment_method_restricted",
    101: "card_expired",
    103: "call_issuer",
    104: "payment_method_restricted",
    107: "call_issuer",
    111: "invalid_card_number",
    116: "insufficient_funds",
    119: "payment_method_restricted",
    120: "payment_method_restricted",
    121: "payment_method_limit_exceeded",
    123: "payment_method_limit_exceeded",
    125: "invalid_card_number",
    208: "call_issuer",
    907: "issuer_unavailable",
    910: "issuer_unavailable",
    999: "fraud_suspected",
    2001: "fraud_suspected",
    2002: "fraud_suspected",
    2003: "payment_method_restricted",
    71015: "invalid_csc",
}


def payment_in(told: Mapping[str, Any], *, is_test: bool, page: str) -> GwPayment:
    """Return the payment that an order's status tells of; `page` is the address of payers' pages.

    :raises Unknown: when it tells of none.
    """
    try:
        state = int(told["orderStatus"])
        status, ref = STATUSES[state], _ref_in(told)
        sums, params = told.get("paymentAmountInfo") or {}, _params_in(told)
        bonus = int(params.pop(BONUS, 0) or 0)
        card = told.get("cardAuthInfo") or {}
        params.setdefault("attempt_id", str(told["orderNumber"]).rpartition("-")[2])
        return GwPayment(
            ref=ref,
            status=status,
            amount_kopecks=_brought(int(told["amount"]), status, sums, bonus),
            currency="RUB" if str(told["currency"]) in ROUBLES else str(told["currency"]),
            is_test=is_test,
            metadata=params,
            pay_at=f"{page}{ref}" if status == "pending" else "",
            refunded_kopecks=int(sums.get("refundedAmount") or 0),
            bonus_kopecks=bonus if status in {"held", "succeeded"} else 0,
            card_last4=str(card.get("maskedPan") or card.get("pan") or "")[-4:],
            card_scheme=_scheme(card),
            cancel_reason=_reason(state, told) if status == "canceled" else "",
        )
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Unknown("the answer is no order") from problem


def refunds_in(told: Mapping[str, Any], payment_ref: str) -> list[GwRefund]:
    """Return what was sent back of an order. The gateway knows no numbers of ours.

    :raises Unknown: when the answer cannot be read.
    """
    try:
        return [
            GwRefund(
                ref=f"{payment_ref}.{refund.get('referenceNumber', place)}"[:64],
                payment_ref=payment_ref,
                status="succeeded",
                amount_kopecks=int(refund["amount"]),
            )
            for place, refund in enumerate(told.get("refunds") or ())
            if str(refund.get("actionCode", "0")) == "0"
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Unknown("the answer tells of no refunds") from problem


def _ref_in(told: Mapping[str, Any]) -> str:
    for pair in told.get("attributes") or ():
        if pair["name"] == "mdOrder":
            return str(pair["value"])
    return str(told["mdOrder"])


def _params_in(told: Mapping[str, Any]) -> dict[str, str]:
    return {str(pair["name"]): str(pair["value"]) for pair in told.get("merchantOrderParams") or ()}


def _brought(asked: int, status: str, sums: Mapping[str, Any], bonus: int) -> int:
    """Return what an order brings: as asked until it is paid, then what really came, bonuses included.

    Whether its sums of money include the bonuses depends on the shop's contract.
    """
    if status not in {"held", "succeeded"}:
        return asked
    came = int(sums["depositedAmount" if status == "succeeded" else "approvedAmount"])
    if came < asked:  # Some gateways take off what has gone back.
        came += int(sums.get("refundedAmount") or 0)
    return came + bonus if came < asked else came


def _scheme(card: Mapping[str, Any]) -> str:
    name = str(card.get("paymentSystem") or "")
    return SCHEMES.get(name.upper(), name)[:20]


def _reason(state: int, told: Mapping[str, Any]) -> str:
    if state == REVERSED:
        return "canceled_by_merchant"
    return REASONS.get(int(told.get("actionCode") or 0), "general_decline")
