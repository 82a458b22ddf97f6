"""Goods as cards. Columns into light rows: a page of 24 must cost a millisecond or two."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from shop.db import db
from shop.models.catalog import Product


class Card(NamedTuple):
    """What a card in a list shows of a product."""

    id: int
    url: str
    name: str
    brand: str
    price_kopecks: int
    old_price_kopecks: int | None
    discount_percent: int
    picture: str
    tint: str
    is_in_stock: bool


# What cards are made of; `card_of` takes a row that begins with these.
CARD_COLUMNS: tuple[Any, ...] = (
    Product.id,
    Product.slug,
    Product.name,
    Product.brand,
    Product.price_kopecks,
    Product.old_price_kopecks,
    Product.discount_percent,
    Product.picture,
    Product.tint,
    Product.is_in_stock,
)
_ON_SALE = (Product.is_listed.is_(True), Product.is_in_stock.is_(True))


def product_url(product_id: int, slug: str) -> str:
    """Return the address of a product's page."""
    return f"/product/{product_id}-{slug}"


def card_of(row: Sequence[Any]) -> Card:
    """Return the card of a row that begins with CARD_COLUMNS."""
    product_id, slug, *rest = row[: len(CARD_COLUMNS)]
    return Card(product_id, product_url(product_id, slug), *rest)


def cards_by(query: Select[Any], parameters: Mapping[str, Any] | None = None) -> list[Card]:
    """Return the cards of a query that selects CARD_COLUMNS first."""
    return [card_of(row) for row in db.session.execute(query, parameters)]


def cards(ids: Sequence[int]) -> list[Card]:
    """Return the cards of these products in this order; those that left the shop are skipped."""
    if not ids:
        return []
    # Whether it is listed is asked of the rows: as a condition it sends SQLite through all that are.
    rows = db.session.execute(select(*CARD_COLUMNS, Product.is_listed).where(Product.id.in_(ids)))
    found = {row.id: card_of(row) for row in rows if row.is_listed}
    return [found[product_id] for product_id in ids if product_id in found]


_DEALS = (
    select(*CARD_COLUMNS)
    .where(*_ON_SALE, Product.discount_percent > 0)
    .order_by(Product.discount_percent.desc(), Product.id.desc())
    .limit(bindparam("most"))
)
_NOVELTIES = (
    select(*CARD_COLUMNS, Product.category_id)
    .where(*_ON_SALE)
    .order_by(Product.arrived_at.desc(), Product.id.desc())
    .limit(bindparam("most"))
)
# So many of the newest are looked through, so that one delivery of teapots isn't all that is new.
_LOOKED_THROUGH = 48


def deals(most: int = 10) -> list[Card]:
    """Return the goods in stock with the largest discounts."""
    return cards_by(_DEALS, {"most": most})


def novelties(most: int = 10) -> list[Card]:
    """Return goods in stock that came last, one of each shelf before a second of any."""
    rows = db.session.execute(_NOVELTIES, {"most": _LOOKED_THROUGH}).all()
    seen: Counter[int] = Counter()
    turns = []
    for number, row in enumerate(rows):
        turns.append((seen[row.category_id], number, row))
        seen[row.category_id] += 1
    return [card_of(row) for _turn, _number, row in sorted(turns, key=lambda one: one[:2])[:most]]
