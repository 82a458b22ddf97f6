"""What may be meant while somebody is still typing: words, shelves, brands, goods."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import func, select

from shop.db import db
from shop.models.catalog import Category, Product
from shop.queries.catalog import Card, cards
from shop.queries.search.products import LONGEST_QUERY, candidates
from shop.queries.search.words import import_key, vocabulary
from shop.rules.search import (
    QueryWord,
    Vocabulary,
    lemmas,
    normal,
    other_layout,
    query_words,
    ranked,
    spellings,
    words_of,
)

MOST = 8
MOST_WORDS, MOST_SHELVES, MOST_BRANDS = 3, 2, 1
# So many words that begin as typed are looked for among the goods, and so many goods compared.
ENDINGS, COMPARED = 8, 48


class ShelfLink(NamedTuple):
    """A category as a suggestion."""

    name: str
    url: str
    product_count: int


class Brand(NamedTuple):
    """A brand as a suggestion."""

    name: str
    product_count: int


@dataclass(frozen=True, slots=True)
class Suggestions:
    """At most eight in all."""

    words: list[str] = field(default_factory=list)
    shelves: list[ShelfLink] = field(default_factory=list)
    brands: list[Brand] = field(default_factory=list)
    products: list[Card] = field(default_factory=list)


def suggestions(*, words: str) -> Suggestions:
    """Return what may be meant by the beginning of a query."""
    query = " ".join(words[:LONGEST_QUERY].split())
    if len(normal(query)) < 2:
        return Suggestions()
    key = import_key()
    known = vocabulary(key)
    before, _, last = query.rpartition(" ")
    last, endings = _endings(last, known)
    query = f"{before} {last}".strip()
    shown = [ending for ending in endings if known.counts.get(ending)][:MOST_WORDS]
    texts = [f"{before} {ending}".strip() for ending in shown]
    asked = words_of(query)
    shelves = [shelf for shelf, names in _shelves(key) if _begins(names, asked)][:MOST_SHELVES]
    brands = [brand for brand, said in _brands(key) if _is_said(said, query)][:MOST_BRANDS]
    left = MOST - len(texts) - len(shelves) - len(brands)
    return Suggestions(texts, shelves, brands, _products(query, endings, known, left))


def _endings(last: str, known: Vocabulary) -> tuple[str, list[str]]:
    """Return the last word as it was meant, and the words that begin so."""
    for typed in (last, other_layout(last)):
        word = normal(typed)
        if word.isalpha() and (endings := known.beginning(word, ENDINGS)):
            return word, endings
    corrected = known.corrected(normal(last))
    return (corrected, [corrected]) if corrected else (last, [])


def _products(query: str, endings: list[str], known: Vocabulary, most: int) -> list[Card]:
    words = query_words(query)
    if not words:
        return []
    if endings:
        words[-1] = _ending_so(words[-1], endings)
    found = candidates([words], COMPARED)
    return cards(ranked(found, words, known.weights(words))[:most])


def _ending_so(word: QueryWord, endings: Iterable[str]) -> QueryWord:
    forms = (form for ending in endings for form in (ending, *lemmas(ending)))
    groups = [*word.any_of, *((form,) for form in forms)]
    return replace(word, any_of=tuple(dict.fromkeys(groups)))


def _begins(names: list[str], asked: list[str]) -> bool:
    """True when every word asked for begins one of the names, in some form."""
    return bool(asked) and all(
        any(word.startswith(form) for word in names for form in _stems(one)) for one in asked
    )


def _stems(word: str) -> set[str]:
    return {word, *lemmas(word)} if len(word) > 3 else {word}


def _is_said(said: tuple[str, ...], query: str) -> bool:
    asked = normal(query)
    return any(one.startswith(asked) for one in said)


@lru_cache(maxsize=2)
def _shelves(_key: tuple[str, ...]) -> list[tuple[ShelfLink, list[str]]]:
    """The categories with something on show, the fullest first, each with the words of its name."""
    rows = db.session.execute(
        select(Category.name, Category.path, Category.product_count)
        .where(Category.product_count > 0)
        .order_by(Category.product_count.desc(), Category.id)
    )
    links = (ShelfLink(name, f"/catalog/{path}/", count) for name, path, count in rows)
    return [(link, words_of(link.name)) for link in links]


@lru_cache(maxsize=2)
def _brands(_key: tuple[str, ...]) -> list[tuple[Brand, tuple[str, ...]]]:
    """The brands, those with the most goods first, each as it is written and said."""
    rows = db.session.execute(
        select(Product.brand, func.count())
        .where(Product.is_listed.is_(True), Product.brand != "")
        .group_by(Product.brand)
        .order_by(func.count().desc(), Product.brand)
    )
    brands = (Brand(name, count) for name, count in rows)
    return [(brand, (normal(brand.name), *spellings(normal(brand.name)))) for brand in brands]
