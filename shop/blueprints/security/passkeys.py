"""The passkeys of an account: adding, naming, removing them."""

from datetime import UTC, datetime

from flask import Blueprint, abort, flash, request, url_for
from flask_babel import gettext as _

from shop.blueprints.auth.passkey import answer_in, told, too_late
from shop.forms.passkeys import AddPasskey, NamePasskey
from shop.queries.security.passkeys import passkeys_of, question_of_registration
from shop.rules.passkeys import MOST_PASSKEYS, NAME_LENGTH
from shop.services.security.passkeys import (
    PasskeyRefused,
    PasskeyTooLate,
    TooManyPasskeys,
    add_passkey,
    remove_passkey,
    rename_passkey,
)
from shop.web.audience import fresh_shoppers
from shop.web.passkeys import party, right_address
from shop.web.respond import go_to, render
from shop.web.shopper import device, shopper

blueprint = Blueprint("passkeys", __name__, url_prefix="/my/security/passkeys")
blueprint.before_request(fresh_shoppers)


@blueprint.get("/")
def show():
    """Show the keys, and how to add one."""
    return _page()


@blueprint.get("/question")
def question():
    """Tell the browser what to ask the device that makes a new key."""
    here, now = party() or abort(404), datetime.now(UTC)
    return told(question_of_registration(account_id=shopper().customer_id, party=here, now=now))


@blueprint.post("/")
def add():
    """Keep the key that the device has made."""
    form = AddPasskey()
    try:
        add_passkey(
            account_id=shopper().customer_id,
            credential=answer_in(form),
            name=form.name.data or _name_by_itself(),
            party=party() or abort(404),
            device=device(),
            now=datetime.now(UTC),
        )
    except PasskeyTooLate:
        form.form_errors.append(too_late())
    except PasskeyRefused:
        if not form.errors:
            form.form_errors.append(_("The device made no passkey. Press the button once more."))
    except TooManyPasskeys:
        form.form_errors.append(_("There are ten passkeys already. Remove one before."))
    if form.errors:
        return _page(adding=form, status=422)
    return _told_and_back(_("The passkey is added. Next time it signs you in without a password."))


@blueprint.post("/<int:passkey_id>/name")
def rename(passkey_id):
    """Call a key otherwise."""
    form = NamePasskey()
    if not form.validate():
        return _page(naming={passkey_id: form}, status=422)
    rename_passkey(
        account_id=shopper().customer_id,
        passkey_id=passkey_id,
        name=form.name.data,
        device=device(),
        now=datetime.now(UTC),
    )
    return _told_and_back(_("The passkey has its new name."))


@blueprint.post("/<int:passkey_id>/removal")
def remove(passkey_id):
    """Let a key open nothing any more."""
    remove_passkey(
        account_id=shopper().customer_id,
        passkey_id=passkey_id,
        device=device(),
        now=datetime.now(UTC),
    )
    return _told_and_back(
        _("The passkey is removed. You may delete it on your device too: it opens nothing now.")
    )


def _page(adding=None, naming=None, status=200):
    """The page, with what was written wrong in one of its forms; a key that isn't this account's isn't there."""
    keys, naming = passkeys_of(account_id=shopper().customer_id), naming or {}
    if naming.keys() - {key.id for key in keys}:
        abort(404)
    forms = {key.id: NamePasskey(formdata=None, name=key.name) for key in keys}
    return render(
        "security/passkeys.html",
        keys=keys,
        adding=adding or AddPasskey(formdata=None, name=_name_by_itself()),
        naming=forms | naming,
        wrong=next(iter(naming), None),
        most=MOST_PASSKEYS,
        right_address=right_address(request.path),
        status=status,
    )


def _name_by_itself() -> str:
    return device().name[:NAME_LENGTH] or _("Passkey")


def _told_and_back(text):
    flash(text)
    return go_to(url_for("passkeys.show"))
