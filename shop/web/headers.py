"""Headers that keep pages safe, and private pages private."""

from flask import Flask, Response, current_app, request, session
from werkzeug.exceptions import SecurityError

from shop.web.respond import VARY


def init_app(app: Flask) -> None:
    """Put them on every answer, and refuse a host that isn't ours."""
    config = app.extensions["shop_config"]
    pay_pages = " ".join(config.payment_pages)
    app.extensions["shop_csp"] = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src 'self'; connect-src 'self'; "
        f"manifest-src 'self'; worker-src 'self'; form-action 'self' {pay_pages}; base-uri 'none'; frame-ancestors 'none'"
    ).replace("  ", " ")
    app.after_request(_add)
    if config.is_production:
        app.config["TRUSTED_HOSTS"] = [config.shop_url.split("//", 1)[1]]


def _add(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", current_app.extensions["shop_csp"])
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if response.mimetype == "text/html":
        response.vary.update(VARY)
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "private, no-store" if _is_private(response) else "no-cache"
    return response


def _is_private(response: Response) -> bool:
    """True for whatever was made for one person: signed in, or with a cart of their own."""
    try:
        return "_user_id" in session or "cart" in session or request.method not in {"GET", "HEAD"}
    except SecurityError:
        return True
