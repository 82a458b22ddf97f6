"""The desk of orders and parcels: what waits, and the steps to take."""

from datetime import UTC, datetime

from flask import Blueprint, abort, request, url_for
from flask_babel import gettext as _

from shop.forms.orders import CameBack, Dispatch
from shop.queries.orders import COMING_BACK, desk_of, desk_order, parcel_at_desk
from shop.rules.orders import ORDER_STEPS
from shop.services.orders import (
    MoreThanCame,
    StepNotPossible,
    assemble_parcel,
    dispatch_parcel,
    receive_parcel,
    take_back,
)
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
    if (state and state not in {*ORDER_STEPS, COMING_BACK}) or not 1 <= page <= 100_000:
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


@blueprint.post("/<number>/parcels/<int:parcel_id>/back")
def back(number, parcel_id):
    """Note that the goods of a called-off parcel have come back, and how many of them can be sold again."""
    desk = desk_order(number=number)
    parcel = next((one for one in desk.order.parcels if one.id == parcel_id), None)
    if parcel is None:
        abort(404)
    forms = _forms_of([parcel])
    if not all([form.validate() for form in forms.values()]):
        return _order(number, back=forms, status=422)
    good = {line_id: form.good.data for line_id, form in forms.items()}
    now, actor = datetime.now(UTC), f"staff:{shopper().customer_id}"
    try:
        take_back(parcel_id=parcel_id, good=good, actor=actor, now=now)
    except MoreThanCame:
        told = _("More pieces can't come back than have left.")
        return _order(number, problem=told, back=forms, status=422)
    except StepNotPossible:
        told = _("This step has been taken already or isn't possible now. Here is how it stands.")
        return _order(number, problem=told, status=422)
    return _order(number) if wants_partial() else go_to(url_for(".show", number=number))


def _forms_of(parcels, **more):
    """A form for each line that is on its way back: all of it is good unless somebody says otherwise."""
    return {
        line.id: CameBack(prefix=f"line-{line.id}", good=line.on_way_back, **more)
        for parcel in parcels
        for line in parcel.coming_back
    }


def _order(number: str, problem: str = "", back=None, status: int = 200):
    desk = desk_order(number=number)
    return render(
        "staff/orders/order.html",
        "staff/orders/_order.html",
        desk=desk,
        back=_forms_of(desk.order.parcels, formdata=None) | (back or {}),
        problem=problem,
        status=status,
    )
