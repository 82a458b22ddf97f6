"""The desk of returns: what is demanded and by when, the steps to take, and calling off what the shop can't bring."""

import secrets
from datetime import UTC, datetime

from flask import Blueprint, abort, flash, request, url_for
from flask_babel import gettext as _

from shop.blueprints.returns._pages import picture
from shop.blueprints.staff._who import ANOTHERS, barred, why
from shop.forms.returns import CancelByShop, FoundInLine, Inspected, RefuseReturn, WriteMessage
from shop.queries.returns import choice_by_number, photo_of, return_at_desk, returns_at_desk
from shop.rules.returns import CALLED_OFF_BY_SHOP, FAULTS, STEPS, NotPossible
from shop.services.returns import (
    Looked,
    NothingHasLeft,
    NothingSaid,
    ReturnMovedOn,
    answer_customer,
    approve,
    cancel_by_shop,
    inspect,
    receive,
    refund,
    reject,
)
from shop.web.audience import staff
from shop.web.respond import go_to, render
from shop.web.shopper import shopper

blueprint = Blueprint("staff_returns", __name__, url_prefix="/staff/returns")
blueprint.before_request(staff("support", "fulfilment"))

# Where the next step decides about the money: elsewhere goods only come in, or all is done.
_DECIDED_NEXT = ("requested", "received", "inspected")


@blueprint.get("/")
def index():
    """Returns by state, what is due soonest first."""
    state = request.args.get("state", "requested")
    page = request.args.get("page", 1, type=int)
    if state not in {*STEPS, "urgent"} or not 1 <= page <= 100_000:
        abort(404)
    now = datetime.now(UTC)
    desk = returns_at_desk(state=state, now=now, page=page)
    return render("staff/returns/returns.html", desk=desk, states=tuple(STEPS), now=now)


@blueprint.get("/<number>")
def show(number):
    """One return: what was bought, why it comes back, and the step that comes next."""
    return _one(number)


@blueprint.get("/<number>/photos/<name>")
def photo(number, name):
    """One photo of it."""
    return picture(photo_of(number=number, name=name))


@blueprint.post("/<number>/<any(approval, receipt, refund):deed>")
def take(number, deed):
    """Agree, note that the goods are there, or give the money back."""
    facts = {"number": number, "now": datetime.now(UTC)}
    clerk = {"actor_id": shopper().customer_id}
    deeds = {
        "approval": lambda: approve(**facts, **clerk),
        "receipt": lambda: receive(**facts),
        "refund": lambda: refund(**facts, **clerk),
    }
    return _after(number, deeds[deed])


@blueprint.post("/<number>/refusal")
def refuse(number):
    """Refuse it, and tell the customer why."""
    form = RefuseReturn()
    if not form.validate():
        return _one(number, refusal=form, status=422)
    facts = {"actor_id": shopper().customer_id, "now": datetime.now(UTC)}
    return _after(number, lambda: reject(number=number, refusal=form.refusal.data, **facts))


@blueprint.post("/<number>/inspection")
def look(number):
    """Note what the look at the goods has found, line by line."""
    form = Inspected()
    parts = _parts(return_at_desk(number=number))
    if not all([form.validate(), *(part.validate() for part in parts.values())]):
        return _one(number, inspected=form, parts=parts, status=422)
    found = {
        line_id: Looked(part.accepted.data, part.is_good.data) for line_id, part in parts.items()
    }
    facts = {"actor_id": shopper().customer_id, "now": datetime.now(UTC)}
    try:
        inspect(number=number, found=found, remark=form.remark.data or "", **facts)
    except NothingSaid:
        form.blame("remark", _("You take back less than was asked: tell the customer why."))
        return _one(number, inspected=form, parts=parts, status=422)
    except NotPossible:
        form.blame("remark", _("More pieces can't be taken back than were asked."))
        return _one(number, inspected=form, parts=parts, status=422)
    except ReturnMovedOn:
        return _moved_on(number)
    except ANOTHERS as problem:
        return _one(number, problem=why(problem), status=403)
    return go_to(url_for(".show", number=number))


@blueprint.post("/<number>/messages")
def answer(number):
    """Write to the customer."""
    message = WriteMessage()
    if not message.validate():
        return _one(number, message=message, status=422)
    answer_customer(
        number=number,
        text=message.text.data,
        actor_id=shopper().customer_id,
        once_key=message.once_key.data or secrets.token_urlsafe(16),
        now=datetime.now(UTC),
    )
    return go_to(url_for(".show", number=number, _anchor="thread-h"))


@blueprint.get("/orders/<number>")
@blueprint.get("/orders/<number>/parcels/<int:parcel_id>")
def order(number, parcel_id=None):
    """What calling an order off, or a parcel of it, gives back: all that the customer hasn't got, with its carriage."""
    fresh = CancelByShop(formdata=None, once_key=secrets.token_urlsafe(16))
    return _order(number, parcel_id, fresh)


@blueprint.post("/orders/<number>")
@blueprint.post("/orders/<number>/parcels/<int:parcel_id>")
def call_off(number, parcel_id=None):
    """Call off what the shop or the carrier can't bring, or what nobody has taken."""
    form = CancelByShop()
    if not form.validate():
        return _order(number, parcel_id, form, status=422)
    try:
        cancel_by_shop(
            number=number,
            parcel_id=parcel_id,
            reason=form.reason.data,
            actor_id=shopper().customer_id,
            once_key=form.once_key.data or secrets.token_urlsafe(16),
            now=datetime.now(UTC),
        )
    except NothingHasLeft:
        form.blame("reason", _("Nothing of it has been sent yet, so nobody can have refused it."))
        return _order(number, parcel_id, form, status=422)
    except NotPossible:
        form.blame("reason", _("Nothing of it can be called off any more."))
        return _order(number, parcel_id, form, status=422)
    except ANOTHERS:  # The page says why.
        return _order(number, parcel_id, form, status=403)
    flash(_("It is called off, the customer is written to."))
    return go_to(url_for(".order", number=number, parcel_id=parcel_id))


def _order(number, parcel_id, form, status=200):
    choice = choice_by_number(number=number)
    of_it = [line for line in choice.lines if line.piece.parcel_id == parcel_id]
    if parcel_id is not None and not of_it:
        abort(404)
    lines = choice.in_parcels(CALLED_OFF_BY_SHOP, parcel_id)
    chosen = {line.id: line.piece.left for line in lines}
    can_be = choice.state not in {"awaiting_payment", "expired"} and chosen
    split = choice.cancellation(chosen) if can_be else None
    return render(
        "staff/returns/order.html",
        choice=choice,
        lines=lines,
        split=split,
        parcel_id=parcel_id,
        position=of_it[0].parcel_position if of_it else 0,
        barred=barred(choice.account_id),
        form=form,
        status=status,
    )


def _after(number, deed):
    return_at_desk(number=number)
    try:
        deed()
    except (NotPossible, ReturnMovedOn):
        return _moved_on(number)
    except ANOTHERS as problem:
        return _one(number, problem=why(problem), status=403)
    return go_to(url_for(".show", number=number))


def _moved_on(number):
    told = _("This step has been taken already or isn't possible now. Here is how it stands.")
    return _one(number, problem=told, status=422)


def _parts(found, **more):
    return {
        line.id: FoundInLine(prefix=f"line-{line.id}", accepted=line.quantity, **more)
        for line in found.lines
    }


def _one(number, *, refusal=None, inspected=None, parts=None, message=None, problem="", status=200):
    found = return_at_desk(number=number)
    fresh = WriteMessage(formdata=None, once_key=secrets.token_urlsafe(16))
    choice = choice_by_number(number=found.row.order_number)
    is_next = found.row.state == "inspected"
    split = choice.taking_back(found.taken, found.row.reason) if is_next else None
    back = split.funding.money_kopecks if split else 0
    return render(
        "staff/returns/return.html",
        found=found,
        row=found.row,
        split=split,
        barred=barred(choice.account_id, kopecks=back, decided_by={found.inspected_by})
        if found.row.state in _DECIDED_NEXT
        else "",
        refusal=refusal or RefuseReturn(formdata=None),
        inspected=inspected or Inspected(formdata=None),
        parts=parts or _parts(found, formdata=None, is_good=found.row.reason not in FAULTS),
        message=message or fresh,
        problem=problem,
        now=datetime.now(UTC),
        status=status,
    )
