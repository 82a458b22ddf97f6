"""Calling off an order or a part of it, before it has left."""

import secrets
from datetime import UTC, datetime

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from shop.forms.returns import CancelPieces, pieces_of
from shop.queries.returns import choice_of
from shop.rules.returns import CALLED_OFF_BY_CUSTOMER, NotPossible
from shop.services.orders import StepNotPossible
from shop.services.returns import SplitChanged, cancel_pieces, cancel_unpaid
from shop.web.audience import shoppers
from shop.web.respond import go_to, render
from shop.web.shopper import shopper

blueprint = Blueprint("cancellations", __name__, url_prefix="/my/orders")
blueprint.before_request(shoppers)


@blueprint.get("/<number>/cancellation")
def form(number):
    """What can still be called off (all of it chosen, or none for a part), and what comes back for it."""
    fresh = CancelPieces(formdata=None, once_key=secrets.token_urlsafe(16))
    return _page(number, fresh, {} if "part" in request.args else None)


@blueprint.post("/<number>/cancellation/sums")
def sums(number):
    """What would come back for what is chosen just now; without a script the whole page. Nothing is called off."""
    return _page(number, CancelPieces(), _typed(number), partial="returns/_split.html")


@blueprint.post("/<number>/cancellation")
def cancel(number):
    """Call it off; what has changed since the page was shown is said first."""
    pressed, choice, chosen = CancelPieces(), _choice(number), _typed(number)
    now = datetime.now(UTC)
    # The button of an unpaid order sends neither pieces nor a key; it may be pressed late, or twice.
    if choice.state == "awaiting_payment" or not (chosen or pressed.once_key.data):
        return _cancel_unpaid(number, now)
    try:
        cancel_pieces(
            account_id=shopper().customer_id,
            number=number,
            chosen=chosen,
            note=pressed.note.data or "",
            once_key=pressed.once_key.data or secrets.token_urlsafe(16),
            now=now,
        )
    except (NotPossible, SplitChanged, StepNotPossible) as fault:
        return _page(number, pressed, chosen, problem=_fault(fault, chosen), status=422)
    return _done(number)


def _cancel_unpaid(number, now):
    was_dropped = cancel_unpaid(account_id=shopper().customer_id, number=number, now=now)
    if was_dropped or _choice(number).state in {"canceled", "expired"}:
        return _done(number)
    told = _("Nothing was called off: the order has been paid or accepted meanwhile. Look again.")
    fresh = CancelPieces(formdata=None, once_key=secrets.token_urlsafe(16))
    return _page(number, fresh, None, problem=told, status=422)


def _done(number):
    flash(_("It is called off. We have written to you what comes back and where."))
    return go_to(url_for("orders.show", number=number))


def _fault(fault, chosen):
    if not chosen:
        return _("Choose what to call off.")
    if isinstance(fault, SplitChanged):
        return _("Look at the sums once more: they are worked out for what you have chosen now.")
    return _("Some of it has left already or was called off. Here is what can still be called off.")


def _choice(number):
    return choice_of(account_id=shopper().customer_id, number=number)


def _typed(number):
    return pieces_of(request.form, [line.id for line in _choice(number).lines])


def _page(number, pressed, chosen, *, partial=None, problem="", status=200):
    """The page; `chosen` None is all of it."""
    choice = _choice(number)
    lines = choice.in_parcels(CALLED_OFF_BY_CUSTOMER)
    left = {line.id: line.piece.left for line in lines}
    if chosen is None:
        chosen = left
    # What has left meanwhile is chosen no more.
    chosen = {one: min(units, left[one]) for one, units in chosen.items() if one in left}
    split = choice.cancellation(chosen) if any(chosen.values()) else None
    pressed.note.data = choice.note(split, chosen) if split else ""
    return render(
        "returns/cancellation.html",
        partial,
        choice=choice,
        lines=lines,
        chosen=chosen,
        split=split,
        form=pressed,
        problem=problem,
        is_calling_off=True,
        status=status,
    )
