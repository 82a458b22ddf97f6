"""Search: words as people type them and as merchants write them, brought together. See each module."""

from shop.rules.search.brands import spellings
from shop.rules.search.layout import other_layout
from shop.rules.search.lemmas import lemmas
from shop.rules.search.meanings import begun_words, corrected_text, near_ways
from shop.rules.search.ranking import Candidate, ranked
from shop.rules.search.terms import QueryWord, index_name, index_rest, query_words
from shop.rules.search.vocabulary import Vocabulary
from shop.rules.search.words import code_of, normal, split, words_of

__all__ = [
    "Candidate",
    "QueryWord",
    "Vocabulary",
    "begun_words",
    "code_of",
    "corrected_text",
    "index_name",
    "index_rest",
    "lemmas",
    "near_ways",
    "normal",
    "other_layout",
    "query_words",
    "ranked",
    "spellings",
    "split",
    "words_of",
]
