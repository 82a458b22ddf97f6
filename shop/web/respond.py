"""Answer with a page or with a partial of it; the one place, with audience.py, that reads htmx's headers."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from flask import Response, make_response, redirect, render_template, request

VARY = ("Cookie", "HX-Request", "HX-Request-Type", "HX-Target")


def wants_partial() -> bool:
    """True when htmx will swap the answer into a part of the page."""
    headers = request.headers
    if headers.get("HX-Request") != "true" or headers.get("HX-History-Restore-Request") == "true":
        return False
    target = headers.get("HX-Target", "").split("#")[-1]
    return headers.get("HX-Request-Type") != "full" and target not in {"", "body"}


def target() -> str:
    """The id of the element htmx will swap, or an empty string."""
    return request.headers.get("HX-Target", "").split("#")[-1] if wants_partial() else ""


def render(
    page: str,
    partial: str | None = None,
    *,
    also: Iterable[str] = (),
    status: int = 200,
    toast: str = "",
    events: Mapping[str, Any] | None = None,
    **context: Any,
) -> Response:
    """Answer a swap with `partial` and the out-of-band `also`, else with `page`.

    `toast` is a sentence to show for a moment; `events` are told to the page's scripts.
    """
    if partial is not None and wants_partial():
        html = render_template(partial, **context)
        html += "".join(render_template(name, oob=True, **context) for name in also)
        response = make_response(html, status)
        told = dict(events or {}) | ({"toast": {"text": toast}} if toast else {})
        if told:
            # Headers are Latin-1: json.dumps escapes everything else.
            response.headers["HX-Trigger"] = json.dumps(told)
    else:
        response = make_response(render_template(page, **context), status)
    response.vary.update(VARY)
    return response


def retarget(response: Response, selector: str, swap: str = "innerHTML") -> Response:
    """Let htmx put the answer elsewhere than the page had asked."""
    response.headers["HX-Retarget"] = selector
    response.headers["HX-Reswap"] = swap
    return response


def go_to(url: str) -> Response:
    """Send a browser on with 303, and htmx with HX-Redirect."""
    if request.headers.get("HX-Request") == "true":
        return Response(status=204, headers={"HX-Redirect": url})
    response = redirect(url, 303)
    assert isinstance(response, Response)
    return response


def safe_next(url: str | None, default: str = "/") -> str:
    """Return `url` when it is a path of this shop, else `default`; never another site's address."""
    if not url or len(url) > 500 or not url.startswith("/") or url.startswith(("//", "/\\")):
        return default
    if any(ord(letter) < 33 or letter in "\\\x7f" for letter in url):
        return default
    parts = urlsplit(url)
    return url if not parts.scheme and not parts.netloc and parts.path.startswith("/") else default


def parts_of(url: str) -> SplitResult:
    """Take apart an address that a request's header tells; one that is none (`http://[`) has no parts."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def current_page() -> str:
    """The path a person is on: the page around a swap, the page just asked for, or the one a form was on."""
    if url := request.headers.get("HX-Current-URL") or _page_of_the_form():
        parts = parts_of(url)
        return safe_next(parts.path + (f"?{parts.query}" if parts.query else ""))
    return safe_next(request.full_path.rstrip("?")) if request.method == "GET" else "/"


def _page_of_the_form() -> str:
    """Where a form was sent from, when that is our own page; an address of ours may only answer a POST."""
    came_from = request.referrer or ""
    is_ours = parts_of(came_from).netloc == request.host
    return came_from if request.method == "POST" and is_ours else ""
