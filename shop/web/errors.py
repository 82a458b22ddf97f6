"""Faults, told to people in their language, with what to do next."""

import logging
import secrets

from flask import Flask, Response, make_response, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, NoResultFound, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from shop.web.respond import parts_of, safe_next

log = logging.getLogger("shop.errors")

# Seconds after which a browser may come back when the database was away.
RETRY_AFTER = "10"


def init_app(app: Flask) -> None:
    """Answer each kind of fault with its page."""
    app.before_request(_without_host)
    app.register_error_handler(NoResultFound, lambda _fault: _page(404))
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _unforeseen)


def _page(status: int, number: str = "") -> Response:
    template = (
        status if status in {400, 403, 404, 413, 429, 500, 503} else (404 if status < 500 else 500)
    )
    if template in {413, 429}:
        template = 400
    return make_response(
        render_template(f"errors/{template}.html", fault_number=number, status=status), status
    )


def _http(fault: HTTPException) -> Response:
    status = fault.code or 500
    if status < 400:
        return fault.get_response()  # type: ignore[return-value]
    response = _page(status)
    if status == 405 and (allowed := getattr(fault, "valid_methods", None)):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _without_host() -> Response | None:
    """Lead to the address with its slash; Werkzeug would write the host there that the request named."""
    fault = request.routing_exception
    if not isinstance(fault, RequestRedirect):
        return None
    parts = parts_of(fault.new_url)
    query = f"?{parts.query}" if parts.query else ""
    return redirect(safe_next(parts.path) + query, fault.code)  # type: ignore[return-value]


def _forged(_fault: CSRFError) -> Response:
    return _page(400)


def _database(fault: DBAPIError) -> Response:
    number = _record(fault)
    away = isinstance(fault, OperationalError) or fault.connection_invalidated
    response = _page(503 if away else 500, number)
    if away:
        response.headers["Retry-After"] = RETRY_AFTER
    return response


def _unforeseen(fault: Exception) -> Response:
    return _page(500, _record(fault))


def _record(fault: Exception) -> str:
    """Log the fault under a number that the page shows, so that support can find it."""
    number = secrets.token_hex(4)
    log.error("fault %s at %s", number, request.endpoint, exc_info=fault)
    return number
