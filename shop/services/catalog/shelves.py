"""The shelves: categories and products as a feed has them, written a batch at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select, update

from shop.db import db, fulltext, use_case
from shop.models.catalog import Category, Listing, Product, Stock
from shop.queries.feeds import ShelfFigures
from shop.rules.catalog import discount_percent, rank, tint
from shop.rules.feeds import PlacedCategory
from shop.services.catalog._paths import settle_paths

# The columns of a product that a feed decides about; the rest is the shop's own.
FROM_FEED = (
    "category_id name slug brand article barcode description params price_kopecks old_price_kopecks discount_percent "
    "weight_g length_mm width_mm height_mm is_listed content_hash changed_at"
).split()
_PICTURES = ["pictures", "picture"]


@dataclass(slots=True)
class NewProduct:
    """A product ready to be put on the shelves.

    `shelves` are its category and all above it. `stock` is by warehouse, or None to leave it as it is;
    `pictures` likewise. `words` is what the index keeps: of the name, of the rest.
    """

    external_id: str
    values: dict[str, Any]
    shelves: tuple[int, ...]
    words: tuple[str, str]
    stock: Mapping[int, int] | None = None
    pictures: Sequence[str] | None = None
    id: int = field(default=0)


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table


@use_case
def put_categories(
    *, feed_id: int, placed: Sequence[PlacedCategory], now: datetime
) -> dict[str, int]:
    """Write a feed's categories, parents first; return their ids by the feed's ids.

    Those that left the feed stay for the sake of what was sold from them, with nothing on them.
    """
    known = {
        category.external_id: category
        for category in db.session.scalars(select(Category).where(Category.feed_id == feed_id))
    }
    paths = settle_paths(feed_id, placed, known)
    ids: dict[str, int] = {}
    for one in placed:
        values = {
            "name": one.name,
            "parent_id": ids[one.parent_id] if one.parent_id is not None else None,
            "path": paths[one.external_id],
            "depth": one.depth,
            "position": one.position,
        }
        category = known.get(one.external_id)
        if category is None:
            values |= {"feed_id": feed_id, "external_id": one.external_id}
            category = Category(**values, tint=tint(one.external_id))
            db.session.add(category)
            db.session.flush()
        else:
            for name, value in values.items():
                setattr(category, name, value)
        ids[one.external_id] = category.id
    return ids


@use_case
def put_products(*, feed_id: int, products: Sequence[NewProduct], now: datetime) -> tuple[int, int]:
    """Put a batch of products on their shelves; return how many are new and how many changed."""
    codes = [product.external_id for product in products]
    rows = db.session.execute(
        select(Product.external_id, Product.id).where(
            Product.feed_id == feed_id, Product.external_id.in_(codes)
        )
    )
    known = {external_id: product_id for external_id, product_id in rows}
    for product in products:
        product.id = known.get(product.external_id, 0)
        product.values["discount_percent"] = discount_percent(
            product.values["price_kopecks"], product.values["old_price_kopecks"]
        )
    _insert([product for product in products if not product.id], feed_id, now)
    _update([product for product in products if product.external_id in known], now)
    _write_stock(products)
    _write_listings(products)
    fulltext.put([(product.id, *product.words) for product in products])
    return len(products) - len(known), len(known)


def _pictures(product: NewProduct) -> dict[str, Any]:
    pictures = list(product.pictures or ())
    return {"pictures": pictures, "picture": pictures[0] if pictures else ""}


def _insert(products: Sequence[NewProduct], feed_id: int, now: datetime) -> None:
    if not products:
        return
    rows = [
        product.values
        | _pictures(product)
        | {
            "feed_id": feed_id,
            "external_id": product.external_id,
            "tint": tint(product.external_id),
            "arrived_at": now,
            "changed_at": now,
        }
        for product in products
    ]
    made = db.session.execute(
        insert(_table(Product)).returning(Product.external_id, Product.id), rows
    )
    ids = {external_id: product_id for external_id, product_id in made}
    for product in products:
        product.id = ids[product.external_id]


def _update(products: Sequence[NewProduct], now: datetime) -> None:
    """Update what the feed decides about; with its pictures only where it brought a folder of them."""
    for has_pictures in (False, True):
        some = [product for product in products if (product.pictures is not None) == has_pictures]
        if not some:
            continue
        columns = FROM_FEED + (_PICTURES if has_pictures else [])
        statement = (
            update(_table(Product))
            .where(Product.id == bindparam("the_id"))
            .values({name: bindparam(f"new_{name}") for name in columns})
        )
        rows = []
        for product in some:
            values = product.values | _pictures(product) | {"changed_at": now}
            rows.append({"the_id": product.id} | {f"new_{name}": values[name] for name in columns})
        db.session.execute(statement, rows, execution_options={"synchronize_session": False})


def _write_stock(products: Sequence[NewProduct]) -> None:
    given = [product for product in products if product.stock is not None]
    if not given:
        return
    ids = [product.id for product in given]
    db.session.execute(delete(_table(Stock)).where(Stock.product_id.in_(ids)))
    rows = [
        {"product_id": product.id, "warehouse_id": warehouse_id, "quantity": quantity}
        for product in given
        for warehouse_id, quantity in (product.stock or {}).items()
    ]
    if rows:
        db.session.execute(insert(_table(Stock)), rows)
    in_stock = select(Stock.product_id).where(Stock.quantity > 0)
    db.session.execute(
        update(_table(Product))
        .where(Product.id.in_(ids))
        .values(is_in_stock=Product.id.in_(in_stock))
    )


def _write_listings(products: Sequence[NewProduct]) -> None:
    ids = [product.id for product in products]
    db.session.execute(delete(_table(Listing)).where(Listing.product_id.in_(ids)))
    kept = {
        row.id: row
        for row in db.session.execute(
            select(Product.id, Product.sold_count, Product.is_in_stock, Product.arrived_at).where(
                Product.id.in_(ids)
            )
        )
    }
    rows = [
        {
            "category_id": category_id,
            "product_id": product.id,
            "rank": rank(kept[product.id].sold_count, kept[product.id].is_in_stock),
            "price_kopecks": product.values["price_kopecks"],
            "arrived_at": kept[product.id].arrived_at,
            "discount_percent": product.values["discount_percent"],
        }
        for product in products
        for category_id in product.shelves
    ]
    db.session.execute(insert(_table(Listing)), rows)


@use_case
def hide_products(*, ids: Sequence[int], now: datetime) -> None:
    """Take products off the shelves and out of the search; they are kept for old orders."""
    db.session.execute(
        update(_table(Product)).where(Product.id.in_(ids)).values(is_listed=False, changed_at=now)
    )
    db.session.execute(delete(_table(Listing)).where(Listing.product_id.in_(ids)))
    fulltext.drop(ids)


@use_case
def count_shelves(*, figures: Mapping[int, ShelfFigures]) -> None:
    """Write on each category how many goods stand on it and below, and the picture of the best of them."""
    nothing = ShelfFigures(0, "", "")
    for category in db.session.scalars(select(Category)):
        found = figures.get(category.id, nothing)
        category.product_count = found.product_count
        if found.product_count:
            category.picture, category.tint = found.picture, found.tint or category.tint
