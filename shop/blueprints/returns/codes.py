"""Whoever hasn't signed in shows that an order is theirs: its number, then the code from its mailbox."""

import secrets
from datetime import UTC, datetime

from flask import Blueprint, flash, request, session, url_for
from flask_babel import gettext as _

from shop.blueprints.returns._holding import OPEN_FOR
from shop.forms.returns import FindOrder, OpenByCode
from shop.services.auth import TooManyTries
from shop.services.returns.guests import WrongCode, ask_for_code, open_by_code
from shop.web.audience import everyone
from shop.web.filters import in_words
from shop.web.respond import go_to, render

blueprint = Blueprint("return_codes", __name__, url_prefix="/returns")
blueprint.before_request(everyone)


@blueprint.get("/find")
def find():
    """Ask for the order's number."""
    return _find(FindOrder(formdata=None, once_key=secrets.token_urlsafe(16)))


@blueprint.post("/find")
def ask():
    """Have a code sent to the order's mailbox; the answer is the same for a number that isn't there."""
    form = FindOrder()
    if not form.validate():
        return _find(form, status=422)
    number = form.order_number
    try:
        ask_for_code(
            number=number,
            once_key=form.once_key.data or secrets.token_urlsafe(16),
            address=request.remote_addr or "",
            now=datetime.now(UTC),
        )
    except TooManyTries as fault:
        form.blame("number", _wait(fault))
        return _find(form, status=429)
    flash(
        _(
            "If there is such an order, a code has gone to its e-mail. It comes within a minute or two."
        )
    )
    return go_to(url_for("return_codes.code", number=number))


@blueprint.get("/code")
def code():
    """Ask for the code. The letter leads here, too: the number stands in the address, the code never does."""
    number = request.args.get("number", "")[:20]
    return _code(OpenByCode(formdata=None, number=number))


@blueprint.post("/code")
def take():
    """Take the code, and open the order's form of return in this browser for an hour."""
    form = OpenByCode()
    if not form.validate():
        return _code(form, status=422)
    now = datetime.now(UTC)
    number, address = form.order_number, request.remote_addr or ""
    try:
        opened = open_by_code(number=number, code=form.digits, address=address, now=now)
    except TooManyTries as fault:
        form.blame("code", _wait(fault))
        return _code(form, status=429)
    except WrongCode:
        form.blame("code", _("This isn't the code from the last letter, or it is too old."))
        return _code(form, status=422)
    _open(opened, now)
    return go_to(url_for("guest_returns.form", number=opened.number))


def _open(opened, now):
    until = (now + OPEN_FOR).isoformat()
    kept = {"number": opened.number, "account": opened.account_id, "until": until}
    session["return_order"] = kept


def _wait(fault):
    return _("That was too often. Try again in %(wait)s.", wait=in_words(fault.wait))


def _find(form, status=200):
    return render("returns/find.html", form=form, status=status)


def _code(form, status=200):
    return render("returns/code.html", form=form, status=status)
