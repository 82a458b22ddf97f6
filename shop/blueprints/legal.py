"""The seller's documents: terms, consent to personal data, particulars, accessibility."""

from datetime import date

from flask import Blueprint, abort
from flask_babel import lazy_gettext as _l

from shop.rules.legal import DOCUMENTS
from shop.web.audience import everyone
from shop.web.context import config
from shop.web.respond import render

blueprint = Blueprint("legal", __name__, url_prefix="/legal")
blueprint.before_request(everyone)

TITLES = {
    "offer": _l("Terms of sale"),
    "personal-data": _l("Consent to the processing of personal data"),
    "requisites": _l("The seller's particulars"),
    "accessibility": _l("Accessibility of the site"),
}


@blueprint.get("/<document>")
def page(document):
    """Show a document in its present version."""
    if document not in DOCUMENTS:
        abort(404)
    return render(
        f"legal/{document}.html",
        titles=TITLES,
        document=document,
        version=date.fromisoformat(DOCUMENTS[document]),
        seller=config(),
        minutes=config().payment_minutes,
    )
