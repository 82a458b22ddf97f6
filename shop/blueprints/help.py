"""Help pages: answers to what people really ask."""

from flask import Blueprint, abort
from flask_babel import lazy_gettext as _l

from shop.forms.checkout import WAYS
from shop.queries.payments import ways_to_pay
from shop.rules.delivery import (
    COURIER_KOPECKS,
    FREE_COURIER_FROM_KOPECKS,
    FREE_PICKUP_FROM_KOPECKS,
    LIGHT_G,
    PICKUP_KOPECKS,
)
from shop.rules.money import written
from shop.rules.points import MOST_PERCENT
from shop.web.audience import everyone
from shop.web.context import config
from shop.web.respond import render

blueprint = Blueprint("help", __name__, url_prefix="/help")
blueprint.before_request(everyone)

TOPICS = {
    "order": _l("How to order"),
    "delivery": _l("Delivery and pickup points"),
    "payment": _l("Payment"),
    "points": _l("Points and levels"),
    "returns": _l("Returning money and goods"),
    "account": _l("Account: last name, e-mail, password"),
    "contacts": _l("Contacts"),
}


@blueprint.get("/")
def index():
    """Show what there is help with."""
    return render("help/index.html", topics=TOPICS, topic="")


@blueprint.get("/<topic>")
def page(topic):
    """Show one topic, with the figures the shop reckons by."""
    if topic not in TOPICS:
        abort(404)
    ways = ways_to_pay(is_production=config().is_production) if topic == "payment" else ()
    return render(
        f"help/{topic}.html",
        topics=TOPICS,
        topic=topic,
        pickup=written(PICKUP_KOPECKS),
        courier=written(COURIER_KOPECKS),
        free_pickup=written(FREE_PICKUP_FROM_KOPECKS),
        free_courier=written(FREE_COURIER_FROM_KOPECKS),
        light=LIGHT_G // 1000,
        minutes=config().payment_minutes,
        tiers=config().status_tiers,
        most_percent=MOST_PERCENT,
        ways=[WAYS[way.code] for way in ways],
    )
