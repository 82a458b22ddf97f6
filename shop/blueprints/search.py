"""Search: what was found, and what may be meant while one types."""

from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, request
from flask_babel import lazy_gettext as _l

from shop.queries import catalog
from shop.queries.search import BEST, LONGEST_QUERY, products_like, suggestions
from shop.web.audience import everyone
from shop.web.cards import beside
from shop.web.respond import render

blueprint = Blueprint("search", __name__)
blueprint.before_request(everyone)

SORT_NAMES = {
    BEST: _l("Best match first"),
    "cheap": _l("Cheap first"),
    "dear": _l("Expensive first"),
    "new": _l("New first"),
    "discount": _l("Discounts first"),
}


@blueprint.get("/search")
def results():
    """A page of what was found, or what is near and where to look further."""
    query = _query()
    sort, number = request.args.get("sort", BEST), _page_number()
    if sort not in SORT_NAMES or not number:
        abort(404)
    found = products_like(words=query, page=number, sort=sort)
    if number > found.pages:
        abort(404)
    is_empty = not found.rows and not found.near
    others = catalog.novelties() if is_empty else []
    return render(
        "search/results.html",
        "search/_results.html",
        found=found,
        others=others,
        departments=[] if found.rows else catalog.departments(),
        sort=sort,
        sort_names=SORT_NAMES,
        page_url=lambda other: _address(query, sort, other),
        **beside([*found.rows, *found.near, *others]),
    )


@blueprint.get("/search/suggestions", endpoint="suggestions")
def suggested():
    """A few things that may be meant, each a link."""
    return render_template("search/_suggestions.html", suggestions=suggestions(words=_query()))


def _query() -> str:
    """What was asked for, at most so long; signs that no database takes are left out."""
    return request.args.get("q", "").replace("\0", "")[:LONGEST_QUERY].strip()


def _page_number() -> int:
    """The page asked for; 0, which no list has, for what isn't a number."""
    text = request.args.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _address(query: str, sort: str, number: int) -> str:
    parts = {"q": query} | ({} if sort == BEST else {"sort": sort}) | {"page": number}
    return f"/search?{urlencode(parts)}"
