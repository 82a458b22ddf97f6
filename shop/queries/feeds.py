"""Feeds: what is known from the last import, and how each import went."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select

from shop.db import db
from shop.models.catalog import Listing, Product, Warehouse
from shop.models.feeds import Feed, FeedProblem, FeedRun

# A category without any pictures must not be walked through to its end.
LOOKED_AT_FOR_PICTURE = 100


class KnownProduct(NamedTuple):
    """A product as the last import left it."""

    id: int
    content_hash: str
    is_listed: bool


class ShelfFigures(NamedTuple):
    """How many goods stand on a shelf and below, and the picture of the best of them."""

    product_count: int
    picture: str
    tint: str


class ToldProblem(NamedTuple):
    """Something about a feed that its owner should know."""

    line: int
    offer_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class FeedReport:
    """How an import went."""

    run: FeedRun
    problems: list[ToldProblem]
    problem_count: int


def feed_hash(*, feed_id: int) -> str:
    """Return what the last feed that was imported whole hashed to."""
    return db.session.execute(select(Feed.content_hash).where(Feed.id == feed_id)).scalar_one()


def warehouse_codes() -> dict[str, int]:
    """Return the warehouses' ids by code, the first warehouse first."""
    rows = db.session.execute(select(Warehouse.code, Warehouse.id).order_by(Warehouse.id))
    return {code: warehouse_id for code, warehouse_id in rows}


def known_products(*, feed_id: int, external_ids: Sequence[str]) -> dict[str, KnownProduct]:
    """Return what is known of these offers."""
    rows = db.session.execute(
        select(Product.external_id, Product.id, Product.content_hash, Product.is_listed).where(
            Product.feed_id == feed_id, Product.external_id.in_(external_ids)
        )
    )
    return {row[0]: KnownProduct(row[1], row[2], row[3]) for row in rows}


def listed_products(*, feed_id: int) -> dict[str, int]:
    """Return the ids of a feed's products on show, by the feed's own ids."""
    rows = db.session.execute(
        select(Product.external_id, Product.id)
        .where(Product.feed_id == feed_id, Product.is_listed.is_(True))
        .order_by(Product.id)
    )
    return {external_id: product_id for external_id, product_id in rows}


def shelf_figures() -> dict[int, ShelfFigures]:
    """Return what each shelf with something on it has to show, counted from what stands there now."""
    counts = db.session.execute(
        select(Listing.category_id, func.count()).group_by(Listing.category_id)
    )
    return {number: ShelfFigures(count, *_best_picture(number)) for number, count in counts.all()}


def _best_picture(category_id: int) -> tuple[str, str]:
    best = (
        select(Listing.product_id, Listing.rank)
        .where(Listing.category_id == category_id)
        .order_by(Listing.rank.desc(), Listing.product_id)
        .limit(LOOKED_AT_FOR_PICTURE)
        .subquery()
    )
    row = db.session.execute(
        select(Product.picture, Product.tint)
        .join(best, best.c.product_id == Product.id)
        .where(Product.picture != "")
        .order_by(best.c.rank.desc(), Product.id)
        .limit(1)
    ).first()
    return (row.picture, row.tint) if row else ("", "")


def report_of(*, run_id: int, most: int = 20) -> FeedReport:
    """Return how an import went, with its first problems by line."""
    of_run = FeedProblem.run_id == run_id
    problems = db.session.execute(
        select(FeedProblem.line, FeedProblem.offer_id, FeedProblem.reason)
        .where(of_run)
        .order_by(FeedProblem.line, FeedProblem.id)
        .limit(most)
    )
    return FeedReport(
        run=db.session.get_one(FeedRun, run_id),
        problems=[ToldProblem(*row) for row in problems],
        problem_count=db.session.scalar(select(func.count()).where(of_run)) or 0,
    )
