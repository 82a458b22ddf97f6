"""Departments and the shelves below them, and the pages of goods on each."""

from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from shop.db import db
from shop.models.catalog import Category, Listing, Product
from shop.queries.catalog.cards import CARD_COLUMNS, Card, cards_by

CARDS_A_PAGE = 24

# How a list may be sorted: by what, and whether it rises. Each is one walk through one index.
SORTS: dict[str, tuple[InstrumentedAttribute[Any], bool]] = {
    "popular": (Listing.rank, False),
    "cheap": (Listing.price_kopecks, True),
    "dear": (Listing.price_kopecks, False),
    "new": (Listing.arrived_at, False),
    "discount": (Listing.discount_percent, False),
}


class Shelf(NamedTuple):
    """A category, as links and tiles show it."""

    id: int
    parent_id: int | None
    name: str
    path: str
    depth: int
    product_count: int
    picture: str
    tint: str

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"/catalog/{self.path}/"


_SHELF_COLUMNS = (
    Category.id,
    Category.parent_id,
    Category.name,
    Category.path,
    Category.depth,
    Category.product_count,
    Category.picture,
    Category.tint,
)
_IN_ORDER = (Category.depth, Category.position, Category.id)
# Statements of the busiest pages are put together once: building one costs more than running it.
_PARENT = aliased(Category)
_SHELF_AND_AROUND = (
    select(*_SHELF_COLUMNS)
    .outerjoin(_PARENT, _PARENT.id == Category.parent_id)
    .where(
        Category.path.in_(bindparam("steps", expanding=True)) | (_PARENT.path == bindparam("path"))
    )
    .order_by(*_IN_ORDER)
)


def _shelves(condition: ColumnElement[bool]) -> list[Shelf]:
    found = db.session.execute(
        select(*_SHELF_COLUMNS).where(condition, Category.product_count > 0).order_by(*_IN_ORDER)
    )
    return [Shelf(*row) for row in found]


def departments() -> list[Shelf]:
    """Return the departments that have something on show."""
    return _shelves(Category.parent_id.is_(None))


def all_shelves(depth: int = 2) -> list[tuple[Shelf, list[Shelf]]]:
    """Return every department with the shelves right below it, in the owner's order."""
    shelves = _shelves(Category.depth < depth)
    below: dict[int | None, list[Shelf]] = {}
    for shelf in shelves:
        below.setdefault(shelf.parent_id, []).append(shelf)
    return [(department, below.get(department.id, [])) for department in below.get(None, [])]


@dataclass(frozen=True, slots=True)
class ShelfView:
    """A category with the way to it and what branches off."""

    shelf: Shelf
    ancestors: list[Shelf]
    children: list[Shelf]

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """The way to it: names with addresses."""
        return [(shelf.name, shelf.url) for shelf in self.ancestors]


def shelf_at(path: str) -> ShelfView | None:
    """Return the category at an address with ancestors and children, or None; in one query."""
    found = db.session.execute(_SHELF_AND_AROUND, {"steps": _steps_to(path), "path": path})
    shelves = [Shelf(*row) for row in found]
    shelf = next((one for one in shelves if one.path == path), None)
    if shelf is None:
        return None
    return ShelfView(
        shelf=shelf,
        ancestors=[one for one in shelves if one.depth < shelf.depth],
        children=[one for one in shelves if one.depth > shelf.depth and one.product_count],
    )


def way_to(path: str) -> list[Shelf]:
    """Return the categories from the department down to the one at `path`, for crumbs."""
    found = db.session.execute(
        select(*_SHELF_COLUMNS).where(Category.path.in_(_steps_to(path))).order_by(Category.depth)
    )
    return [Shelf(*row) for row in found]


def _steps_to(path: str) -> list[str]:
    """Return "a", "a/b" and "a/b/c" for "a/b/c"."""
    parts = path.split("/")
    return ["/".join(parts[:number]) for number in range(1, len(parts) + 1)]


def page_count(shelf: Shelf) -> int:
    """Return how many pages a category's list has; an empty one has one page."""
    return max(1, -(-shelf.product_count // CARDS_A_PAGE))


@cache
def _page_of(sort: str) -> Select[Any]:
    """The ids by the index alone, then the rows by primary key."""
    key, is_rising = SORTS[sort]
    keys = select(Listing.product_id, key.label("sort_key"))
    keys = keys.where(Listing.category_id == bindparam("category_id"))
    keys = keys.limit(CARDS_A_PAGE).offset(bindparam("skipped"))
    if is_rising:
        found = keys.order_by(key.asc(), Listing.product_id.asc()).subquery()
        order = (found.c.sort_key.asc(), Product.id.asc())
    else:
        found = keys.order_by(key.desc(), Listing.product_id.desc()).subquery()
        order = (found.c.sort_key.desc(), Product.id.desc())
    goods = select(*CARD_COLUMNS).join_from(found, Product, Product.id == found.c.product_id)
    return goods.order_by(*order)


def category_page(category_id: int, sort: str = "popular", page: int = 1) -> list[Card]:
    """Return one page of a category's goods, sorted by one of SORTS."""
    wanted = {"category_id": category_id, "skipped": (page - 1) * CARDS_A_PAGE}
    return cards_by(_page_of(sort), wanted)
