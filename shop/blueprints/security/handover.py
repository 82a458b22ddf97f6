"""Handing an account over to another person, begun in the cabinet."""

from datetime import UTC, datetime

from flask import Blueprint, flash, url_for
from flask_babel import gettext as _

from shop.forms.moving import TakersAddress
from shop.queries.security.moving import waiting_handover
from shop.services.auth import TooManyTries
from shop.services.security.handover import (
    ChangedLately,
    EmployeesAccount,
    SameAddress,
    ask_for_handover,
    stop_handover,
)
from shop.web.audience import fresh_shoppers
from shop.web.filters import day, in_words
from shop.web.respond import go_to, render
from shop.web.shopper import device, shopper

blueprint = Blueprint("handover", __name__, url_prefix="/my/security/handover")
blueprint.before_request(fresh_shoppers)


@blueprint.get("")
def show():
    """Show what goes along and what doesn't, the handover that waits, and the form that begins one."""
    return _form(TakersAddress(formdata=None))


@blueprint.post("")
def ask():
    """Write to both mailboxes; the answer never tells whether the other one is somebody's."""
    form = TakersAddress()
    if not form.validate():
        return _form(form, 422)
    now = datetime.now(UTC)
    try:
        ask_for_handover(
            account_id=shopper().customer_id, new_email=form.email.data, device=device(), now=now
        )
    except TooManyTries as fault:
        wait = in_words(fault.wait)
        form.blame("email", _("That was asked too often. Try again in %(wait)s.", wait=wait))
        return _form(form, 429)
    except (SameAddress, ChangedLately, EmployeesAccount) as fault:
        form.blame("email", _why_not(fault))
        return _form(form, 422)
    flash(_("The letters to you and to %(email)s are on their way.", email=form.email.data))
    return go_to(url_for("handover.show"))


@blueprint.post("/cancellation")
def stop():
    """Think better of it."""
    now = datetime.now(UTC)
    if stop_handover(account_id=shopper().customer_id, device=device(), now=now):
        flash(_("Stopped. The account stays yours."))
    return go_to(url_for("handover.show"))


def _why_not(fault) -> str:
    if isinstance(fault, ChangedLately):
        return _(
            "The e-mail was changed a short while ago, and its former owner may still object. "
            "The account can be handed over from %(day)s on.",
            day=day(fault.until),
        )
    if isinstance(fault, EmployeesAccount):
        return _(
            "This account opens the shop's own rooms. Ask the owner of the shop to take your role away first."
        )
    return _("This is your own address. Write the e-mail of the new owner.")


def _form(form, status=200):
    handover = waiting_handover(account_id=shopper().customer_id, now=datetime.now(UTC))
    return render("security/handover.html", status=status, form=form, handover=handover)
