"""The doors for shops: tokens, orders, captures, refunds, and whether a notice is PayPal's own."""

import base64
import hmac
import json
from collections.abc import Callable

from flask import Blueprint, Response, current_app, jsonify, request

from ..bank.idempotence import answered_once
from ..bank.money import kopecks_of
from ..bank.problems import ApiProblem
from ..wallets.doors import base_url, operation
from .house import CLIENT_ID, WEBHOOK_ID, new_id
from .objects import capture_object, order_object, refund_object
from .problems import PayPalProblem

api = Blueprint("api", __name__)

_TOKEN_LIVES = 32_400


@api.before_request
def authorize():
    """Let in who brings a token, but to the door where tokens are given out."""
    if request.endpoint == "api.give_token":
        return
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {_token()}".encode()):
        raise PayPalProblem(401, "invalid_token")


@api.errorhandler(PayPalProblem)
def explain(problem: PayPalProblem):
    """Answer with the error object."""
    return problem.as_response()


@api.errorhandler(ApiProblem)
def explain_other(problem: ApiProblem):
    """Say in PayPal's words what any house may object to."""
    if problem.code == "not_found":
        return PayPalProblem(404, "INVALID_RESOURCE_ID").as_response()
    issue = "CAPTURE_FULLY_REFUNDED" if problem.parameter == "amount" else "INVALID_PARAMETER_VALUE"
    return PayPalProblem(422, issue).as_response()


@api.post("/v1/oauth2/token")
@operation
def give_token(house):
    """Give a token to whoever knows the shop's secret."""
    given = request.authorization
    pair = f"{given.username}:{given.password}" if given and given.type == "basic" else ""
    if not hmac.compare_digest(pair.encode(), f"{CLIENT_ID}:{house.settings.secret}".encode()):
        return jsonify({"error": "invalid_client", "error_description": "Who are you?"}), 401
    return jsonify({"access_token": _token(), "token_type": "Bearer", "expires_in": _TOKEN_LIVES})


@api.post("/v2/checkout/orders")
@operation
def create_order(house):
    """Open an order."""
    return _once(house, 201, lambda body: _shown(house, _open(house, body)["id"]))


@api.get("/v2/checkout/orders/<order_id>")
@operation
def get_order(house, order_id):
    """Show an order."""
    return jsonify(_shown(house, order_id))


@api.post("/v2/checkout/orders/<order_id>/capture")
@operation
def capture_order(house, order_id):
    """Take the money of an order its payer has agreed to."""
    return _once(house, 201, lambda _body: _capture(house, order_id))


@api.get("/v2/payments/captures/<capture_id>")
@operation
def get_capture(house, capture_id):
    """Show a capture."""
    told = house.told_of(_payment_of_capture(house, capture_id))
    return jsonify(capture_object(told, base_url(house)))


@api.post("/v2/payments/captures/<capture_id>/refund")
@operation
def refund_capture(house, capture_id):
    """Send money back."""
    return _once(house, 201, lambda body: _refund(house, capture_id, body))


@api.get("/v2/payments/refunds/<refund_id>")
@operation
def get_refund(house, refund_id):
    """Show a refund."""
    row = house.store.one("SELECT payment_id FROM refund WHERE id = ?", refund_id)
    if row is None:
        raise PayPalProblem(404, "INVALID_RESOURCE_ID")
    payment = house.payment_of(row["payment_id"])
    refund = house.refund_of(payment["id"], refund_id)
    return jsonify(refund_object(refund, payment["details"]["capture_id"], base_url(house)))


@api.post("/v1/notifications/verify-webhook-signature")
@operation
def verify_signature(house):
    """Say whether a notice is PayPal's own."""
    told = json.loads(request.get_data())
    start = request.get_data().index(b'"webhook_event": ') + len(b'"webhook_event": ')
    body = request.get_data()[start:-1]  # Byte for byte, as the signature was made over it.
    true = house.letters.signature(
        told["transmission_id"], told["transmission_time"], told["webhook_id"], body
    )
    is_ours = told["webhook_id"] == WEBHOOK_ID and hmac.compare_digest(
        true.encode(), told["transmission_sig"].encode()
    )
    return jsonify({"verification_status": "SUCCESS" if is_ours else "FAILURE"})


def _token() -> str:
    secret = current_app.house.settings.secret
    return base64.urlsafe_b64encode(f"token-{secret}".encode()).decode().rstrip("=")


def _once(house, status: int, act: Callable[[dict], dict]) -> Response | tuple[Response, int]:
    """Carry a request out once for each PayPal-Request-Id."""
    body = request.get_json(force=True, silent=True) or {}
    key = request.headers.get("PayPal-Request-Id")
    if not key:
        return jsonify(act(body)), status
    with house.turns.taken(key):
        line = f"{request.method} {request.path}"
        return jsonify(answered_once(house, key, line, body, lambda: act(body))), status


def _shown(house, order_id: str) -> dict:
    told = house.told_of(house.payment_of(order_id))
    return order_object(told, house.refunds_of(order_id), base_url(house))


def _open(house, body: dict) -> dict:
    try:
        unit = body["purchase_units"][0]
        kopecks = kopecks_of(unit["amount"]["value"])
        currency = unit["amount"]["currency_code"]
        context = body["payment_source"]["paypal"]["experience_context"]
        return_url, cancel_url = context["return_url"], context["cancel_url"]
    except (KeyError, IndexError, TypeError):
        raise PayPalProblem(400, "MISSING_REQUIRED_PARAMETER") from None
    if not kopecks or currency != "RUB" or body.get("intent") != "CAPTURE":
        raise PayPalProblem(422, "INVALID_PARAMETER_VALUE")
    details = {name: str(unit.get(name, "")) for name in ("custom_id", "invoice_id", "description")}
    details |= {"cancel_url": cancel_url, "capture_id": new_id()}
    return house.open_payment(new_id(), kopecks, details["description"], return_url, details)


def _capture(house, order_id: str) -> dict:
    payment = house.payment_of(order_id)
    if payment["status"] == "succeeded":
        raise PayPalProblem(422, "ORDER_ALREADY_CAPTURED")
    if payment["status"] != "held":
        raise PayPalProblem(422, "ORDER_NOT_APPROVED")
    if payment["is_short"]:
        raise PayPalProblem(422, "INSTRUMENT_DECLINED")
    house.take(order_id)
    return _shown(house, order_id)


def _payment_of_capture(house, capture_id: str) -> dict:
    for row in house.store.all("SELECT id FROM payment WHERE status = 'succeeded'"):
        payment = house.payment_of(row["id"])
        if payment["details"]["capture_id"] == capture_id:
            return payment
    raise PayPalProblem(404, "INVALID_RESOURCE_ID")


def _refund(house, capture_id: str, body: dict) -> dict:
    payment = _payment_of_capture(house, capture_id)
    kopecks = kopecks_of((body.get("amount") or {}).get("value"))
    if not kopecks:
        raise PayPalProblem(422, "INVALID_PARAMETER_VALUE")
    details = {"custom_id": str(body.get("custom_id", ""))}
    refund = house.send_back(payment["id"], new_id(), kopecks, details)
    return refund_object(refund, capture_id, base_url(house))
