"""Gift certificates, for everybody to look at: sums, the card's look, and the form that buys one."""

import secrets
from datetime import timedelta

from flask import Blueprint

from shop.forms.certificates import BuyCertificate
from shop.queries.payments import ways_to_pay
from shop.rules.certificates import (
    MOST_DAYS_AHEAD,
    REFUND_WITHIN,
    YEARS_TO_ACTIVATE,
)
from shop.web.audience import everyone
from shop.web.context import config
from shop.web.filters import today
from shop.web.respond import render

blueprint = Blueprint("certificates", __name__, url_prefix="/certificates")
blueprint.before_request(everyone)


@blueprint.get("/")
def show():
    """Tell what certificates are, and show the form."""
    form = BuyCertificate(formdata=None, today=today(), once_key=secrets.token_urlsafe(16))
    return shop_window(form)


@blueprint.post("/preview")
def preview():
    """The card as it would look with what is typed; without a script the whole page. Nothing is bought."""
    return shop_window(BuyCertificate(today=today()), partial="certificates/_look.html")


def shop_window(form, *, partial=None, status=200, problem=""):
    """The page with the form, and the card as the form would make it."""
    ways = ways_for_certificates()
    form.offer_ways(way.code for way in ways)
    if form.payment.data not in {way.code for way in ways}:
        form.payment.data = ways[0].code if ways else ""
    return render(
        "certificates/certificates.html",
        partial,
        form=form,
        problem=problem,
        years=YEARS_TO_ACTIVATE,
        days=REFUND_WITHIN.days,
        first_day=today(),
        last_day=today() + timedelta(days=MOST_DAYS_AHEAD),
        status=status,
    )


def ways_for_certificates():
    """The ways to pay that are on and go through a gateway: a certificate is money, and isn't sold for points."""
    ways = ways_to_pay(is_production=config().is_production)
    return [way for way in ways if way.gateway]
