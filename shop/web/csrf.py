"""Refuse what another site makes a browser send.

A request that the browser itself marks as our own page's passes; so a page left open over a popup
sign-in, a stored page or a queued offline request never fails. Browsers that mark nothing, and forms
without script, show a token bound to the session.
"""

from flask import Flask, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from shop.web.respond import parts_of

protection = CSRFProtect()

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}


def init_app(app: Flask) -> None:
    """Check every request that may change something."""
    protection.init_app(app)
    app.before_request(_check)


def outsiders_may_post(view):  # type: ignore[no-untyped-def]
    """Mark a view that machines outside call; it must prove its caller by other means."""
    view.is_open_to_outsiders = True
    return view


def _check() -> None:
    if request.method in _SAFE_METHODS or request.endpoint is None:
        return
    from flask import current_app

    if getattr(current_app.view_functions.get(request.endpoint), "is_open_to_outsiders", False):
        return
    if _browser_vouches():
        g.csrf_valid = True
        return
    try:
        protection.protect()
    except ValueError:  # Under TLS it reads the Referer too, which may be no address at all.
        raise CSRFError("The request came from nowhere.") from None


def _browser_vouches() -> bool:
    """True when the browser says the request is our page's own; refuses another site's outright."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site == "same-origin":
        return True
    if site in {"cross-site", "same-site"}:
        raise CSRFError("The request came from another site.")
    if site is None and origin:
        if parts_of(origin).netloc != request.host:
            raise CSRFError("The request came from another site.")
        return True
    return False
