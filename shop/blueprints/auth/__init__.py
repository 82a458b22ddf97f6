"""Coming in: signing in and out, registering, proving a mailbox. Each is a page, and a popup over any other page."""

import secrets
from datetime import UTC, datetime

from flask import Blueprint, flash, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from shop.blueprints.auth.answers import (
    code_form,
    code_problem,
    next_page,
    proved,
    show_form,
    show_link,
    show_wait,
)
from shop.blueprints.auth.second_step import second_step_or_welcome
from shop.forms.auth import ConfirmByCode, ConfirmElsewhere, LogIn, Register, SendAgain
from shop.rules.auth import SEEN_EVERY
from shop.services.auth import (
    LinkIsOver,
    NotConfirmed,
    TooManyTries,
    WrongCredentials,
    confirm_by_code,
    confirm_by_token,
    leave,
    note_seen,
    register,
    send_confirmation_again,
    sign_in_with_password,
)
from shop.web.audience import everyone
from shop.web.filters import in_words
from shop.web.known_devices import device_key
from shop.web.respond import go_to, wants_partial
from shop.web.shopper import device, seen_card, shopper, sign_out

blueprint = Blueprint("auth", __name__, url_prefix="/auth")
blueprint.before_request(everyone)


@blueprint.get("/login")
def login():
    """Show the form of sign-in."""
    return go_to(next_page()) if shopper().is_signed_in else show_form("login", LogIn())


@blueprint.post("/login")
def log_in():
    """Let in who knows the address and the password."""
    form = LogIn()
    if not form.validate():
        return show_form("login", form, status=422)
    try:
        account_id = sign_in_with_password(
            email=form.email.data,
            password=form.password.data,
            device_key=device_key(form.email.data),
            address=_address(),
            now=datetime.now(UTC),
        )
    except WrongCredentials:
        form.blame(
            "email",
            _("The e-mail or the password didn't match. Check the keyboard layout and Caps Lock."),
        )
        return show_form("login", form, status=422)
    except TooManyTries as fault:
        return show_wait("login", form, "email", fault)
    return second_step_or_welcome(account_id, "password")


@blueprint.get("/register", endpoint="register")
def show_registration():
    """Show the form of registration."""
    if shopper().is_confirmed:
        return go_to(next_page())
    return show_form("register", Register(once_key=secrets.token_urlsafe(16)))


@blueprint.post("/register")
def open_account():
    """Open an account and sign it in, its mailbox still to be proved."""
    form = Register()
    if not form.validate():
        return show_form("register", form, status=422)
    try:
        account_id = register(
            **form.person,
            language=str(get_locale()),
            once_key=form.once_key.data or "",
            address=_address(),
            now=datetime.now(UTC),
        )
    except TooManyTries as fault:
        return show_wait("register", form, "email", fault)
    return second_step_or_welcome(account_id, "registration")


@blueprint.get("/confirmation")
def confirmation():
    """Show where the code of the letter is typed, or what its link leads to."""
    if "token" in request.args:
        return show_link(request.args["token"])
    return go_to(next_page()) if shopper().is_confirmed else show_form("confirmation", code_form())


@blueprint.post("/confirmation")
def confirm():
    """Prove a mailbox by the code, on whatever device it is typed."""
    form = ConfirmByCode() if shopper().is_signed_in else ConfirmElsewhere()
    if not form.validate():
        return show_form("confirmation", form, status=422)
    try:
        account_id = confirm_by_code(
            account_id=shopper().account_id,
            email="" if shopper().is_signed_in else form.email.data,
            code=form.code.data,
            address=_address(),
            now=datetime.now(UTC),
        )
    except NotConfirmed as fault:
        form.blame("code", code_problem(fault))
        return show_form("confirmation", form, status=422)
    except TooManyTries as fault:
        return show_wait("confirmation", form, "code", fault)
    return proved(account_id)


@blueprint.post("/confirmation/link")
def confirm_by_link():
    """Prove a mailbox by the button that the letter's link leads to: mail scanners follow links, but press no buttons."""
    token = request.form.get("token", "")
    try:
        account_id = confirm_by_token(token=token, now=datetime.now(UTC))
    except LinkIsOver:
        return show_link(token)
    return proved(account_id)


@blueprint.post("/confirmation/letter")
def resend():
    """Send one more letter; the answer is the same whether there is such an account or not."""
    form = SendAgain()
    if not shopper().is_signed_in and not form.validate():
        return show_form("confirmation", code_form(form), status=422)
    try:
        send_confirmation_again(
            account_id=shopper().account_id,
            email=form.email.data or "",
            address=_address(),
            now=datetime.now(UTC),
        )
    except TooManyTries as fault:
        wait = in_words(fault.wait)
        text = _(
            "A letter was sent a short while ago. One more can be sent in %(wait)s.", wait=wait
        )
        return show_wait("confirmation", code_form(form), "code", fault, text)
    return _letter_is_sent(form)


@blueprint.post("/logout")
def logout():
    """End this browser's sign-in, and let it forget what it remembers of private pages."""
    if shopper().is_signed_in:
        leave(
            account_id=shopper().customer_id,
            session_id=shopper().session_id,
            device=device(),
            now=datetime.now(UTC),
        )
    sign_out()
    answer = go_to(url_for("catalog.home"))
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@blueprint.after_app_request
def note_use(answer):
    """Write down now and then that a sign-in is in use; the page has been made, so nothing waits for it."""
    if (card := seen_card()) and card.seen_at < (now := datetime.now(UTC)) - SEEN_EVERY:
        note_seen(session_id=card.session_id, device=device(), now=now)
    return answer


def _letter_is_sent(form):
    text = _("One more letter is on its way.")
    if wants_partial() or not shopper().is_signed_in:
        return show_form("confirmation", code_form(form), note=text)
    flash(text)
    return go_to(url_for("auth.confirmation", next=next_page()))


def _address() -> str:
    return request.remote_addr or ""
