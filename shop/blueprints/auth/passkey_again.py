"""A passkey instead of the password, before something delicate."""

from datetime import UTC, datetime

from flask import Blueprint, abort, request
from flask_babel import gettext as _

from shop.blueprints.auth.again import go_on_fresh
from shop.blueprints.auth.answers import show_form, show_wait
from shop.blueprints.auth.passkey import answer_in, told, too_late
from shop.forms.auth import ProveAgain
from shop.forms.passkeys import ShowPasskey
from shop.queries.security.passkeys import question_of_proof
from shop.services.auth import TooManyTries
from shop.services.security.passkeys import (
    PasskeyRefused,
    PasskeyTooLate,
    prove_again_with_passkey,
)
from shop.web.audience import shoppers
from shop.web.passkeys import party
from shop.web.shopper import shopper

blueprint = Blueprint("passkey_again", __name__, url_prefix="/auth/again/passkey")
blueprint.before_request(shoppers)


@blueprint.get("/question")
def question():
    """Tell the browser what to ask a key of this account."""
    here, now = party() or abort(404), datetime.now(UTC)
    return told(question_of_proof(account_id=shopper().customer_id, party=here, now=now))


@blueprint.post("")
def prove():
    """Look at the key's answer; then go on with what was asked for."""
    form, shown = ProveAgain(), ShowPasskey()
    try:
        prove_again_with_passkey(
            account_id=shopper().customer_id,
            session_id=shopper().session_id,
            credential=answer_in(shown),
            party=party() or abort(404),
            address=request.remote_addr or "",
            now=datetime.now(UTC),
        )
    except PasskeyTooLate:
        form.form_errors.append(too_late())
    except PasskeyRefused:
        form.form_errors.append(
            _("This isn't a passkey of this account. Choose another one, or write the password.")
        )
    except TooManyTries as fault:
        return show_wait("again", form, "password", fault)
    else:
        return go_on_fresh()
    return show_form("again", form, status=422)
