"""Which of the found stands first: the thing itself before what belongs to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log1p

from shop.rules.search.terms import QueryWord
from shop.rules.search.words import code_of

# A word found elsewhere than in the name, against one in it.
ELSEWHERE = 0.35
FIRST = 1000
# Another word for it, against the word itself.
SAME_MEANING = 0.8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that the index has found. `name` is what the index keeps of its name."""

    id: int
    name: str
    is_in_stock: bool
    sold_count: int
    codes: tuple[str, ...] = ()


def ranked(
    candidates: Iterable[Candidate],
    words: Sequence[QueryWord],
    weights: Mapping[str, float],
    code: str = "",
    *,
    needs_all: bool = True,
) -> list[int]:
    """Return the candidates' ids, the best first.

    `weights` says how telling each word is. A product whose article or barcode is the whole query
    stands before everything; then it counts how many of the words are in the name and how early
    (in Russian names the thing comes first), how little else is in it, that it can be bought now,
    and a little how well it sells. When not all words are needed, a word that isn't in the name may be missing.
    """
    scored = [
        (
            _score(candidate, words, weights, needs_all)
            + (FIRST if code and _has_code(candidate, code) else 0),
            candidate.id,
        )
        for candidate in candidates
    ]
    scored.sort(key=lambda pair: (-pair[0], pair[1]))
    return [product_id for _score, product_id in scored]


def _has_code(candidate: Candidate, code: str) -> bool:
    return any(code == code_of(one) for one in candidate.codes)


def _score(
    candidate: Candidate, words: Sequence[QueryWord], weights: Mapping[str, float], needs_all: bool
) -> float:
    groups = [group.split() for group in candidate.name.split(", ")]
    places = {form: place for place, forms in enumerate(groups) for form in reversed(forms)}
    score, in_name = 0.0, 0
    for word in words:
        place, is_own = _place(word, places, groups)
        weight = weights.get(word.text, 1.0)
        if place is not None:
            in_name += 1
            score += weight * (1 + 0.5 / (1 + place)) * (1 if is_own else SAME_MEANING)
        elif needs_all:  # It is somewhere else, or the product would not be here.
            score += ELSEWHERE * weight
    if words:
        score += 0.6 * in_name / max(len(groups), len(words))
    return score + (0.5 if candidate.is_in_stock else 0) + 0.03 * log1p(candidate.sold_count)


def _place(
    word: QueryWord, places: Mapping[str, int], groups: Sequence[Sequence[str]]
) -> tuple[int | None, bool]:
    for number, group in enumerate(word.any_of):
        if all(term in places for term in group):
            return places[group[0]], number < word.own
    if word.is_open:
        for place, forms in enumerate(groups):
            if any(form.startswith(word.text) for form in forms):
                return place, True
    return None, False
