"""Buying a certificate: from the form to where it is paid."""

from datetime import UTC, datetime

from flask import Blueprint
from flask_babel import gettext as _

from shop.blueprints.certificates import shop_window, ways_for_certificates
from shop.forms.certificates import BuyCertificate
from shop.services.certificates import Gift
from shop.services.payments import start
from shop.services.payments.certificates import MethodNotPossible, buy_certificate
from shop.web.audience import confirmed_shoppers
from shop.web.context import config
from shop.web.filters import today
from shop.web.respond import go_to
from shop.web.shopper import shopper

blueprint = Blueprint("certificate_purchase", __name__, url_prefix="/certificates")
blueprint.before_request(confirmed_shoppers)


@blueprint.post("/purchase")
def buy():
    """Write the certificate down and go on to where it is paid."""
    form = BuyCertificate(today=today())
    ways = {way.code: way for way in ways_for_certificates()}
    if not form.validate():
        return shop_window(form, status=422)
    if form.payment.data not in ways:
        return _no_way(form)
    try:
        bought = buy_certificate(
            buyer_id=shopper().customer_id,
            once_key=form.once_key.data or "",
            nominal_kopecks=form.nominal_kopecks,
            gift=Gift(**form.gift),
            method=ways[form.payment.data],
            payment_minutes=config().payment_minutes,
            now=datetime.now(UTC),
        )
    except MethodNotPossible:
        return _no_way(form)
    return _to_the_bank(bought)


def _no_way(form):
    form.blame("payment", _("A certificate can't be paid this way. Choose another one."))
    return shop_window(form, status=422)


def _to_the_bank(bought):
    """On to where it is paid; when the gateway is away, to the page that says how the payment stands."""
    here = f"/my/certificates/{bought.serial}/payment"
    pay_at = start(
        attempt_id=bought.attempt_id,
        return_to=f"{config().shop_url}{here}",
        now=datetime.now(UTC),
    )
    return go_to(pay_at or here)
