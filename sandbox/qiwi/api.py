"""The doors for shops: bills and refunds, each under a number of the shop's."""

import hmac
import uuid

from flask import Blueprint, Response, current_app, jsonify, request

from ..bank.clock import read_moment, written
from ..bank.money import kopecks_of
from ..bank.problems import ApiProblem
from ..wallets.doors import base_url, operation
from .objects import bill_object, refund_object

api = Blueprint("api", __name__, url_prefix="/partner/bill/v1")

_NOT_FOUND = {"payment_id": "invoice.not.found", "refund_id": "refund.not.found"}


class QiwiProblem(Exception):
    """A request QIWI refuses, with its word for it."""

    def __init__(self, status: int, code: str):
        super().__init__(code)
        self.status = status
        self.code = code


@api.before_request
def authorize():
    """Let in the shop that knows its key."""
    given = request.headers.get("Authorization", "")
    key = f"Bearer {current_app.house.settings.secret}"
    if not hmac.compare_digest(given.encode(), key.encode()):
        raise QiwiProblem(401, "auth.unauthorized")


@api.errorhandler(QiwiProblem)
def explain(problem: QiwiProblem):
    """Answer with the error object."""
    body = {
        "serviceName": "invoicing-api",
        "errorCode": problem.code,
        "description": problem.code,
        "userMessage": "",
        "traceId": uuid.uuid4().hex[:16],
    }
    return jsonify(body), problem.status


@api.errorhandler(ApiProblem)
def explain_other(problem: ApiProblem):
    """Say in QIWI's words what any house may object to."""
    if problem.code == "not_found":
        return explain(QiwiProblem(404, _NOT_FOUND[problem.parameter]))
    return explain(QiwiProblem(400, "refund.incorrect.amount"))


@api.put("/bills/<bill_id>")
@operation
def create_bill(house, bill_id):
    """Write a bill; the same one twice is one bill, another one under its number is refused."""
    body = _body()
    kopecks = _amount_in(body)
    ends = read_moment(str(body.get("expirationDateTime", "")))
    if ends is None:
        raise QiwiProblem(400, "validation.error")
    with house.store.transaction():
        if house.store.one("SELECT id FROM payment WHERE id = ?", bill_id):
            known = house.payment_of(bill_id)
            if known["amount_kopecks"] != kopecks:
                raise QiwiProblem(409, "invoice.already.exists")
            return _shown(house, bill_id)
        details = {
            "customFields": body.get("customFields") or {},
            "comment": str(body.get("comment", "")),
            "created": written(house.clock.now()),
            "expires": written(ends),
        }
        house.open_payment(bill_id, kopecks, details["comment"], "/", details, ends)
    return _shown(house, bill_id)


@api.get("/bills/<bill_id>")
@operation
def get_bill(house, bill_id):
    """Show a bill."""
    return _shown(house, bill_id)


@api.post("/bills/<bill_id>/reject")
@operation
def reject_bill(house, bill_id):
    """Withdraw a bill."""
    house.reject(bill_id)
    return _shown(house, bill_id)


@api.put("/bills/<bill_id>/refunds/<refund_id>")
@operation
def create_refund(house, bill_id, refund_id):
    """Send money back; the same number twice is one refund. It is made in the answer or, as a test wants, refused."""
    kopecks = _amount_in(_body())
    with house.store.transaction():
        bill = house.payment_of(bill_id)
        known = [row for row in house.refunds_of(bill_id) if row["id"] == refund_id]
        if known and known[0]["amount_kopecks"] != kopecks:
            raise QiwiProblem(409, "refund.already.exists")
        refund = known[0] if known else house.send_back(bill_id, refund_id, kopecks, {})
        if refund["status"] == "canceled":  # QIWI has no word for a refund that came to nothing.
            raise QiwiProblem(400, "refund.impossible")
    return jsonify(refund_object(refund, bill["amount_kopecks"]))


@api.get("/bills/<bill_id>/refunds/<refund_id>")
@operation
def get_refund(house, bill_id, refund_id):
    """Show a refund."""
    bill = house.payment_of(bill_id)
    return jsonify(refund_object(house.refund_of(bill_id, refund_id), bill["amount_kopecks"]))


def _shown(house, bill_id: str) -> Response:
    payment = house.payment_of(bill_id)
    told = house.told_of(payment)
    return jsonify(bill_object(told, base_url(house)))


def _body() -> dict:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise QiwiProblem(400, "validation.error")
    return body


def _amount_in(body: dict) -> int:
    amount = body.get("amount") or {}
    value = amount.get("value")
    kopecks = kopecks_of(value if isinstance(value, str) else f"{value or 0:.2f}")
    if not kopecks or amount.get("currency") != "RUB":
        raise QiwiProblem(400, "validation.error")
    return kopecks
