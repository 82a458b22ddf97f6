"""The mailbox is lost too: the form, the old mailbox's «It isn't me», and the new mailbox's last step."""

import secrets
from datetime import UTC, datetime

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from shop.forms.lost_mailbox import AskToMove
from shop.forms.recovery import NewPassword
from shop.queries.recovery import is_objection_possible, move_of_link
from shop.services.auth import TooManyTries
from shop.services.recovery import (
    AddressTaken,
    LinkIsOver,
    Told,
    ask_to_move,
    finish_move,
    stop_move_by_link,
)
from shop.web.audience import everyone
from shop.web.context import locale
from shop.web.filters import in_words
from shop.web.respond import go_to, render
from shop.web.shopper import device, shopper, sign_out

blueprint = Blueprint("lost_mailbox", __name__, url_prefix="/auth/lost-mailbox")
blueprint.before_request(everyone)


@blueprint.get("")
def show():
    """Ask what is needed to find the account and to know its owner."""
    return _form(AskToMove(formdata=None, once_key=secrets.token_urlsafe(16)))


@blueprint.post("")
def ask():
    """Take the request; the answer never tells whether there is such an account."""
    form = AskToMove()
    if shopper().is_confirmed:
        return go_to(url_for(".show"))
    if not form.validate():
        return _form(form, status=422)
    try:
        number = ask_to_move(
            told=Told(**form.told),
            once_key=form.once_key.data or "",
            address=request.remote_addr or "",
            language=locale(),
            now=datetime.now(UTC),
        )
    except TooManyTries as fault:
        return _wait(form, fault)
    return _form(form, number=number)


@blueprint.get("/objection")
def objection():
    """Show what the letter to the old address leads to: one button, or that there is nothing to stop."""
    return _objection(request.args.get("token", ""))


@blueprint.post("/objection")
def stop():
    """Leave the account where it is."""
    token = request.form.get("token", "")
    try:
        stop_move_by_link(token=token, device=device(), now=datetime.now(UTC))
    except LinkIsOver:
        return _objection(token)
    return render("recovery/objection.html", token="", state="stopped")


@blueprint.get("/password")
def password():
    """Show what the letter to the new address leads to: the field for a new password, or what is so instead."""
    return _password_form(NewPassword(formdata=None), request.args.get("token", ""))


@blueprint.post("/password")
def finish():
    """Move the account; every device signs in anew, with the new address."""
    form, token = NewPassword(), request.form.get("token", "")
    if not form.validate():
        return _password_form(form, token, status=422)
    try:
        finish_move(token=token, password=form.password.data, now=datetime.now(UTC))
    except LinkIsOver:
        return _password_form(form, token)
    except AddressTaken:
        return _password_form(form, token, status=422, is_taken=True)
    if shopper().is_signed_in:
        sign_out()
    flash(_("The account has moved. Sign in with the new e-mail and the new password."))
    return go_to(url_for("auth.login"))


def _form(form, status=200, number=""):
    return render(
        "recovery/lost_mailbox.html",
        "recovery/_lost_mailbox.html",
        form=form,
        number=number,
        status=status,
    )


def _wait(form, fault):
    wait = in_words(fault.wait)
    form.blame(
        "old_email",
        _("Too many requests. One more can be sent in %(wait)s, or call us.", wait=wait),
    )
    answer = _form(form, status=429)
    answer.headers["Retry-After"] = str(int(fault.wait.total_seconds()) + 1)
    return answer


def _objection(token):
    state = "waiting" if is_objection_possible(token=token) else ""
    return render("recovery/objection.html", status=200 if state else 410, token=token, state=state)


def _password_form(form, token, status=200, is_taken=False):
    move = move_of_link(token=token, now=datetime.now(UTC))
    return render(
        "recovery/move.html",
        status=status if move else 410,
        form=form,
        token=token,
        state=move.state if move else "",
        new_email=move.new_email if move else "",
        is_taken=is_taken,
    )
