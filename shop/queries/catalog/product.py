"""One product with everything that its page says, and what stands beside it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from shop.db import db
from shop.models.catalog import Category, Listing, Product, Stock
from shop.queries.catalog.cards import CARD_COLUMNS, Card, cards_by, product_url


@dataclass(frozen=True, slots=True)
class ProductView:
    """One product with everything its page says."""

    id: int
    slug: str
    name: str
    brand: str
    price_kopecks: int
    old_price_kopecks: int | None
    discount_percent: int
    picture: str
    tint: str
    is_in_stock: bool
    is_listed: bool
    category_id: int
    article: str
    barcode: str
    description: str
    # (name, value, unit) in the feed's order.
    params: list[list[str]]
    pictures: list[str]
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    changed_at: datetime
    shelf_path: str
    # How many can be sold now, from all warehouses.
    left: int

    @property
    def url(self) -> str:
        """The address of its page."""
        return product_url(self.id, self.slug)

    @property
    def sides_mm(self) -> tuple[int, int, int]:
        """Its box, for planning parcels."""
        return self.length_mm, self.width_mm, self.height_mm

    @property
    def paragraphs(self) -> list[str]:
        """The description, as its author divided it."""
        return [part.strip() for part in self.description.splitlines() if part.strip()]


_COLUMNS: tuple[Any, ...] = (
    *CARD_COLUMNS,
    Product.is_listed,
    Product.category_id,
    Product.article,
    Product.barcode,
    Product.description,
    Product.params,
    Product.pictures,
    Product.weight_g,
    Product.length_mm,
    Product.width_mm,
    Product.height_mm,
    Product.changed_at,
    Category.path,
)


_LEFT = (
    select(func.coalesce(func.sum(Stock.quantity), 0))
    .where(Stock.product_id == Product.id)
    .scalar_subquery()
)
_PRODUCT = (
    select(*_COLUMNS, _LEFT)
    .join(Category, Category.id == Product.category_id)
    .where(Product.id == bindparam("product_id"))
)
_NEIGHBOURS = (
    select(Listing.product_id, Listing.rank)
    .where(Listing.category_id == bindparam("category_id"))
    .order_by(Listing.rank.desc(), Listing.product_id.desc())
    .limit(bindparam("most"))
    .subquery()
)
_SIMILAR = (
    select(*CARD_COLUMNS)
    .join_from(_NEIGHBOURS, Product, Product.id == _NEIGHBOURS.c.product_id)
    .order_by(_NEIGHBOURS.c.rank.desc(), Product.id.desc())
)


def product_view(product_id: int) -> ProductView:
    """Return a product, also one that is no longer sold.

    :raises NoResultFound: when there never was such a product.
    """
    row: Any = db.session.execute(_PRODUCT, {"product_id": product_id}).one()
    return ProductView(*row)


def similar(*, category_id: int, but: int, most: int = 5) -> list[Card]:
    """Return what else people buy from the same shelf, in stock first, but the product itself."""
    found = cards_by(_SIMILAR, {"category_id": category_id, "most": most + 1})
    return [card for card in found if card.id != but][:most]
