"""A forgotten password, and what to do when the mailbox is lost as well."""

from datetime import UTC, datetime

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from shop.forms.recovery import AskForLink, NewPassword
from shop.queries.recovery import email_of_link
from shop.rules.auth import masked_email
from shop.rules.captcha import WORK_BITS, WORK_PARTS
from shop.services.auth import TooManyTries
from shop.services.recovery import (
    CodeIsOver,
    LinkIsOver,
    WrongCode,
    ask_for_link,
    choose_password,
    new_key,
)
from shop.web.audience import everyone
from shop.web.filters import in_words
from shop.web.respond import go_to, render, target
from shop.web.shopper import shopper, sign_out

blueprint = Blueprint("recovery", __name__, url_prefix="/auth")
blueprint.before_request(everyone)


@blueprint.get("/recovery")
def show():
    """Ask for the address that the link goes to."""
    return _form(AskForLink(formdata=None), is_new_code=True)


@blueprint.post("/recovery")
def ask():
    """Have the link sent; the answer never tells whether there is such an account."""
    form = AskForLink()
    if not form.validate():
        return _form(form, status=422)
    try:
        ask_for_link(**form.asked, address=request.remote_addr or "", now=datetime.now(UTC))
    except (CodeIsOver, WrongCode) as fault:
        form.blame("code", _code_problem(fault))
        return _form(form, status=422, is_new_code=True)
    except TooManyTries as fault:
        wait = in_words(fault.wait)
        form.blame(
            "email",
            _("A letter was sent a short while ago. One more can be sent in %(wait)s.", wait=wait),
        )
        return _form(form, status=429, is_new_code=True)
    return _form(form, is_sent=True, is_new_code=True)


@blueprint.post("/recovery/code")
def another_code():
    """Show another code beside what is typed already."""
    return _form(AskForLink(), is_new_code=True, is_only_code=True)


@blueprint.get("/recovery/password")
def password():
    """Show what the link leads to: the field for a new password, or the way to another link."""
    return _password_form(NewPassword(formdata=None), request.args.get("token", ""))


@blueprint.post("/recovery/password")
def change_password():
    """Put the new password in place of the old one; every device signs in anew."""
    form, token = NewPassword(), request.form.get("token", "")
    if not form.validate():
        return _password_form(form, token, status=422)
    try:
        choose_password(token=token, password=form.password.data, now=datetime.now(UTC))
    except LinkIsOver:
        return _password_form(form, token)
    if shopper().is_signed_in:
        sign_out()
    flash(_("The password is changed. Sign in with the new one."))
    return go_to(url_for("auth.login"))


def _form(form, status=200, is_sent=False, is_new_code=False, is_only_code=False):
    if is_new_code:
        form.start_anew(new_key(now=datetime.now(UTC)))
    return render(
        "recovery/recovery.html",
        "recovery/_code.html" if is_only_code else "recovery/_recovery.html",
        status=status,
        form=form,
        is_sent=is_sent,
        is_only_code=is_only_code,
        in_popup=target() == "dlg-body",
        work=(WORK_PARTS, WORK_BITS),
    )


def _code_problem(fault) -> str:
    if isinstance(fault, CodeIsOver):
        return _("This code is too old or was used before. Here is another one.")
    return _("These aren't the digits. Here is another code.")


def _password_form(form, token, status=200):
    email = email_of_link(token=token, now=datetime.now(UTC))
    return render(
        "recovery/password.html",
        status=status if email else 410,
        form=form,
        token=token,
        masked=masked_email(email) if email else "",
    )
