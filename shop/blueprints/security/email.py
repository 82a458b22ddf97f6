"""Another e-mail, asked for in the cabinet."""

from datetime import UTC, datetime

from flask import Blueprint, flash, url_for
from flask_babel import gettext as _

from shop.forms.moving import NewAddress
from shop.queries.security.moving import waiting_change
from shop.services.auth import TooManyTries
from shop.services.security.email import SameAddress, ask_for_change, stop_change
from shop.web.audience import fresh_shoppers
from shop.web.filters import in_words
from shop.web.respond import go_to, render
from shop.web.shopper import device, shopper

blueprint = Blueprint("email_change", __name__, url_prefix="/my/security/email")
blueprint.before_request(fresh_shoppers)


@blueprint.get("")
def show():
    """Show the address, the change that waits, and the form of another."""
    return _form(NewAddress(formdata=None))


@blueprint.post("")
def ask():
    """Write to both mailboxes; the answer never tells whether the new one is somebody's."""
    form = NewAddress()
    if not form.validate():
        return _form(form, 422)
    now = datetime.now(UTC)
    try:
        ask_for_change(
            account_id=shopper().customer_id, new_email=form.email.data, device=device(), now=now
        )
    except SameAddress:
        form.blame("email", _("This is your address already. Write another one."))
        return _form(form, 422)
    except TooManyTries as fault:
        wait = in_words(fault.wait)
        form.blame("email", _("That was asked too often. Try again in %(wait)s.", wait=wait))
        return _form(form, 429)
    flash(_("The letter with the link is on its way to %(email)s.", email=form.email.data))
    return go_to(url_for("email_change.show"))


@blueprint.post("/cancellation")
def stop():
    """Think better of it."""
    stopped = stop_change(account_id=shopper().customer_id, device=device(), now=datetime.now(UTC))
    if stopped:
        flash(_("Stopped. Your e-mail stays as it is."))
    return go_to(url_for("email_change.show"))


def _form(form, status=200):
    change = waiting_change(account_id=shopper().customer_id, now=datetime.now(UTC))
    return render("security/email.html", status=status, form=form, change=change)
