"""The owner's page of ways to pay: switches, why some are off, and money that a person must look at."""

from datetime import UTC, datetime

from flask import Blueprint, abort, flash, url_for
from flask_babel import gettext as _

from shop.queries.audit import differences, gateway_checks
from shop.queries.payments import money_troubles, switched_by, switches_of
from shop.services.payments import NoSuchMethod, switch_method
from shop.web.audience import staff
from shop.web.context import config
from shop.web.respond import go_to, render
from shop.web.shopper import shopper

blueprint = Blueprint("staff_payments", __name__, url_prefix="/staff/payments")
blueprint.before_request(staff("owner"))


@blueprint.get("/")
def index():
    """Every way to pay, and what must be looked at by hand."""
    return render(
        "staff/payments/payments.html",
        switches=switches_of(is_production=config().is_production),
        switched_by=switched_by(),
        troubles=money_troubles(),
        differences=differences(),
        checks=gateway_checks(),
    )


@blueprint.post("/<method>/<any(on, off):position>")
def switch(method, position):
    """Offer a way to pay, or offer it no longer."""
    try:
        is_done = switch_method(
            code=method,
            is_on=position == "on",
            actor_id=shopper().customer_id,
            is_production=config().is_production,
            now=datetime.now(UTC),
        )
    except NoSuchMethod:
        abort(404)
    if not is_done:
        flash(_("It was so already; nothing has changed."))
    elif position == "on":
        flash(_("It is offered from now on."))
    else:
        flash(_("It is offered no longer. Payments that are under way go on."))
    return go_to(url_for(".index"))
