"""The doors for shops: forms in, JSON out, refusals with HTTP 200."""

import hmac
from datetime import datetime
from functools import wraps

from flask import Blueprint, Response, current_app, jsonify, request, url_for

from ..bank.clock import SECOND
from ..bank.faults import play
from . import asked, orders
from .answers import done, order_status
from .problems import WRONG, GateProblem, wrong

api = Blueprint("api", __name__, url_prefix="/payment/rest")

_LARGEST_PAGE = 200
# The words for states in the list of orders, and what each is among our rows.
_STATES = {
    "CREATED": "status = 'pending'",
    "APPROVED": "status = 'waiting_for_capture'",
    "DEPOSITED": "status = 'succeeded' AND id NOT IN (SELECT payment_id FROM refund)",
    "REFUNDED": "id IN (SELECT payment_id FROM refund)",
    "REVERSED": "status = 'canceled' AND cancel_party = 'merchant'",
    "DECLINED": "status = 'canceled' AND cancel_party <> 'merchant'",
}


@api.errorhandler(GateProblem)
def explain(problem: GateProblem):
    """Answer with the refusal."""
    return jsonify(problem.as_json())


def operation(act):
    """Make a door of `act`: it lets in the shop that knows its password, and meets the faults."""

    @wraps(act)
    def door() -> Response:
        gate, wish = current_app.house, request.values.to_dict()
        gate.let_time_work()
        fault = gate.faults.take(f"{request.method} {request.path}", act.__name__)

        def carry_out() -> Response:
            _check_password(gate.settings, wish)
            return jsonify(act(gate, wish))

        return play(fault, gate.stopping, carry_out)

    return door


def _check_password(settings, wish: dict) -> None:
    given = f"{wish.get('userName', '')}:{wish.get('password', '')}"
    known = f"{settings.sber_user}:{settings.sber_password}"
    if not hmac.compare_digest(given.encode(), known.encode()):
        raise GateProblem(WRONG, "Доступ запрещён")


@api.route("/register.do", methods=["GET", "POST"])
@operation
def register(gate, wish):
    """Open an order whose money is taken at once."""
    return _registered(gate, orders.register(gate, wish, is_one_stage=True))


@api.route("/registerPreAuth.do", methods=["GET", "POST"])
@operation
def register_pre_auth(gate, wish):
    """Open an order whose money is held until the shop takes it."""
    return _registered(gate, orders.register(gate, wish, is_one_stage=False))


def _registered(gate, order: dict) -> dict:
    merchant = gate.settings.sber_user.removesuffix("-api")
    base_url = gate.settings.public_url or request.url_root.rstrip("/")
    path = url_for("pages.form", merchant=merchant, mdOrder=order["id"])
    return {"orderId": order["id"], "formUrl": base_url + path.removeprefix(request.script_root)}


@api.route("/getOrderStatusExtended.do", methods=["GET", "POST"])
@operation
def get_order_status(gate, wish):
    """Show an order."""
    return order_status(gate, orders.found(gate, wish))


@api.route("/deposit.do", methods=["GET", "POST"])
@operation
def deposit(gate, wish):
    """Take held money."""
    kopecks = asked.kopecks_in(wish, least=0)
    orders.deposit(gate, orders.found(gate, wish)["id"], kopecks)
    return done()


@api.route("/reverse.do", methods=["GET", "POST"])
@operation
def reverse(gate, wish):
    """Let held money go."""
    orders.reverse(gate, orders.found(gate, wish)["id"])
    return done()


@api.route("/refund.do", methods=["GET", "POST"])
@operation
def refund(gate, wish):
    """Return money, and no bonuses."""
    return _give_back(gate, wish, by_proportion=False)


@api.route("/autoRefund.do", methods=["GET", "POST"])
@operation
def auto_refund(gate, wish):
    """Return money and bonuses in the proportion in which they were paid."""
    return _give_back(gate, wish, by_proportion=True)


def _give_back(gate, wish: dict, *, by_proportion: bool) -> dict:
    kopecks = asked.kopecks_in(wish)
    orders.give_back(gate, orders.found(gate, wish)["id"], kopecks, by_proportion=by_proportion)
    return done()


@api.route("/getLastOrdersForMerchants.do", methods=["GET", "POST"])
@operation
def list_orders(gate, wish):
    """List the orders of a time, newest first."""
    size, page = _number(wish, "size"), _number(wish, "page", "0")
    if not 1 <= size <= _LARGEST_PAGE:
        raise wrong("size")
    states = [state for state in wish.get("transactionStates", "").split(",") if state]
    if not states or not set(states) <= _STATES.keys():
        raise wrong("transactionStates")
    kinds = " OR ".join(f"({_STATES[state]})" for state in states)
    where = f"FROM payment WHERE created_at BETWEEN ? AND ? AND ({kinds})"
    span = _moment(wish, "from"), _moment(wish, "to") + SECOND
    rows = gate.store.all(
        f"SELECT * {where} ORDER BY number DESC LIMIT ? OFFSET ?", *span, size, page * size
    )
    total = gate.store.one(f"SELECT count(*) AS total {where}", *span)["total"]
    statuses = [order_status(gate, row) for row in rows]
    about = {"totalCount": total, "page": page, "pageSize": size}
    return done() | about | {"orderStatuses": statuses}


def _number(wish: dict, name: str, otherwise: str = "") -> int:
    text = wish.get(name, "") or otherwise
    if not (text.isascii() and text.isdigit()):
        raise wrong(name)
    return int(text)


def _moment(wish: dict, name: str) -> int:
    """Read a moment as the gateway writes it, 20261126120000, in Moscow time."""
    try:
        moment = datetime.strptime(f"{wish.get(name, '')}+0300", "%Y%m%d%H%M%S%z")
    except ValueError:
        raise wrong(name) from None
    return int(moment.timestamp() * SECOND)
