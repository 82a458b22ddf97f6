"""The words of the catalog, as the search knows them."""

from collections.abc import Iterator
from functools import lru_cache

from sqlalchemy import select

from shop.db import db
from shop.models.catalog import Product
from shop.models.feeds import Feed
from shop.models.search import SearchWord
from shop.rules.search import Vocabulary


def names_on_show() -> Iterator[tuple[str, str]]:
    """Give the name and brand of each product on show, a few at a time."""
    query = select(Product.name, Product.brand).where(Product.is_listed.is_(True))
    rows = db.session.execute(query, execution_options={"yield_per": 2000})
    yield from rows


def search_word_counts() -> dict[str, int]:
    """Return in how many products each word stands."""
    rows = db.session.execute(select(SearchWord.word, SearchWord.product_count))
    return {word: count for word, count in rows}


def import_key() -> tuple[str, ...]:
    """Return what changes with each import: what was read of the catalog as a whole holds as long as this."""
    feeds = db.session.scalars(select(Feed.content_hash).order_by(Feed.id))
    return (str(db.engine.url), *feeds)


@lru_cache(maxsize=2)
def vocabulary(_key: tuple[str, ...]) -> Vocabulary:
    """Return the words of the catalog: read once after each import, then kept by this process."""
    rows = db.session.execute(select(SearchWord.word, SearchWord.lemmas, SearchWord.product_count))
    return Vocabulary((word, forms, count) for word, forms, count in rows)
