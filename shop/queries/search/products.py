"""Which products were meant by a query."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from shop.db import db, fulltext
from shop.models.catalog import Product
from shop.queries.catalog import CARD_COLUMNS, Card, card_of, cards
from shop.queries.search.words import import_key, vocabulary
from shop.rules.search import (
    Candidate,
    QueryWord,
    Vocabulary,
    begun_words,
    code_of,
    corrected_text,
    near_ways,
    query_words,
    ranked,
)

CARDS_A_PAGE = 24
LONGEST_QUERY = 200
# So many are counted, and so many (the newest) are compared with each other: a word that everything
# has costs no more than one that a thousand have.
COUNTED, COMPARED = 1000, 144
# With so few found, what is near is shown too.
FEW = 12

SORTS: dict[str, Any] = {
    "cheap": (Product.price_kopecks, Product.id),
    "dear": (Product.price_kopecks.desc(), Product.id),
    "new": (Product.arrived_at.desc(), Product.id.desc()),
    "discount": (Product.discount_percent.desc(), Product.id),
}
BEST = "best"


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of what was found: products that have all the words.

    `corrected` is the query that was searched for instead, when nothing was found by the one given.
    `near`: when there are few or none, some that have the most telling of the words.
    """

    query: str
    corrected: str = ""
    rows: list[Card] = field(default_factory=list)
    total: int = 0
    total_is_capped: bool = False
    page: int = 1
    pages: int = 1
    near: list[Card] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """How a query is understood, and the first products that have all its words."""

    words: list[QueryWord]
    found: list[Candidate] = field(default_factory=list)
    text: str = ""


def products_like(*, words: str, page: int = 1, sort: str = BEST) -> SearchPage:
    """Return a page of the products that a query means, the best first or by `sort`."""
    query = " ".join(words[:LONGEST_QUERY].split())
    known = vocabulary(import_key())
    meaning = _understood(query, known)
    few = len(meaning.found) <= FEW
    total = len(meaning.found) if len(meaning.found) <= COMPARED else _count(meaning)
    reachable = min(total, COUNTED if sort in SORTS else COMPARED)
    rows, near = _best(meaning, known, query, page, few)
    if sort in SORTS and total > 1:
        rows = _sorted(meaning, sort, page)
    return SearchPage(
        query=query,
        corrected=meaning.text,
        rows=rows,
        total=min(total, COUNTED),
        total_is_capped=total > COUNTED,
        page=page,
        pages=max(1, -(-reachable // CARDS_A_PAGE)),
        near=near,
    )


def _understood(query: str, known: Vocabulary) -> _Meaning:
    """Take the query as typed; when that finds nothing, as begun, then as it was probably meant."""
    typed = query_words(query)
    if not typed:
        return _Meaning([])
    if found := candidates([typed], COMPARED + 1):
        return _Meaning(typed, found)
    if (begun := begun_words(typed, known)) and (found := candidates([begun], COMPARED + 1)):
        return _Meaning(begun, found)
    text = corrected_text(query, known)
    if not text:
        return _Meaning(typed)
    words = query_words(text)
    return _Meaning(words, candidates([words], COMPARED + 1), text)


def _best(
    meaning: _Meaning, known: Vocabulary, query: str, page: int, few: bool
) -> tuple[list[Card], list[Card]]:
    """Return the page's products, the best first, and what is near when there are few."""
    words, weights = meaning.words, known.weights(meaning.words)
    ids = ranked(meaning.found, words, weights, code_of(query))
    shown = ids[(page - 1) * CARDS_A_PAGE : page * CARDS_A_PAGE]
    near: list[int] = []
    # One word says no less when it is not needed.
    if few and page == 1 and len(words) > 1:
        some = candidates(near_ways(words, known, COMPARED), COMPARED)
        others = [candidate for candidate in some if candidate.id not in set(ids)]
        near = ranked(others, words, weights, needs_all=False)[: CARDS_A_PAGE - len(shown)]
    rows = cards([*shown, *near])
    is_near = set(near)
    return [row for row in rows if row.id not in is_near], [
        row for row in rows if row.id in is_near
    ]


def candidates(ways: Sequence[Sequence[QueryWord]], most: int) -> list[Candidate]:
    """Return the newest products that have all words of one of the ways, to be compared with each other."""
    found = fulltext.matching(ways, most=most)
    rows = db.session.execute(
        select(
            found.c.id,
            found.c.name,
            Product.is_in_stock,
            Product.sold_count,
            Product.article,
            Product.barcode,
        ).join(Product, Product.id == found.c.id)
    )
    return [
        Candidate(number, name, is_in_stock, sold, (article, barcode))
        for number, name, is_in_stock, sold, article, barcode in rows
    ]


def _count(meaning: _Meaning) -> int:
    found = fulltext.matching([meaning.words], most=COUNTED + 1, with_name=False)
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def _sorted(meaning: _Meaning, sort: str, page: int) -> list[Card]:
    found = fulltext.matching([meaning.words], most=COUNTED, with_name=False)
    rows = db.session.execute(
        select(*CARD_COLUMNS)
        .join(found, found.c.id == Product.id)
        .order_by(*SORTS[sort])
        .limit(CARDS_A_PAGE)
        .offset((page - 1) * CARDS_A_PAGE)
    )
    return [card_of(row) for row in rows]
