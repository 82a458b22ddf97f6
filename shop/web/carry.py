"""A form that came before its sender signed in: kept in the page of sign-in, signed, and sent again after it.

So nothing typed is lost, with scripts or without. Only a form of ours can bring it back (never a link), and
passwords and codes are not kept in it.
"""

from dataclasses import dataclass

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

# A page of sign-in may stay open for a while.
LIVES = 3600
# What is longer (a review, a complaint) doesn't fit a hidden field; its page is gone back to instead.
LONGEST = 8000
_SECRETS = ("password", "csrf_token", "code", "token")


@dataclass(frozen=True, slots=True)
class Carried:
    """Where the form was going, and what stood in it."""

    to: str
    fields: list[tuple[str, str]]


def carried() -> str:
    """Return the form of this request, to be sent again later; empty when there is none, or it cannot be kept."""
    if given := request.form.get("carry", ""):
        return given
    if request.method != "POST" or request.files:
        return ""
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(secret in name for secret in _SECRETS)
    ]
    text: str = _signer().dumps([request.full_path.rstrip("?"), fields])
    return text if len(text) <= LONGEST else ""


def carried_form() -> Carried | None:
    """Return what `carried()` had kept and the form of sign-in has brought back, or None."""
    try:
        to, fields = _signer().loads(request.form.get("carry", ""), max_age=LIVES)
    except BadData:
        return None
    return Carried(to, [(name, value) for name, value in fields])


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="carry")
