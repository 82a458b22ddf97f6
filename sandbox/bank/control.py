"""The back door of any house, for tests: troubles, time, and ends of payments to order."""

import hmac

from flask import Blueprint, current_app, jsonify, request

from .problems import ApiProblem

control = Blueprint("control", __name__, url_prefix="/_sim")


@control.before_request
def authorize():
    """Let in who knows the sandbox's token."""
    given = request.headers.get("X-Sandbox-Token", "")
    if not hmac.compare_digest(given.encode(), current_app.house.settings.token.encode()):
        raise ApiProblem("forbidden", "Send the sandbox's token as X-Sandbox-Token.")


@control.errorhandler(ApiProblem)
def explain(problem: ApiProblem):
    """Answer with the error object."""
    return jsonify(problem.as_json()), problem.status


@control.errorhandler(ValueError)
def explain_value(problem: ValueError):
    """Say what was wrong with an order."""
    return explain(ApiProblem("invalid_request", str(problem)))


@control.post("/faults")
def add_faults():
    """Queue a fault, or a list of them."""
    faults = request.get_json()
    for fault in faults if isinstance(faults, list) else [faults]:
        current_app.house.faults.add(fault)
    return jsonify(current_app.house.faults.waiting())


@control.get("/faults")
def list_faults():
    """Show the faults still waiting."""
    return jsonify(current_app.house.faults.waiting())


@control.delete("/faults")
def clear_faults():
    """Drop all faults."""
    current_app.house.faults.clear()
    return jsonify([])


@control.post("/hooks")
def set_hooks():
    """Choose how the next notices travel, and where to if `url` is given."""
    mode = request.get_json()
    courier = current_app.house.courier
    if "url" in mode:
        courier.url = mode["url"]
    if "mode" in mode:
        courier.set_mode(mode)
    return jsonify(courier.mode() | {"url": courier.url})


@control.post("/clock/advance")
def advance_clock():
    """Put the clock forward and let the time that passed do its work."""
    house = current_app.house
    house.clock.advance(float(request.get_json()["seconds"]))
    house.let_time_work()
    house.courier.hurry()
    return jsonify({"ahead_seconds": house.clock.ahead() / 1000})


@control.post("/payments/<payment_id>/force")
def force_payment(payment_id):
    """Put a payment into a state."""
    return jsonify(current_app.house.force(payment_id, request.get_json()))


@control.post("/payments/<payment_id>/notice")
def send_notice(payment_id):
    """Tell the shop something of a payment at once, true or forged."""
    house = current_app.house
    event, about = house.news_of(payment_id, request.get_json())
    return jsonify({"answered": house.courier.send_now(event, about)})


@control.post("/refund_result")
def order_refund():
    """Choose how the next refund ends."""
    return jsonify(current_app.house.refund_orders.add(request.get_json()))


@control.post("/reset")
def reset():
    """Begin with an empty house."""
    current_app.house.reset()
    return jsonify({"reset": True})


@control.get("/dump")
def dump():
    """Show everything the house knows."""
    house = current_app.house
    tables = {table: house.store.all(f"SELECT * FROM {table}") for table in house.tables}
    for notice in tables["notice"]:
        notice["body"] = notice["body"].decode()
    rest = {
        "faults": house.faults.waiting(),
        "hooks": house.courier.mode(),
        "refund_orders": house.refund_orders.waiting(),
        "ahead_seconds": house.clock.ahead() / 1000,
    }
    return jsonify(tables | rest)
