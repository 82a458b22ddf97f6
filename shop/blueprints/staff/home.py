"""The staff's first page: the shop's day in figures."""

from datetime import UTC, datetime

from flask import Blueprint

from shop.queries.audit import audits
from shop.queries.staff import figures_of, orders_by_day
from shop.web.audience import staff
from shop.web.context import config
from shop.web.respond import render
from shop.web.shopper import shopper

blueprint = Blueprint("staff_home", __name__, url_prefix="/staff")
blueprint.before_request(staff())


@blueprint.get("/")
def index():
    """What the day has brought, what waits for hands, and for the owner whether the books add up."""
    here = {"now": datetime.now(UTC), "zone": config().shop_time_zone}
    return render(
        "staff/home/home.html",
        figures=figures_of(**here),
        days=orders_by_day(**here),
        audits=audits(most=1) if shopper().may("owner") else [],
    )
