"""The access log: what was asked for and how it went, without anything personal."""

import logging
import time

from flask import Flask, Response, g, request

log = logging.getLogger("shop.access")


def init_app(app: Flask) -> None:
    """Write one line a request: the route, not the address with its numbers and words."""
    app.before_request(_start)
    app.after_request(_end)


def _start() -> None:
    g.started = time.perf_counter()


def _end(response: Response) -> Response:
    if log.isEnabledFor(logging.INFO):
        took = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
        log.info(
            "%s %s %d %.1f ms", request.method, request.url_rule or "-", response.status_code, took
        )
    return response
