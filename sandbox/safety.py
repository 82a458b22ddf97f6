"""What every page of the sandbox tells the browser not to do."""

from flask import Flask, abort, current_app, g, request
from jinja2 import StrictUndefined

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


def make_safe(app: Flask) -> None:
    """Give every answer of `app` strict headers, and refuse forms sent by other sites."""
    app.jinja_env.undefined = StrictUndefined
    app.before_request(_refuse_other_sites)
    app.after_request(_add_headers)


def allow_form_to(origin: str) -> None:
    """Let this page's form end up at `origin`.

    Chromium checks form-action on every redirect that follows a form, so without
    this the payer could never get from the bank's button back to the shop.
    """
    g.form_origin = origin


def _refuse_other_sites():
    if request.endpoint in current_app.config.get("OPEN_TO_OTHER_SITES", ()):
        return
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)


def _add_headers(response):
    policy = f"{POLICY} {g.get('form_origin', '')}".strip()
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
