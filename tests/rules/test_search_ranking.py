"""What a found product's place is reckoned from, and what a word that is being typed or written otherwise stands for."""

from math import isclose, log1p

import pytest

from shop.rules.search import (
    Candidate,
    QueryWord,
    Vocabulary,
    begun_words,
    code_of,
    query_words,
    ranked,
)
from shop.rules.search.ranking import _score

POT, STEEL = (QueryWord(text, ((text,),)) for text in ("чайник", "сталь"))
KETTLE = QueryWord("чайник", (("чайник",), ("самовар",)), own=1)
BEGUN = QueryWord("чай", (("чай",),), is_open=True)


@pytest.mark.parametrize(
    ("name", "words", "weights", "score"),
    [
        ("чайник", [POT], {}, 1.5 + 0.6),
        ("чайник", [], {}, 0),
        ("для, чайник чайника, белый", [POT], {}, 1.25 + 0.2),
        ("чайник, сталь", [POT, STEEL], {"чайник": 2, "сталь": 0.5}, 2 * 1.5 + 0.5 * 1.25 + 0.6),
        # One of two words stands somewhere else.
        ("чайник", [POT, STEEL], {"сталь": 3}, 1.5 + 0.35 * 3 + 0.3),
        ("чайник", [STEEL, POT], {"сталь": 3}, 1.5 + 0.35 * 3 + 0.3),
        ("белый", [POT], {}, 0.35),
        # Only another word for it.
        ("самовар", [KETTLE], {}, 0.8 * 1.5 + 0.6),
        ("самовар, чайник", [KETTLE], {}, 1.25 + 0.3),
        # The word that is being typed.
        ("белый, чайник", [BEGUN], {}, 1.25 + 0.3),
        ("белый, мочайник", [BEGUN], {}, 0.35),
    ],
)
def test_what_a_place_is_reckoned_from(name, words, weights, score):
    assert isclose(_score(Candidate(1, name, False, 0), words, weights, True), score)


def test_what_can_be_bought_and_sells_stands_higher():
    assert isclose(_score(Candidate(1, "x", True, 9), [], {}, True), 0.5 + 0.03 * log1p(9))


def test_a_word_that_needn_t_be_there_counts_nothing_elsewhere():
    assert isclose(_score(Candidate(1, "чайник", False, 0), [POT, STEEL], {}, False), 1.5 + 0.3)


def test_all_words_are_needed_unless_it_is_said():
    # Either has the word elsewhere; the second sells.
    candidates = [Candidate(1, "белый", False, 0), Candidate(2, "чайник", False, 0)]
    weights = {"сталь": 9.0, "чайник": 0.1}
    steel_elsewhere = [STEEL, POT]

    assert ranked(candidates, steel_elsewhere, weights) == [2, 1]
    assert ranked(candidates, steel_elsewhere, weights, needs_all=False) == [2, 1]
    assert ranked(candidates[:1], [], {}) == [1]


def test_only_the_code_that_was_typed_stands_before_everything():
    candidates = [
        Candidate(1, "y", False, 0, ("А-118",)),
        Candidate(2, "x", False, 0, ("Б-1", "А 117")),
        Candidate(3, "x", True, 0),
    ]

    assert ranked(candidates, [], {}, code_of("а117")) == [2, 3, 1]


def test_three_letters_begin_a_word_and_what_stands_before_stays():
    known = Vocabulary([("чайка", "чайка", 1), ("чайник", "чайник", 40)])
    words = query_words("синий новый чай")

    assert known.beginning("чай", 2) == ["чайник", "чайка"]
    assert begun_words(words, known) == [*words[:2], words[2].opened()]


@pytest.mark.parametrize(
    ("code", "any_of"),
    [
        ("с24", (("с24",), ("с", "24"), ("c24",), ("s24",))),
        ("авт1", (("авт1",), ("авт", "1"), ("abt1",), ("avt1",))),
        ("авто1", (("авто1",), ("авто", "1"))),  # Four letters are a word.
        ("c24", (("c24",), ("c", "24"))),
    ],
)
def test_a_russian_code_may_be_a_latin_one(code, any_of):
    (word,) = query_words(code)

    assert word.any_of == any_of


def test_a_code_has_three_signs_and_a_figure():
    assert [code_of(text) for text in ("а-17", "а1", "абв", "а.1.7")] == ["а17", "", "", "а17"]
