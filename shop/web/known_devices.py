"""A cookie that says: somebody has signed in to this account from this browser before.

Guessing is counted for each such browser by itself, so strangers' wrong passwords never hold the owner up
(OWASP's «device cookies»). It opens nothing; it outlives signing out.
"""

import secrets

from flask import Flask, Response, current_app, g, request
from itsdangerous import BadData, URLSafeSerializer

from shop.rules.auth import canonical_email, subject_hash

COOKIE = "device"
LIVES = 2 * 365 * 24 * 3600
# A family's browser knows so many accounts.
MOST_ACCOUNTS = 6


def init_app(app: Flask) -> None:
    """Send the cookie after a successful sign-in."""
    app.after_request(_send)


def device_key(email: str) -> str:
    """Return this browser's own word if `email` has signed in here before, else an empty string."""
    word, known = _read()
    return word if _mark(email) in known else ""


def know_device(email: str) -> None:
    """Remember that `email` has signed in here."""
    word, known = _read()
    mark = _mark(email)
    g.device_cookie = _signer().dumps(
        [
            word or secrets.token_urlsafe(12),
            [mark, *(one for one in known if one != mark)][:MOST_ACCOUNTS],
        ]
    )


def _read() -> tuple[str, list[str]]:
    try:
        word, known = _signer().loads(request.cookies.get(_name(), ""))
    except BadData:
        return "", []
    return word, known


def _mark(email: str) -> str:
    secret = current_app.config["SECRET_KEY"]
    return subject_hash("device", canonical_email(email), secret=secret)[:24]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="device")


def _name() -> str:
    return f"__Host-{COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else COOKIE


def _send(response: Response) -> Response:
    if cookie := g.pop("device_cookie", ""):
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        response.set_cookie(
            _name(), cookie, max_age=LIVES, secure=secure, httponly=True, samesite="Lax"
        )
    return response
