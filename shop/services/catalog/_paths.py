"""The addresses of categories: each only once in the whole shop, and the same from import to import."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from shop.db import db
from shop.models.catalog import Category
from shop.rules.feeds import LONGEST_PATH, PlacedCategory


def settle_paths(
    feed_id: int, placed: Sequence[PlacedCategory], known: Mapping[str, Category]
) -> dict[str, str]:
    """Return the address of each category, by the feed's id.

    Other feeds' addresses are taken. Addresses of categories that left this feed are not: who comes
    instead gets them, and the old one is moved aside.
    """
    taken = set(db.session.scalars(select(Category.path).where(Category.feed_id != feed_id)))
    paths: dict[str, str] = {}
    for one in placed:
        above = paths[one.parent_id] if one.parent_id is not None else None
        slug = one.path.rpartition("/")[2]
        start = slug if above is None else f"{above}/{slug}"
        if above and len(start) > LONGEST_PATH:
            start = f"{above.partition('/')[0]}/{slug}"
        path, number = start, 1
        while path in taken:
            number += 1
            path = f"{start}-{number}"
        taken.add(path)
        paths[one.external_id] = path
    _move_aside(paths, known, taken)
    return paths


def _move_aside(paths: Mapping[str, str], known: Mapping[str, Category], taken: set[str]) -> None:
    """Free the addresses that others are about to get: no two may have one at any moment."""
    for external_id, category in known.items():
        wanted = paths.get(external_id)
        if wanted is None and category.path in taken:
            category.path = f"ranee/{category.id}"
        elif wanted is not None and wanted != category.path:
            category.path = f"~{category.id}"
    db.session.flush()
