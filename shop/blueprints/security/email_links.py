"""Where the letters about another e-mail lead, on any device: a page that says what will happen, and a button."""

from datetime import UTC, datetime

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from shop.forms.recovery import NewPassword
from shop.queries.security.moving import change_to_confirm, change_to_stop
from shop.services.security.email import (
    AddressTaken,
    ChangeIsDone,
    MoveIsOver,
    confirm_change,
    stop_change_by_link,
    undo_change,
)
from shop.web.audience import everyone
from shop.web.known_devices import know_device
from shop.web.respond import go_to, render
from shop.web.shopper import device, recount, shopper, sign_out

blueprint = Blueprint("email_change_links", __name__, url_prefix="/auth/email")
blueprint.before_request(everyone)


@blueprint.get("/confirmation")
def confirmation():
    """Show what the new mailbox is asked to confirm."""
    token = request.args.get("token", "")
    change = change_to_confirm(token=token, now=datetime.now(UTC))
    if change is None:
        return _over()
    return render("security/email_confirmation.html", change=change, token=token)


@blueprint.post("/confirmation")
def confirm():
    """Give the account its new address."""
    try:
        account_id = confirm_change(
            token=request.form.get("token", ""),
            but=shopper().session_id if shopper().is_signed_in else None,
            device=device(),
            now=datetime.now(UTC),
        )
    except MoveIsOver:
        return _over()
    except AddressTaken:
        return _taken()
    if shopper().account_id == account_id:
        recount()
        know_device(shopper().email)
        flash(_("Your e-mail is changed. It is your login from now on."))
        return go_to(url_for("email_change.show"))
    flash(_("The e-mail is changed. Sign in with the new one."))
    return go_to(url_for("auth.login"))


@blueprint.get("/cancellation")
def cancellation():
    """Show what the old mailbox may stop, or take back."""
    return _cancellation(request.args.get("token", ""), NewPassword(formdata=None))


@blueprint.post("/cancellation")
def stop():
    """Stop a change that isn't confirmed yet."""
    token = request.form.get("token", "")
    try:
        stop_change_by_link(token=token, device=device(), now=datetime.now(UTC))
    except MoveIsOver:
        return _over()
    except ChangeIsDone:
        return _cancellation(token, NewPassword(formdata=None), status=409, is_late=True)
    return render("security/email_stopped.html")


@blueprint.post("/undoing")
def undo():
    """Bring the old address back, with a new password."""
    form, token = NewPassword(), request.form.get("token", "")
    if not form.validate():
        return _cancellation(token, form, status=422)
    me = shopper().account_id  # Asked before: the deed ends this session as well.
    try:
        account_id = undo_change(
            token=token, password=form.password.data, device=device(), now=datetime.now(UTC)
        )
    except MoveIsOver:
        return _over()
    except AddressTaken:
        return _taken()
    if me == account_id:
        sign_out()
    flash(_("Your old e-mail is back. Sign in with it and the new password."))
    return go_to(url_for("auth.login"))


def _cancellation(token, form, status=200, is_late=False):
    change = change_to_stop(token=token, now=datetime.now(UTC))
    if change is None:
        return _over()
    return render(
        "security/email_cancellation.html",
        status=status,
        change=change,
        token=token,
        form=form,
        is_late=is_late,
    )


def _over():
    return render("security/email_over.html", status=410, is_taken=False)


def _taken():
    return render("security/email_over.html", status=409, is_taken=True)
