"""Dictionary forms of Russian words, all readings: «стали» is both «сталь» and «стать»."""

import logging
from functools import cache, lru_cache
from typing import Any

# A reading rarer than this is a curiosity.
LEAST_SCORE = 0.05


@cache
def _analyzer() -> Any:
    # Half a second and 20 MB: loaded by the first Russian word, not at start.
    from pymorphy3 import MorphAnalyzer

    # It tells everybody which file it opens.
    logging.getLogger("pymorphy3").setLevel(logging.WARNING)
    return MorphAnalyzer(lang="ru")


def is_russian(word: str) -> bool:
    """True for a word of Cyrillic letters only."""
    return word.isalpha() and "а" <= word[0] <= "я"


@lru_cache(maxsize=50_000)
def lemmas(word: str) -> tuple[str, ...]:
    """Return the forms a normal word is looked up under; any other than a Russian one is its own."""
    if len(word) < 3 or not is_russian(word):
        return (word,)
    parses = _analyzer().parse(word)
    forms = (parse.normal_form.replace("ё", "е") for parse in parses if parse.score >= LEAST_SCORE)
    return tuple(dict.fromkeys(form for form in forms if form.isalpha())) or (word,)


def is_in_dictionary(word: str) -> bool:
    """True for a Russian word, whether the catalog has it or not: it isn't misspelt."""
    return is_russian(word) and bool(_analyzer().word_is_known(word))
