"""A certificate as a card: a page to print, and the same as a file."""

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext as _

from shop.queries.receipts import receipts_of_certificate
from shop.rules.certificates import Face
from shop.rules.money import written as money
from shop.services.certificates import Card, open_card, print_card
from shop.web.audience import confirmed_shoppers
from shop.web.context import config
from shop.web.filters import day
from shop.web.qr import square_code
from shop.web.respond import go_to, render
from shop.web.shopper import shopper

blueprint = Blueprint("certificate_card", __name__, url_prefix="/my/certificates")
blueprint.before_request(confirmed_shoppers)


@blueprint.get("/<serial>/card")
def show(serial):
    """The card, to be printed from the browser."""
    card = _mine(serial)
    return render(
        "certificates/card.html",
        card=card,
        face=_face(card),
        square=square_code(_link(card)),
        receipts=receipts_of_certificate(account_id=shopper().customer_id, serial=serial),
    )


@blueprint.get("/<serial>/card.pdf")
def download(serial):
    """The card as a file, as long as it is worth something; the page says why there is none."""
    card = _mine(serial)
    if card.frozen_until:
        return go_to(url_for(".show", serial=serial))
    if not card.is_usable:
        abort(404)
    answer = Response(print_card(face=_face(card)), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="certificate-{card.serial}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _mine(serial: str) -> Card:
    mine = shopper().customer_id
    return open_card(account_id=mine, serial=serial, now=datetime.now(UTC))


def _link(card: Card) -> str:
    """Where the square code leads: the number is written into the field there, and nothing is activated by looking."""
    return f"{config().shop_url}{url_for('my_certificates.index', code=card.code or None)}"


def _face(card: Card) -> Face:
    """Every word of the card, in the reader's language."""
    name = card.recipient_name
    return Face(
        shop_name=config().shop_name,
        title=_("Gift certificate"),
        nominal=money(card.nominal_kopecks),
        for_whom=_("For: %(name)s", name=name) if name else "",
        wish=card.wish,
        code_label=_("Number of the certificate"),
        code=card.code or _("ask the shop, naming %(serial)s", serial=card.serial),
        how=_(
            "Point a telephone's camera at the square, or open %(url)s/my/certificates/ and write the number there. The sum goes onto your balance, and whatever you like can be paid from it, in whole or in part.",
            url=config().shop_url,
        ),
        terms=_terms(card),
        link=_link(card),
    )


def _terms(card: Card) -> str:
    return " ".join(
        (
            _("To be activated by %(day)s, once.", day=day(card.expires_on)),
            _("After that the money stays on the balance until it is spent, in whole or in part")
            + ".",
            _("Serial number: %(serial)s.", serial=card.serial),
        )
    )
