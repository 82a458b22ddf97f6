"""The password once more, before something delicate is done in a session that has been open for a while."""

from datetime import UTC, datetime

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from shop.blueprints.auth.answers import show_form, show_wait
from shop.forms.auth import ProveAgain
from shop.services.auth import TooManyTries, WrongCredentials, prove_again, sign_in_with_password
from shop.web.audience import shoppers
from shop.web.carry import carried_form
from shop.web.known_devices import device_key
from shop.web.respond import go_to, render, safe_next
from shop.web.shopper import shopper

blueprint = Blueprint("again", __name__, url_prefix="/auth/again")
blueprint.before_request(shoppers)


@blueprint.get("")
def show():
    """Show the form."""
    return go_to(_next()) if shopper().is_fresh else show_form("again", ProveAgain())


@blueprint.post("")
def prove():
    """Compare the password; then go on with what was asked for."""
    form, now = ProveAgain(), datetime.now(UTC)
    if not form.validate():
        return show_form("again", form, status=422)
    try:
        sign_in_with_password(
            email=shopper().email,
            password=form.password.data,
            device_key=device_key(shopper().email),
            address=request.remote_addr or "",
            now=now,
        )
    except WrongCredentials:
        form.blame(
            "password", _("This isn't the password. Check the keyboard layout and Caps Lock.")
        )
        return show_form("again", form, status=422)
    except TooManyTries as fault:
        return show_wait("again", form, "password", fault)
    prove_again(session_id=shopper().session_id, now=now)
    return go_on_fresh()


def go_on_fresh():
    """Send the form that had to wait, or go where the person was going."""
    if waiting := carried_form():
        return render("auth/carry.html", waiting=waiting, told="")
    return go_to(_next())


def _next() -> str:
    return safe_next(request.values.get("next"), url_for("profile.home"))
