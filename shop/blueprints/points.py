"""The cabinet's page of points: the level, what may be spent until when, what is to come, what happened."""

from datetime import UTC, datetime

from flask import Blueprint, abort, request, url_for

from shop.queries.points import points_page_of
from shop.rules.points import MOST_PERCENT
from shop.web.audience import shoppers
from shop.web.context import config
from shop.web.respond import render
from shop.web.shopper import shopper

blueprint = Blueprint("points", __name__, url_prefix="/my/points")
blueprint.before_request(shoppers)


@blueprint.get("/")
def show():
    """Show all about one's points, with a page of the statement."""
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= 10_000:
        abort(404)
    found = points_page_of(account_id=shopper().customer_id, now=datetime.now(UTC), page=page)
    if page > 1 and not found.statement:
        abort(404)
    return render(
        "points/points.html",
        points=found,
        tiers=config().status_tiers,
        most_percent=MOST_PERCENT,
        url=_page,
    )


def _page(page):
    """The address of a page of the statement."""
    return url_for("points.show", page=page if page > 1 else None, _anchor="statement-h")
