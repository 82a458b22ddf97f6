"""The words that a search is made of, to the letter: how many names have them, how telling they are, what they stand for."""

import logging
from math import isclose, log

import pytest

from shop.rules.search import QueryWord, Vocabulary, near_ways, query_words, words_of
from shop.rules.search.lemmas import _analyzer
from shop.rules.search.synonyms import _read
from shop.rules.search.terms import in_russian

CUP, POT, BOSCH = (QueryWord(text, ((text,),)) for text in ("чашка", "чайник", "bosch"))


@pytest.fixture
def known() -> Vocabulary:
    return Vocabulary(
        [
            ("чайники", "чайник", 5),
            ("чайник", "чайник", 40),
            ("бош", "bosch бош", 3),
            ("10555", "10555", 2),
        ]
    )


def test_a_vocabulary_counts_words_and_their_forms(known):
    assert known.counts == {"чайники": 5, "чайник": 40, "бош": 3, "10555": 2}
    assert known.by_form == {"чайники": 5, "чайник": 45, "bosch": 3, "бош": 3, "10555": 2}
    assert known.words == ["10555", "бош", "чайник", "чайники"]
    assert (known.most, Vocabulary([]).most) == (45, 1)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        (POT, 45),
        (BOSCH, 3),
        (CUP, 5),  # In no name: as if in a few.
        (QueryWord("x", (("чайник", "бош"),)), 3),  # All terms of a group must be there.
        (QueryWord("x", (("чайник", "нет"),)), 5),
        (QueryWord("x", (("бош",), ("чайники",))), 5),  # The better of two groups.
        (QueryWord("10555", (("10555",),)), 2),  # As long as an article's number.
        (QueryWord("1055", (("10555",),)), 5),
    ],
)
def test_how_many_names_have_a_word(known, word, count):
    assert known.count_of(word) == count


@pytest.mark.parametrize(("most", "count"), [(59, 5), (60, 6), (995, 99)])
def test_a_short_number_stands_in_a_tenth_of_what_the_commonest_word_does(most, count):
    everywhere = Vocabulary([("чай", "чай", most), ("13", "13", 1)])

    assert everywhere.count_of(QueryWord("13", (("13",),))) == count


def test_the_rarer_a_word_the_more_it_tells(known):
    weights = known.weights([POT, BOSCH])

    pot, bosch = log(1 + 2), log(1 + 2 * 45 / 3)
    assert isclose(weights["чайник"], 2 * pot / (pot + bosch))
    assert isclose(weights["bosch"], 2 * bosch / (pot + bosch))
    assert known.weights([]) == {}


@pytest.mark.parametrize(
    ("most", "ways"),
    [(2, ["bosch"]), (3, ["bosch"]), (47, ["bosch"]), (48, ["bosch", "чайник"])],
)
def test_the_rarest_word_is_always_looked_for_and_others_while_they_find_few(known, most, ways):
    found = near_ways([POT, CUP, BOSCH], known, most)

    assert [[word.text for word in way] for way in found] == [[one] for one in ways]


def test_words_that_no_name_has_are_looked_for_when_there_are_no_others(known):
    assert near_ways([CUP], known, 100) == [[CUP]]
    assert near_ways([], known, 100) == []


def test_plain_words_are_letters_only_and_not_the_silent_ones():
    text = "Чайники для Wi-Fi 13 я, а iphone13 и ЁЛКА"

    assert words_of(text) == ["чайники", "wi", "fi", "елка"]


def test_a_latin_word_stands_for_the_russian_ones_it_may_be_read_as():
    (word,) = query_words("chajniki")

    assert in_russian(word) == QueryWord("chajniki", (("chajniki",), ("чайники",), ("чайник",)))
    assert in_russian(POT) == POT


def test_synonyms_are_read_word_by_word():
    assert _read("\nтв: телевизор\nвай фай: wifi, точка доступ\n") == {
        ("тв",): (("телевизор",),),
        ("вай", "фай"): (("wifi",), ("точка", "доступ")),
    }


def test_the_dictionary_is_russian_and_keeps_quiet_about_its_files():
    analyzer = _analyzer.__wrapped__()

    assert analyzer.parse("чайниками")[0].normal_form == "чайник"
    assert logging.getLogger("pymorphy3").level == logging.WARNING
