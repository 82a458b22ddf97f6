"""Returns in the cabinet: all of them, one, and the form of a new one."""

from datetime import UTC, datetime

from flask import Blueprint, abort, request

from shop.blueprints.returns._pages import hang_up
from shop.queries.payments import payouts_of
from shop.queries.returns import returns_of
from shop.web.audience import shoppers
from shop.web.respond import render
from shop.web.shopper import shopper

blueprint = Blueprint("returns", __name__, url_prefix="/my/returns")
blueprint.before_request(shoppers)


@blueprint.get("/")
def index():
    """All one's returns, the newest first."""
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= 10_000:
        abort(404)
    rows, has_more = returns_of(account_id=shopper().customer_id, page=page)
    return render(
        "returns/returns.html",
        rows=rows,
        payouts=payouts_of(account_id=shopper().customer_id),
        has_more=has_more,
        page_number=page,
        now=datetime.now(UTC),
    )


hang_up(blueprint)
