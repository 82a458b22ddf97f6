"""The owner's page of ways to pay: switches, why some are off, and money that a person must look at."""

from datetime import UTC, datetime

from flask import Blueprint, abort, flash, url_for
from flask_babel import gettext as _

from shop.blueprints.staff._who import ANOTHERS, why
from shop.forms.payments import SortedOut
from shop.queries.audit import differences, gateway_checks
from shop.queries.payments import money_troubles, switched_by, switches_of
from shop.rules.money import written
from shop.services.payments import NoSuchMethod, ToldOtherwise, settle_mismatch, switch_method
from shop.web.audience import staff
from shop.web.context import config
from shop.web.respond import go_to, render
from shop.web.shopper import shopper

blueprint = Blueprint("staff_payments", __name__, url_prefix="/staff/payments")
blueprint.before_request(staff("owner"))


@blueprint.get("/")
def index():
    """Every way to pay, and what must be looked at by hand."""
    return _page()


@blueprint.post("/attempts/<int:attempt_id>")
def sort(attempt_id):
    """Note what was found of a payment that isn't what was asked for, and send back what came; its payer reads it."""
    form = _form_of(attempt_id)
    if not form.validate():
        return _page({attempt_id: form}, status=422)
    found = {"came_kopecks": form.came_kopecks, "words": form.words.data or ""}
    clerk = {"actor_id": shopper().customer_id, "now": datetime.now(UTC)}
    try:
        is_done = settle_mismatch(attempt_id=attempt_id, **found, **clerk)
    except ANOTHERS as problem:
        form.blame("found", why(problem))
        return _page({attempt_id: form}, status=403)
    except ToldOtherwise as told:
        form.blame("came", _told_otherwise(told))
        return _page({attempt_id: form}, status=422)
    flash(
        _("It is settled, the customer is written to.")
        if is_done
        else _("It was so already; nothing has changed.")
    )
    return go_to(url_for(".index", _anchor="troubles-h"))


def _told_otherwise(told):
    """Say what the gateway tells, where that isn't what was written."""
    came = written(told.came_kopecks)
    if told.back_kopecks:
        return _(
            "The gateway tells that %(came)s came and %(back)s went back there. From here only a whole payment goes back: send the rest back there, too, and then note that all of it has gone back.",
            came=came,
            back=written(told.back_kopecks),
        )
    return _("The gateway tells that %(came)s came. Check the sum, please.", came=came)


def _form_of(attempt_id, **more):
    return SortedOut(prefix=f"attempt-{attempt_id}", **more)


def _page(forms=None, status=200):
    troubles = money_troubles()
    open_ones = [one.attempt_id for one in troubles if one.attempt_id]
    if forms and not forms.keys() <= set(open_ones):
        flash(_("It was so already; nothing has changed."))
    return render(
        "staff/payments/payments.html",
        switches=switches_of(is_production=config().is_production),
        switched_by=switched_by(),
        troubles=troubles,
        sorting={one: _form_of(one, formdata=None) for one in open_ones} | (forms or {}),
        differences=differences(),
        checks=gateway_checks(),
        status=status,
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
