"""What a query may mean, when it cannot mean what it says."""

from shop.rules.search.layout import other_layout
from shop.rules.search.terms import QueryWord, query_words
from shop.rules.search.vocabulary import Vocabulary
from shop.rules.search.words import SILENT, split


def begun_words(words: list[QueryWord], vocabulary: Vocabulary) -> list[QueryWord]:
    """Return the words with the last one taken as the beginning of one, or none when it begins nothing."""
    last = words[-1]
    if len(last.text) < 3 or not last.text.isalpha() or not vocabulary.beginning(last.text, 1):
        return []
    return [*words[:-1], last.opened()]


def _is_found(word: QueryWord, vocabulary: Vocabulary) -> bool:
    return word.text.isalpha() and vocabulary.has(word)


def corrected_text(text: str, vocabulary: Vocabulary) -> str:
    """Return the query as it was probably meant, or "" when nothing better is known.

    Chunk by chunk: what stands in no name is read in the other layout, then corrected.
    """
    chunks = text.split()
    meant = [_meant(chunk, vocabulary) for chunk in chunks]
    return " ".join(meant) if meant != chunks else ""


def _meant(chunk: str, vocabulary: Vocabulary) -> str:
    words = query_words(chunk)
    if not words or all(vocabulary.has(word) or word.text in SILENT for word in words):
        return chunk
    turned = other_layout(chunk)
    others = query_words(turned)
    if len(turned) > 2 and others and all(_is_found(word, vocabulary) for word in others):
        return turned.lower()
    parts = [part for parts in split(chunk) for part in parts]
    corrected = [
        part if vocabulary.knows(part) else vocabulary.corrected(part) or part for part in parts
    ]
    if corrected != parts:
        return " ".join(corrected)
    # The other layout with a slip in it.
    turned_parts = [part for parts in split(turned) for part in parts]
    better = [vocabulary.corrected(part) for part in turned_parts]
    return " ".join(better) if better and all(better) else chunk


def near_ways(words: list[QueryWord], vocabulary: Vocabulary, most: int) -> list[list[QueryWord]]:
    """Return what to look for when too few products have all words: each of the telling ones alone.

    The common ones only say again what most goods are: they would find too many to compare.
    """
    known = [word for word in words if vocabulary.has(word)] or words
    ways: list[list[QueryWord]] = []
    total = 0
    for word in sorted(known, key=vocabulary.count_of):
        total += vocabulary.count_of(word)
        if ways and total > most:
            break
        ways.append([word])
    return ways
