"""Coming in by a passkey: what the browser asks the key, and the door that its answer opens."""

from datetime import UTC, datetime

from flask import Blueprint, abort, jsonify, request
from flask_babel import gettext as _

from shop.blueprints.auth.answers import show_form, show_wait, welcome
from shop.forms.auth import LogIn
from shop.forms.passkeys import ShowPasskey
from shop.queries.security.passkeys import has_passkeys, question_of_sign_in
from shop.services.auth import TooManyTries
from shop.services.security.passkeys import PasskeyRefused, PasskeyTooLate, sign_in_with_passkey
from shop.web.audience import everyone
from shop.web.passkeys import party
from shop.web.shopper import shopper

blueprint = Blueprint("passkey_sign_in", __name__, url_prefix="/auth/passkey")
blueprint.before_request(everyone)


@blueprint.get("/question")
def question():
    """Tell the browser what to ask a key; the answer holds for five minutes."""
    return told(question_of_sign_in(party=party() or abort(404), now=datetime.now(UTC)))


@blueprint.post("")
def sign_in():
    """Let in whoever's key has answered; another step isn't asked for."""
    form, shown = LogIn(), ShowPasskey()
    try:
        account_id = sign_in_with_passkey(
            credential=answer_in(shown),
            party=party() or abort(404),
            address=request.remote_addr or "",
            now=datetime.now(UTC),
        )
    except PasskeyTooLate:
        form.form_errors.append(too_late())
    except PasskeyRefused:
        form.form_errors.append(
            _("This passkey opens nothing here. Choose another one, or sign in by password.")
        )
    except TooManyTries as fault:
        return show_wait("login", form, "email", fault)
    else:
        return welcome(account_id, "passkey")
    return show_form("login", form, status=422)


def told(asked):
    """A question to a key, for the page's script; nobody keeps it."""
    answer = jsonify(asked)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def answer_in(form) -> str:
    """What the key has answered; an answer too long for any key is none."""
    return form.credential.data or "" if form.validate() else ""


def too_late() -> str:
    """Why a right key didn't open."""
    return _("The passkey was asked too long ago. Press the button once more.")


@blueprint.app_template_global("passkeys_work")
def passkeys_work() -> bool:
    """True where browsers may show their keys; for templates."""
    return party() is not None


@blueprint.app_template_global("has_passkey")
def has_passkey() -> bool:
    """True when the person who is signed in has a key to show; for templates."""
    return passkeys_work() and has_passkeys(account_id=shopper().customer_id)
