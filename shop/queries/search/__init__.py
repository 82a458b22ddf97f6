"""Search: what was meant, and what is near. See each module."""

from shop.queries.search.products import (
    BEST,
    LONGEST_QUERY,
    SORTS,
    SearchPage,
    products_like,
)
from shop.queries.search.suggestions import Suggestions, suggestions
from shop.queries.search.words import names_on_show, search_word_counts

__all__ = [
    "BEST",
    "LONGEST_QUERY",
    "SORTS",
    "SearchPage",
    "Suggestions",
    "names_on_show",
    "products_like",
    "search_word_counts",
    "suggestions",
]
