"""Orders as the gateway's API writes them."""

import json

from ..bank.payer import is_waiting_for_code
from .orders import returned_of

BONUS_PARAM = "sbrf_spasibo:amount_bonus"
_DONE = {"errorCode": "0", "errorMessage": "Успешно"}
_STATES = {
    0: "CREATED",
    1: "APPROVED",
    2: "DEPOSITED",
    3: "REVERSED",
    4: "REFUNDED",
    5: "CREATED",
    6: "DECLINED",
}
_SYSTEMS = {"mir": "MIR", "visa": "VISA", "mastercard": "MASTERCARD", "amex": "AMEX"}
# The number and the sentence for each reason of the test cards.
_ACTIONS = {
    "3d_secure_failed": (-2006, "Отказ 3DSec"),
    "call_issuer": (107, "Обратитесь в банк, выпустивший карту"),
    "card_expired": (101, "Истёк срок действия карты"),
    "fraud_suspected": (2001, "Подозрение на мошенничество"),
    "general_decline": (5, "Отказ в проведении операции"),
    "insufficient_funds": (116, "Недостаточно средств"),
    "invalid_card_number": (111, "Неверный номер карты"),
    "invalid_csc": (71015, "Введены неправильные параметры карты"),
    "issuer_unavailable": (907, "Нет связи с банком, выпустившим карту"),
    "payment_method_limit_exceeded": (121, "Превышен лимит карты"),
    "payment_method_restricted": (100, "Банк запретил платежи в интернете"),
    "country_forbidden": (120, "Транзакция не разрешена"),
    "expired_on_confirmation": (-2007, "Истёк срок ввода данных карты"),
}
_NOT_TRIED = (-100, "Платёж ещё не проводился")
_PAID = (0, "Запрос обработан успешно")


def done() -> dict:
    """Return the answer to what has been done."""
    return dict(_DONE)


def order_status(gate, order: dict) -> dict:
    """Return an order as its shop sees it."""
    returned, _bonus = returned_of(gate, order["id"])
    state = _state(order, returned)
    code, sentence = _action(order)
    params = json.loads(order["metadata"])
    if order["bonus_kopecks"]:
        params[BONUS_PARAM] = str(order["bonus_kopecks"])
    answer = _DONE | {
        "orderNumber": order["order_number"],
        "orderStatus": state,
        "actionCode": code,
        "actionCodeDescription": sentence,
        "amount": order["amount_kopecks"],
        "currency": "643",
        "date": order["created_at"],
        "orderDescription": order["description"] or "",
        "merchantOrderParams": [{"name": name, "value": params[name]} for name in params],
        "attributes": [{"name": "mdOrder", "value": order["id"]}],
        "paymentAmountInfo": _amounts(order, state, returned),
        "bankInfo": {"bankCountryCode": "RU", "bankCountryName": "Россия"},
    }
    if order["card_last4"]:
        answer["cardAuthInfo"] = _card(order)
    if returned:
        answer["refunds"] = _refunds(gate, order["id"])
    return answer


def _state(order: dict, returned: int) -> int:
    if order["status"] == "pending":
        return 5 if is_waiting_for_code(order) else 0
    if order["status"] == "waiting_for_capture":
        return 1
    if order["status"] == "succeeded":
        return 4 if returned else 2
    return 3 if order["cancel_party"] == "merchant" else 6


def _action(order: dict) -> tuple[int, str]:
    if order["status"] == "pending":
        return _NOT_TRIED
    if order["status"] == "canceled" and order["cancel_party"] != "merchant":
        return _ACTIONS.get(order["cancel_reason"], _ACTIONS["general_decline"])
    return _PAID


def _amounts(order: dict, state: int, returned: int) -> dict:
    """Return the sums of money and bonuses together."""
    approved = order["amount_kopecks"] if state in (1, 2, 4) else 0
    return {
        "paymentState": _STATES[state],
        "approvedAmount": approved,
        "depositedAmount": order["deposited_kopecks"],
        "refundedAmount": returned,
        "feeAmount": 0,
    }


def _card(order: dict) -> dict:
    return {
        "maskedPan": f"{order['card_first6']}**{order['card_last4']}",
        "expiration": f"{order['card_year']}{order['card_month']:02}",
        "approvalCode": f"{order['number'] % 1_000_000:06}",
        "paymentSystem": _SYSTEMS[order["card_scheme"]],
    }


def _refunds(gate, order_id: str) -> list[dict]:
    rows = gate.store.all("SELECT * FROM refund WHERE payment_id = ? ORDER BY number", order_id)
    return [
        {
            "date": row["created_at"],
            "referenceNumber": f"{row['number']:012}",
            "amount": row["amount_kopecks"],
            "actionCode": 0,
        }
        for row in rows
    ]
