"""Favorites: the list behind the heart, and the heart itself."""

from datetime import UTC, datetime

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.queries.favorites import favorites_count, favorites_of
from shop.services.favorites import like, unlike
from shop.web.audience import shoppers
from shop.web.cards import beside
from shop.web.respond import go_to, render, safe_next, wants_partial
from shop.web.shopper import shopper

blueprint = Blueprint("favorites", __name__, url_prefix="/favorites")
blueprint.before_request(shoppers)

SORT_NAMES = {
    "added": _l("Last added first"),
    "cheap": _l("Cheap first"),
    "dear": _l("Expensive first"),
    "discount": _l("Discounts first"),
}


@blueprint.get("/")
def show():
    """What the customer likes, found by words and sorted."""
    words = request.args.get("q", "")[:100]
    sort = request.args.get("sort", "added")
    sort = sort if sort in SORT_NAMES else "added"
    mine = shopper().customer_id
    cards = favorites_of(account_id=mine, words=words, sort=sort)
    return render(
        "favorites/favorites.html",
        "favorites/_list.html",
        cards=cards,
        total=favorites_count(account_id=mine),
        words=words,
        sort=sort,
        sort_names=SORT_NAMES,
        **beside(cards),
    )


@blueprint.post("/<int:product_id>")
def put(product_id):
    """Give a product the heart, or take it back."""
    likes = request.form.get("on") != "0"
    mine = shopper().customer_id
    if likes:
        like(account_id=mine, product_id=product_id, now=datetime.now(UTC))
    else:
        unlike(account_id=mine, product_id=product_id)
    if not wants_partial():
        return go_to(safe_next(request.form.get("next"), url_for("favorites.show")))
    return render(
        "favorites/favorites.html",
        "favorites/_heart.html",
        toast=_("In favorites.") if likes else _("No longer in favorites."),
        product_id=product_id,
        is_favorite=likes,
    )
