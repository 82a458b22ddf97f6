"""The catalog's words: is it one, how telling is it, and which was meant."""

from bisect import bisect_left
from collections.abc import Iterable
from math import log

from rapidfuzz import process
from rapidfuzz.distance import OSA

from shop.rules.search.brands import meant_in_russian
from shop.rules.search.lemmas import is_in_dictionary, lemmas
from shop.rules.search.terms import QueryWord

# One slip in a short word, two in a longer one; in three letters any other word is near.
SHORTEST_CORRECTED, SHORTEST_WITH_TWO_SLIPS = 4, 7
# A number or a word found only outside names, counted as in so many products.
UNCOUNTED = 5
# A shorter number is a size or a count, and stands everywhere.
SHORTEST_CODE = 5


class Vocabulary:
    """All words of names and brands, with how many products have each."""

    def __init__(self, rows: Iterable[tuple[str, str, int]]) -> None:
        self.counts: dict[str, int] = {}
        self.by_form: dict[str, int] = {}
        for word, forms, count in rows:
            self.counts[word] = count
            for form in {word, *forms.split()}:
                self.by_form[form] = self.by_form.get(form, 0) + count
        self.words = sorted(self.counts)
        self.most = max(self.by_form.values(), default=1)

    def has(self, word: QueryWord) -> bool:
        """True when some name has the word in any form; numbers and codes are never strange."""
        return not word.text.isalpha() or any(
            term in self.by_form for group in word.any_of for term in group
        )

    def knows(self, text: str) -> bool:
        """True when a plain word, in any form, stands in some name."""
        return any(form in self.by_form for form in (text, *lemmas(text)))

    def count_of(self, word: QueryWord) -> int:
        """Return in about how many names the word stands."""
        if word.text.isdigit() and len(word.text) < SHORTEST_CODE:
            return max(UNCOUNTED, self.most // 10)
        counts = [min(self.by_form.get(term, 0) for term in group) for group in word.any_of]
        return max(counts) or UNCOUNTED

    def weights(self, words: Iterable[QueryWord]) -> dict[str, float]:
        """Return how telling each word is, one on the average: the rarer, the more."""
        raw = {word.text: log(1 + 2 * self.most / self.count_of(word)) for word in words}
        mean = sum(raw.values()) / len(raw) if raw else 1.0
        return {text: weight / mean for text, weight in raw.items()}

    def beginning(self, start: str, most: int) -> list[str]:
        """Return the words that begin so, those of the most products first, spellings of brands last."""
        found = []
        for word in self.words[bisect_left(self.words, start) :]:
            if not word.startswith(start):
                break
            found.append(word)
        found.sort(key=lambda word: (-self.counts[word], word))
        return found[:most]

    def corrected(self, word: str) -> str:
        """Return the word that was meant by a strange one, or "" when none is near.

        Russian in Latin letters is read first, then slips of the finger: letters missing, doubled,
        swapped or wrong, the first letter more seldom; last, two words run together.
        """
        for russian in meant_in_russian(word):
            if self.knows(russian):
                return russian
        if not word.isalpha() or len(word) < SHORTEST_CORRECTED:
            return ""
        if is_in_dictionary(word):
            # Not misspelt, only not here: «сковородка» for «сковорода», but nothing farther.
            return self._nearest(word, 1) if len(word) >= SHORTEST_WITH_TWO_SLIPS else ""
        return self._nearest(word, 2) or self._two_words(word)

    def _nearest(self, word: str, most: int) -> str:
        best: tuple[float, int, str] | None = None
        for form in dict.fromkeys((word, *lemmas(word))):
            slips = most if len(form) >= SHORTEST_WITH_TWO_SLIPS else 1
            for near, distance, _ in process.extract(
                form, self.words, scorer=OSA.distance, score_cutoff=slips, limit=20
            ):
                if len(near) < SHORTEST_CORRECTED - 1:
                    continue
                strangeness = distance + (0 if near[0] == word[0] else 0.6)
                strangeness += 0 if form == word else 0.5
                candidate = (strangeness, -self.counts[near], near)
                best = candidate if best is None else min(best, candidate)
        return best[2] if best else ""

    def _two_words(self, word: str) -> str:
        for middle in range(len(word) - 3, 2, -1):
            first, second = word[:middle], word[middle:]
            if self.knows(first) and self.knows(second):
                return f"{first} {second}"
        return ""
