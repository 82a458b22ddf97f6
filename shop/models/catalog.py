"""The catalog: categories, products, and how many of them lie where."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Moment
from shop.models.base import Model


class Category(Model):
    """A shelf of the catalog; departments are those without a parent."""

    __table_args__ = (UniqueConstraint("feed_id", "external_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id"))
    external_id: Mapped[str] = mapped_column(String(80))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    # The whole way from the department, "dom/posuda/chajniki": the address of its page.
    path: Mapped[str] = mapped_column(String(400), unique=True)
    depth: Mapped[int]
    position: Mapped[int]
    # Products on show in it and below; written with the products, so a list needs no counting.
    product_count: Mapped[int] = mapped_column(default=0)
    # The picture of one of its products, shown on the tile.
    picture: Mapped[str] = mapped_column(String(120), default="")
    tint: Mapped[str] = mapped_column(String(10), default="sand")


class Product(Model):
    """One thing that is or was sold. Never deleted: old orders point at it."""

    __table_args__ = (
        UniqueConstraint("feed_id", "external_id"),
        CheckConstraint("price_kopecks > 0", name="price_is_positive"),
        CheckConstraint(
            "old_price_kopecks IS NULL OR old_price_kopecks > price_kopecks",
            name="old_price_is_higher",
        ),
        Index("ix_product_discount", "is_listed", "is_in_stock", "discount_percent", "id"),
        Index("ix_product_arrival", "is_listed", "is_in_stock", "arrived_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id"))
    external_id: Mapped[str] = mapped_column(String(80))
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    slug: Mapped[str] = mapped_column(String(120))
    brand: Mapped[str] = mapped_column(String(120), default="")
    article: Mapped[str] = mapped_column(String(80), default="", index=True)
    barcode: Mapped[str] = mapped_column(String(40), default="", index=True)
    description: Mapped[str] = mapped_column(default="")
    # [[name, value, unit], …] in the feed's order.
    params: Mapped[list[Any]] = mapped_column(JSON, default=list)
    # File names in the media folder, the first is the main one.
    pictures: Mapped[list[Any]] = mapped_column(JSON, default=list)
    picture: Mapped[str] = mapped_column(String(120), default="")
    tint: Mapped[str] = mapped_column(String(10), default="sand")
    price_kopecks: Mapped[int]
    old_price_kopecks: Mapped[int | None]
    discount_percent: Mapped[int] = mapped_column(default=0)
    weight_g: Mapped[int] = mapped_column(default=0)
    length_mm: Mapped[int] = mapped_column(default=0)
    width_mm: Mapped[int] = mapped_column(default=0)
    height_mm: Mapped[int] = mapped_column(default=0)
    sold_count: Mapped[int] = mapped_column(default=0)
    # False once it vanished from its feed: hidden from the shop, kept for old orders.
    is_listed: Mapped[bool] = mapped_column(default=True)
    is_in_stock: Mapped[bool] = mapped_column(default=False)
    # What its offer in the feed hashed to: an unchanged offer costs nothing.
    content_hash: Mapped[str] = mapped_column(String(64))
    arrived_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class Listing(Model):
    """A product on the shelf of one category: its own and each above, with what lists sort by.

    Written only by services/catalog, together with the product, so that page 50 of a department of
    100,000 goods is one step through one index.
    """

    __table_args__ = (
        Index("ix_listing_popular", "category_id", "rank", "product_id"),
        Index("ix_listing_price", "category_id", "price_kopecks", "product_id"),
        Index("ix_listing_arrival", "category_id", "arrived_at", "product_id"),
        Index("ix_listing_discount", "category_id", "discount_percent", "product_id"),
    )

    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True, index=True)
    # In stock before sold out, then the better sold.
    rank: Mapped[int]
    price_kopecks: Mapped[int]
    arrived_at: Mapped[datetime] = mapped_column(Moment)
    discount_percent: Mapped[int]


class Warehouse(Model):
    """A place that parcels start from."""

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    city: Mapped[str] = mapped_column(String(100))
    latitude: Mapped[float]
    longitude: Mapped[float]
    # Days from the order to the hand-over to the carrier.
    dispatch_days: Mapped[int]


class Stock(Model):
    """How many of a product can be sold from a warehouse now; reserved ones are already taken off."""

    __table_args__ = (CheckConstraint("quantity >= 0", name="never_oversold"),)

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"), primary_key=True)
    quantity: Mapped[int]
