"""Thinking better of it: the account stays. Easy on purpose, so a sign-in is enough."""

from datetime import UTC, datetime

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _

from shop.queries.security.farewell import farewell_of
from shop.services.security.farewell import stay
from shop.web.audience import shoppers
from shop.web.respond import go_to, render, safe_next
from shop.web.shopper import device, shopper

blueprint = Blueprint("staying", __name__, url_prefix="/my/security/farewell/stop")
blueprint.before_request(shoppers)


@blueprint.get("")
def show():
    """Show when the account ends, and the button that keeps it: the letter leads here."""
    return render("security/staying.html", farewell=farewell_of(account_id=shopper().customer_id))


@blueprint.post("")
def stop():
    """Keep the account."""
    is_kept = stay(account_id=shopper().customer_id, device=device(), now=datetime.now(UTC))
    flash(
        _("The account stays. We are glad!") if is_kept else _("The account isn't being deleted.")
    )
    return go_to(safe_next(request.form.get("next"), url_for("profile.home")))
