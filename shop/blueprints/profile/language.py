"""The language of pages and letters."""

from flask import Blueprint, abort, request, session

from shop.services.profile import choose_language
from shop.web.audience import everyone
from shop.web.context import LANGUAGES
from shop.web.respond import go_to, safe_next
from shop.web.shopper import shopper

blueprint = Blueprint("language", __name__)
blueprint.before_request(everyone)


@blueprint.post("/language")
def choose():
    """Speak the chosen language from now on, on the page one is on."""
    language = request.form.get("language", "")
    if language not in LANGUAGES:
        abort(400)
    session["language"] = language
    if shopper().is_signed_in:
        choose_language(account_id=shopper().account_id, language=language)
    return go_to(safe_next(request.form.get("next")))
