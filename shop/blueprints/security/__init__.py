"""The security page: where one is signed in, what happened to the account, and the way to all that keeps it safe."""

from datetime import UTC, datetime

from flask import Blueprint, abort, flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from shop.queries.security import devices_of, last_events, log_of, overview_of
from shop.services.security import end_device, end_other_devices
from shop.web.audience import shoppers
from shop.web.respond import go_to, render, wants_partial
from shop.web.shopper import device, shopper

blueprint = Blueprint("security", __name__, url_prefix="/my/security")
blueprint.before_request(shoppers)


@blueprint.get("/")
def show():
    """Show how the account is kept safe."""
    mine, now = shopper().customer_id, datetime.now(UTC)
    return render(
        "security/security.html",
        devices=_devices(),
        is_swapped=False,
        overview=overview_of(account_id=mine, now=now),
        lines=last_events(account_id=mine),
    )


@blueprint.get("/log")
def log():
    """Show all that happened to the account, the newest first."""
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= 10_000:
        abort(404)
    return render(
        "security/log.html", found=log_of(account_id=shopper().customer_id, page=page), url=_page
    )


@blueprint.post("/devices/<int:session_id>/sign-out")
def sign_device_out(session_id):
    """Sign one device out; it is a guest from its next click on."""
    is_ended = end_device(
        account_id=shopper().customer_id,
        session_id=session_id,
        device=device(),
        now=datetime.now(UTC),
    )
    return _answer(_("Signed out there.") if is_ended else _("That device was signed out already."))


@blueprint.post("/devices/sign-out")
def sign_others_out():
    """Sign out everywhere but here."""
    count = end_other_devices(
        account_id=shopper().customer_id,
        session_id=shopper().session_id,
        device=device(),
        now=datetime.now(UTC),
    )
    if not count:
        return _answer(_("You are signed in nowhere else."))
    return _answer(
        ngettext("Signed out on %(num)d device.", "Signed out on %(num)d devices.", count)
    )


def _answer(told):
    """The list as it is now, or the page again."""
    if not wants_partial():
        flash(told)
        return go_to(url_for("security.show"))
    return render(
        "security/security.html",
        "security/_devices.html",
        toast=told,
        devices=_devices(),
        is_swapped=True,
    )


def _devices():
    return devices_of(account_id=shopper().customer_id, session_id=shopper().session_id)


def _page(page):
    """The address of a page of the log."""
    return url_for("security.log", page=page if page > 1 else None)
