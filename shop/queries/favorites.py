"""What a customer keeps behind a heart."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from shop.db import db
from shop.models.catalog import Product
from shop.models.favorites import Favorite
from shop.queries.catalog import CARD_COLUMNS, Card
from shop.queries.catalog.cards import cards_by

# How the list may be sorted.
SORTS: dict[str, tuple[Any, ...]] = {
    "added": (Favorite.added_at.desc(), Product.id.desc()),
    "cheap": (Product.price_kopecks.asc(), Product.id.asc()),
    "dear": (Product.price_kopecks.desc(), Product.id.desc()),
    "discount": (Product.discount_percent.desc(), Product.id.desc()),
}


def favorites_among(*, account_id: int | None, product_ids: Sequence[int]) -> set[int]:
    """Return which of these products have the customer's heart; a guest has none, unasked."""
    if account_id is None or not product_ids:
        return set()
    mine = (Favorite.account_id == account_id, Favorite.product_id.in_(product_ids))
    return set(db.session.scalars(select(Favorite.product_id).where(*mine)))


def favorites_of(*, account_id: int, words: str = "", sort: str = "added") -> list[Card]:
    """Return a customer's favorites that are still sold: those whose names hold all the words."""
    query = (
        select(*CARD_COLUMNS)
        .join(Favorite, Favorite.product_id == Product.id)
        .where(Favorite.account_id == account_id, Product.is_listed.is_(True))
        .order_by(*SORTS[sort])
    )
    wanted = _plain(words).split()
    cards = cards_by(query)
    return [
        card
        for card in cards
        if all(word in _plain(f"{card.name} {card.brand}") for word in wanted)
    ]


def favorites_count(*, account_id: int) -> int:
    """Return how many products have the customer's heart, sold or not."""
    query = select(func.count()).select_from(Favorite).where(Favorite.account_id == account_id)
    return db.session.scalar(query) or 0


def _plain(text: str) -> str:
    return text.lower().replace("ё", "е")
