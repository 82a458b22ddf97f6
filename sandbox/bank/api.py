"""The doors for shops: the gateway's API, version 3."""

import hmac
from functools import wraps

from flask import Blueprint, Response, current_app, jsonify, request

from . import payments, receipts, refunds
from .checks import LIMITS, checked_key
from .faults import play
from .idempotence import answered_once
from .listing import page_of
from .objects import receipt_object, refund_object
from .problems import ApiProblem, invalid

api = Blueprint("api", __name__, url_prefix="/v3")


@api.before_request
def authorize():
    """Let in the shop that knows its secret."""
    settings = current_app.bank.settings
    given = request.authorization
    if given is None or given.type != "basic":
        raise ApiProblem("invalid_credentials", "Send the shop's id and secret key.")
    pair = f"{given.username}:{given.password}".encode()
    if not hmac.compare_digest(pair, f"{settings.shop_id}:{settings.secret}".encode()):
        raise ApiProblem("invalid_credentials", "The shop's id or secret key is wrong.")


@api.errorhandler(ApiProblem)
def explain(problem: ApiProblem):
    """Answer with the error object."""
    return jsonify(problem.as_json()), problem.status


def operation(act):
    """Make a door of `act`: it meets the faults, and a POST is carried out once per key."""

    @wraps(act)
    def door(**ids) -> Response:
        bank = current_app.bank
        bank.let_time_work()
        is_post = request.method == "POST"
        key = checked_key(request.headers.get("Idempotence-Key")) if is_post else None
        line = f"{request.method} {request.path}"
        # Whoever brings a key that is being worked on waits for that work's answer.
        with bank.turns.taken(key):
            fault = bank.faults.take(line, act.__name__)

            def carry_out() -> Response:
                if key is None:
                    return jsonify(act(bank, **ids))
                body = _body()
                return jsonify(answered_once(bank, key, line, body, lambda: act(bank, body, **ids)))

            return play(fault, bank.stopping, carry_out)

    return door


@api.get("/me")
@operation
def me(bank):
    """Say whose key this is."""
    return {
        "account_id": bank.settings.shop_id,
        "test": True,
        "fiscalization_enabled": True,
        "fiscalization": {"enabled": True, "provider": "sandbox"},
        "payment_methods": list(LIMITS),
        "status": "enabled",
    }


@api.post("/payments")
@operation
def create_payment(bank, body):
    """Open a payment."""
    base_url = bank.settings.public_url or request.host_url.rstrip("/")
    return payments.shown(bank, payments.open_payment(bank, body, base_url))


@api.get("/payments")
@operation
def list_payments(bank):
    """List payments."""
    return _list(bank, "payment", lambda row: payments.shown(bank, row))


@api.get("/payments/<payment_id>")
@operation
def get_payment(bank, payment_id):
    """Show a payment."""
    return payments.shown(bank, payments.payment_of(bank, payment_id))


@api.post("/payments/<payment_id>/capture")
@operation
def capture_payment(bank, body, payment_id):
    """Take the held money."""
    return payments.shown(bank, payments.capture(bank, payment_id, body))


@api.post("/payments/<payment_id>/cancel")
@operation
def cancel_payment(bank, body, payment_id):
    """Let the held money go."""
    return payments.shown(bank, payments.cancel(bank, payment_id))


@api.post("/refunds")
@operation
def create_refund(bank, body):
    """Send money back."""
    return refund_object(refunds.open_refund(bank, body))


@api.get("/refunds")
@operation
def list_refunds(bank):
    """List refunds."""
    return _list(bank, "refund", refund_object)


@api.get("/refunds/<refund_id>")
@operation
def get_refund(bank, refund_id):
    """Show a refund."""
    return refund_object(refunds.refund_of(bank, refund_id))


@api.post("/receipts")
@operation
def create_receipt(bank, body):
    """Have a receipt registered."""
    return receipt_object(receipts.open_receipt(bank, body), bank.clock.now())


@api.get("/receipts")
@operation
def list_receipts(bank):
    """List receipts."""
    return _list(bank, "receipt", lambda row: receipt_object(row, bank.clock.now()))


@api.get("/receipts/<receipt_id>")
@operation
def get_receipt(bank, receipt_id):
    """Show a receipt."""
    return receipt_object(receipts.receipt_of(bank, receipt_id), bank.clock.now())


def _list(bank, table: str, show) -> dict:
    rows, cursor = page_of(bank, table, request.args.to_dict())
    page = {"type": "list", "items": [show(row) for row in rows]}
    return page | ({"next_cursor": cursor} if cursor else {})


def _body() -> dict:
    """Return the JSON object that was sent; nothing at all counts as an empty one."""
    if not request.get_data():
        return {}
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise invalid("body", "The body is a JSON object.")
    return body
