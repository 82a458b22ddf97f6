"""The desk of orders and parcels: what waits, and the steps to take."""

from datetime import UTC, datetime

from flask import Blueprint, abort, request, url_for
from flask_babel import gettext as _

from shop.forms.orders import Dispatch
from shop.queries.orders import desk_of, desk_order, parcel_at_desk
from shop.rules.orders import ORDER_STEPS
from shop.services.orders import StepNotPossible, assemble_parcel, dispatch_parcel, receive_parcel
from shop.web.audience import staff
from shop.web.context import config
from shop.web.respond import go_to, render, wants_partial
from shop.web.shopper import shopper

blueprint = Blueprint("staff_orders", __name__, url_prefix="/staff/orders")
blueprint.before_request(staff("fulfilment"))


@blueprint.get("/")
def index():
    """Orders by state, or those that fit the words."""
    words = request.args.get("q", "")[:200]
    state = request.args.get("state", "" if words else "paid")
    page = request.args.get("page", 1, type=int)
    if (state and state not in ORDER_STEPS) or not 1 <= page <= 100_000:
        abort(404)
    desk = desk_of(state=state, words=words, page=page)
    return render("staff/orders/orders.html", "staff/orders/_orders.html", desk=desk, words=words)


@blueprint.get("/<number>")
def show(number):
    """One order with its parcels, the customer, and who did what."""
    return _order(number)


@blueprint.post("/<number>/parcels/<int:parcel_id>/<any(assembly, dispatch, receipt):step>")
def step(number, parcel_id, step):
    """Take a parcel one step on."""
    form = Dispatch()
    parcel_at_desk(number=number, parcel_id=parcel_id)
    if step == "dispatch" and not form.validate():
        return _order(number, problem=form.first_problem, status=422)
    now, actor = datetime.now(UTC), f"staff:{shopper().customer_id}"
    try:
        if step == "assembly":
            assemble_parcel(parcel_id=parcel_id, actor=actor, now=now)
        elif step == "dispatch":
            track = form.track.data or ""
            dispatch_parcel(parcel_id=parcel_id, track=track, actor=actor, now=now)
        else:
            days = config().return_days
            receive_parcel(parcel_id=parcel_id, return_days=days, actor=actor, now=now)
    except StepNotPossible:
        told = _("This step has been taken already or isn't possible now. Here is how it stands.")
        return _order(number, problem=told, status=422)
    return _order(number) if wants_partial() else go_to(url_for(".show", number=number))


def _order(number: str, problem: str = "", status: int = 200):
    return render(
        "staff/orders/order.html",
        "staff/orders/_order.html",
        desk=desk_order(number=number),
        problem=problem,
        status=status,
    )
