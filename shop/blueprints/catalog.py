"""The shop window: home, departments, lists of goods, one product."""

from flask import Blueprint, abort, redirect, request
from flask_babel import lazy_gettext as _l

from shop.queries import catalog
from shop.queries.delivery import tariff_of
from shop.web.audience import everyone
from shop.web.cards import beside
from shop.web.respond import render
from shop.web.schema import crumbs_schema, product_schema
from shop.web.shopper import shopper

blueprint = Blueprint("catalog", __name__)
blueprint.before_request(everyone)

SORT_NAMES = {
    "popular": _l("Popular first"),
    "cheap": _l("Cheap first"),
    "dear": _l("Expensive first"),
    "new": _l("New first"),
    "discount": _l("Discounts first"),
}


@blueprint.get("/")
def home():
    """What the shop has, and what is new and cheaper in it."""
    deals, novelties = catalog.deals(), catalog.novelties()
    on_show = {card.id for card in deals}
    novelties = [card for card in novelties if card.id not in on_show]
    return render(
        "catalog/home.html",
        departments=catalog.departments(),
        deals=deals,
        novelties=novelties,
        **beside([*deals, *novelties]),
    )


@blueprint.get("/catalog/")
def departments():
    """All departments with the shelves below them."""
    return render("catalog/departments.html", departments=catalog.all_shelves())


@blueprint.get("/catalog/<path:path>/")
def category(path):
    """One shelf: its branches and a page of its goods."""
    view = catalog.shelf_at(path) or abort(404)
    sort = request.args.get("sort", "popular")
    number, pages = _page_number(), catalog.page_count(view.shelf)
    if sort not in SORT_NAMES or not 1 <= number <= pages:
        abort(404)
    cards = catalog.category_page(view.shelf.id, sort, number)
    ending = "" if sort == "popular" else f"&sort={sort}"
    return render(
        "catalog/category.html",
        view=view,
        cards=cards,
        sort=sort,
        sort_names=SORT_NAMES,
        number=number,
        pages=pages,
        page_url=lambda other: f"{view.shelf.url}?page={other}{ending}",
        schema=[crumbs_schema([*view.crumbs, (view.shelf.name, view.shelf.url)])],
        **beside(cards),
    )


def _page_number() -> int:
    """The page asked for; 0, which no list has, for what isn't a number."""
    text = request.args.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


@blueprint.get("/product/<int:product_id>", defaults={"slug": ""})
@blueprint.get("/product/<int:product_id>-<slug>")
def product(product_id, slug):
    """One product; an old name in the address leads to today's."""
    view = catalog.product_view(product_id)
    beside_it = catalog.similar(category_id=view.category_id, but=product_id)
    if not view.is_listed:
        page = {"product": view, "similar": beside_it, **beside(beside_it)}
        return render("catalog/gone.html", status=410, **page)
    if slug != view.slug:
        return redirect(view.url, 301)
    crumbs = [(shelf.name, shelf.url) for shelf in catalog.way_to(view.shelf_path)]
    return render(
        "catalog/product.html",
        product=view,
        crumbs=crumbs,
        tariff=tariff_of(view, place=shopper().place),
        schema=[product_schema(view), crumbs_schema([*crumbs, (view.name, view.url)])],
        similar=beside_it,
        **beside([view, *beside_it]),
    )
