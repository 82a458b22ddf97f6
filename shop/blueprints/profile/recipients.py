"""«Получатели»: the people who may receive one's orders, and every change of their list."""

import secrets
from datetime import UTC, datetime

from flask import Blueprint, abort, flash, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from shop.forms.profile import KeepRecipient
from shop.queries.profile import recipient_of, recipients_of
from shop.rules.phones import phone_shown
from shop.rules.profile import MOST_RECIPIENTS
from shop.services.profile import (
    TooManyRecipients,
    change_recipient,
    keep_recipient,
    remove_recipient,
)
from shop.web.audience import shoppers
from shop.web.respond import go_to, render
from shop.web.shopper import shopper

blueprint = Blueprint("recipients", __name__, url_prefix="/my/recipients")
blueprint.before_request(shoppers)


@blueprint.get("/")
def index():
    """Show the list, with the form that adds to it, and the way back for whoever was just taken off."""
    return _list(KeepRecipient(formdata=None), removed=session.pop("removed_recipient", None))


@blueprint.post("/")
def add():
    """Put somebody on the list."""
    form = KeepRecipient()
    if not form.validate():
        return _list(form, status=422)
    try:
        keep_recipient(
            account_id=shopper().customer_id,
            once_key=form.once_key.data or "",
            now=datetime.now(UTC),
            **form.person,
        )
    except TooManyRecipients:
        form.blame("full_name", _too_many())
        return _list(form, status=422)
    flash(_("%(name)s is on the list.", name=form.full_name.data))
    return go_to(url_for("recipients.index"))


@blueprint.get("/<int:recipient_id>")
def show(recipient_id):
    """Show one recipient, with the form that changes them."""
    recipient = _recipient(recipient_id)
    shown = {"full_name": recipient.full_name, "phone": phone_shown(recipient.phone)}
    return _one(KeepRecipient(formdata=None, data=shown), recipient)


@blueprint.post("/<int:recipient_id>")
def change(recipient_id):
    """Take another name or phone. Orders placed before keep theirs."""
    form = KeepRecipient()
    if not form.validate():
        return _one(form, _recipient(recipient_id), status=422)
    change_recipient(account_id=shopper().customer_id, recipient_id=recipient_id, **form.person)
    flash(_("Saved. Orders placed before keep the former recipient."))
    return go_to(url_for("recipients.index"))


@blueprint.post("/<int:recipient_id>/removal")
def remove(recipient_id):
    """Take somebody off the list; the list then offers to put them back."""
    recipient = _recipient(recipient_id)
    remove_recipient(account_id=shopper().customer_id, recipient_id=recipient_id)
    # In the browser's own sealed cookie, for the next page only: an address is no place for names.
    session["removed_recipient"] = [recipient.full_name, recipient.phone]
    return go_to(url_for("recipients.index"))


def _recipient(recipient_id):
    return recipient_of(account_id=shopper().customer_id, recipient_id=recipient_id) or abort(404)


def _list(form, status=200, removed=None):
    if not form.once_key.data:
        form.once_key.data = secrets.token_urlsafe(16)
    return render(
        "recipients/recipients.html",
        status=status,
        form=form,
        removed=removed,
        recipients=recipients_of(account_id=shopper().customer_id),
        most=MOST_RECIPIENTS,
    )


def _one(form, recipient, status=200):
    return render("recipients/recipient.html", status=status, form=form, recipient=recipient)


def _too_many() -> str:
    return ngettext(
        "The list holds %(num)d person at most. Take somebody off it first.",
        "The list holds %(num)d people at most. Take somebody off it first.",
        MOST_RECIPIENTS,
    )
