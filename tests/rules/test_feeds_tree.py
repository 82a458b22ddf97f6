"""The tree of categories and the texts of a feed, to the letter; the rates of its currencies."""

from decimal import Decimal

import pytest

from shop.rules.feeds import (
    Problem,
    RawCategory,
    RawCurrency,
    placed_categories,
    plain,
    rates_of,
    told,
)
from shop.rules.feeds.sums import number_of
from shop.rules.feeds.texts import one_line
from shop.rules.feeds.tree import PlacedCategory


def told_of(*categories):
    return placed_categories(RawCategory(*one) for one in categories)[1]


def paths(*categories):
    placed, _ = placed_categories(RawCategory(*one) for one in categories)
    return {external_id: one.path for external_id, one in placed.items()}


def test_a_category_stands_in_its_place_with_all_above_it():
    placed, problems = placed_categories(
        [
            RawCategory(1, "1", "", "Дом"),
            RawCategory(2, "2", "1", " Посуда &amp; чай "),
            RawCategory(3, "3", "2", "Чайники"),
            RawCategory(4, "4", "", "Сад"),
        ]
    )

    assert problems == []
    assert list(placed.values()) == [
        PlacedCategory("1", None, "Дом", "dom", 0, 0, ("1",), ("Дом",)),
        PlacedCategory(
            "2", "1", "Посуда & чай", "dom/posuda-chaj", 1, 1, ("1", "2"), ("Дом", "Посуда & чай")
        ),
        PlacedCategory(
            "3", "2", "Чайники", "dom/posuda-chaj/chajniki", 2, 2, ("1", "2", "3"),
            ("Дом", "Посуда & чай", "Чайники"),
        ),
        PlacedCategory("4", None, "Сад", "sad", 0, 3, ("4",), ("Сад",)),
    ]  # fmt: skip


def test_children_stand_in_the_feeds_order_below_their_parent():
    assert list(
        paths((1, "1", "", "Дом"), (2, "2", "", "Сад"), (3, "3", "1", "Чай"), (4, "4", "1", "Мёд"))
    ) == ["1", "3", "4", "2"]


@pytest.mark.parametrize(
    ("categories", "problem"),
    [
        (
            [(5, "", "", "Дом")],
            Problem(5, "", "The category has no id, or one longer than 80 letters: Дом"),
        ),
        (
            [(5, "x" * 81, "", "Дом")],
            Problem(5, "x" * 80, "The category has no id, or one longer than 80 letters: Дом"),
        ),
        (
            [(5, "1", "", "Дом"), (6, "1", "", "Сад")],
            Problem(6, "1", "The category's id is taken by an earlier one, which stands: Сад"),
        ),
        (
            [(5, "1", "", " ")],
            Problem(5, "1", "The category has no name, so it is called by its number"),
        ),
        (
            [(5, "1", "9", "Дом")],
            Problem(5, "1", "The category's parent isn't in the feed, so it is a department: 9"),
        ),
        (
            [(5, "1", "1", "Дом")],
            Problem(5, "1", "The category is its own ancestor, so it is a department: 1"),
        ),
        (
            [(9, "0", "3", "Вход"), (8, "1", "2", "Б"), (5, "2", "3", "В"), (6, "3", "1", "Г")],
            Problem(5, "2", "The category is its own ancestor, so it is a department: 3"),
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_sentence(categories, problem):
    assert told_of(*categories) == [problem]


def test_of_two_with_one_id_the_first_stands():
    assert paths((5, "1", "", "Дом"), (6, "1", "", "Сад")) == {"1": "dom"}


def test_every_id_of_eighty_letters_is_taken():
    assert paths((5, "x" * 80, "", "Дом")) == {"x" * 80: "dom"}


def test_a_circle_is_cut_at_its_first_line_and_keeps_the_rest():
    placed, _ = placed_categories(
        [RawCategory(9, "7", "3", "Вход"), RawCategory(8, "1", "2", "Б"),
         RawCategory(5, "2", "3", "В"), RawCategory(6, "3", "1", "Г")]
    )  # fmt: skip

    assert placed["7"].chain == ("2", "1", "3", "7")


def test_two_circles_are_two_departments():
    assert paths(
        (1, "1", "2", "А"), (2, "2", "1", "Б"), (3, "3", "4", "В"), (4, "4", "3", "Г")
    ) == {
        "1": "a",
        "2": "a/b",
        "3": "v",
        "4": "v/g",
    }


def test_addresses_are_told_apart_by_numbers():
    assert paths((1, "1", "", "Чай"), (2, "2", "", "чай"), (3, "3", "", "ЧАЙ!")) == {
        "1": "chaj",
        "2": "chaj-2",
        "3": "chaj-3",
    }


def test_what_has_no_letters_is_called_by_its_id_or_a_section():
    assert paths((1, "7", "", "茶"), (2, "茶", "", "茶")) == {"7": "7", "茶": "razdel"}


def test_a_long_address_keeps_its_department_only():
    name = "a" * 50
    chain = [(n, str(n), str(n - 1) if n > 1 else "", name) for n in range(1, 10)]

    found = paths(*chain)

    assert len(found["7"]) == 7 * 50 + 6
    assert found["8"] == f"{name}/{name}-2"
    assert paths(*chain[:7], (8, "8", "7", "b" * 23))["8"] == found["7"] + "/" + "b" * 23
    assert paths(*chain[:7], (8, "8", "7", "b" * 24))["8"] == f"{name}/{'b' * 24}"


def test_rates_are_roubles_whatever_currency_the_feed_counts_in():
    assert rates_of([RawCurrency(1, " rur ", ""), RawCurrency(2, "usd", "60")]) == {
        "RUR": 1,
        "USD": 60,
    }
    assert rates_of([RawCurrency(1, "USD", "1"), RawCurrency(2, "RUB", "0.0125")]) == {
        "USD": 80,
        "RUB": 1,
    }
    assert rates_of([RawCurrency(1, "BYN", "1"), RawCurrency(2, "USD", "3")]) == {
        "BYN": None,
        "USD": None,
    }


def test_the_first_rate_of_a_currency_stands_and_nought_is_none():
    assert rates_of(
        [
            RawCurrency(1, "RUB", "1"),
            RawCurrency(2, "USD", "60"),
            RawCurrency(3, "USD", "70"),
            RawCurrency(4, "EUR", "0"),
            RawCurrency(5, "KZT", "CBRF"),
        ]
    ) == {"RUB": Decimal(1), "USD": Decimal(60), "EUR": None, "KZT": None}


@pytest.mark.parametrize(
    ("text", "most", "line"),
    [
        ("Том &amp; Джерри", 20, "Том & Джерри"),
        ("  два\n слова ", 20, "два слова"),
        ("чай\u200bник\u00ad\u0007", 20, "чайник"),
        ("раз два", 7, "раз два"),
        ("раз два три", 8, "раз два…"),
        ("раз два три", 9, "раз два…"),
        ("раз два три", 7, "раз…"),
        ("раздватри", 5, "разд…"),
    ],
)
def test_a_line_is_cut_at_a_word(text, most, line):
    assert one_line(text, most) == line


def test_an_address_takes_whole_words_of_fifty_letters_of_a_name_and_of_two_hundred_a_name():
    fifty, more = "a" * 24 + "-" + "b" * 25, "a" * 24 + "-" + "b" * 26

    assert paths((1, "1", "", fifty), (2, "2", "", more)) == {"1": fifty, "2": "a" * 24}
    # A name that can't stand in an address leaves it to the number, as long as that may be.
    assert paths((1, fifty, "", "茶"), (2, more, "", "茶")) == {fifty: fifty, more: "a" * 24}
    placed, _ = placed_categories([RawCategory(1, "1", "", "ж" * 201)])
    assert len(placed["1"].name) == 200


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>раз\r\nдва</p>три", "раз два\nтри"),
        ("а<br>б<br/>в", "а\nб\nв"),
        ("<ul><li>а</li><li></li><li>б</li></ul>", "• а\n• б"),
        ("<h2>Имя</h2>о нём<div>ещё</div>", "Имя\nо нём\nещё"),
        ("<script>a<style>b</style>c</script>г", "г"),
        ("</script>г<b>д</b>", "гд"),
        ("<object>а<object>б</object>в</object>г", "г"),
        ("<TITLE>нет</TITLE>да", "да"),
        ("раз\u200b  два\r\n\r\nтри", "раз два\nтри"),
        ("<b>Том</b> &amp; Джерри &lt;кот&gt;", "Том & Джерри <кот>"),
        ("A&amp;B", "A&B"),
        ("<!-- тайна -->явь", "явь"),
    ],
)
def test_markup_is_gone_and_paragraphs_stay(html, text):
    assert plain(html) == text


def test_a_long_description_is_cut():
    assert plain("а" * 5000) == "а" * 5000
    assert plain("а" * 5001) == "а" * 4999 + "…"
    assert plain("раз два", 5) == "раз…"


def test_what_is_kept_of_a_problem_is_short():
    assert told("Wrong", " a\n b ") == "Wrong: a b"
    assert told("Wrong", "x" * 121) == "Wrong: " + "x" * 120
    assert told("Wrong") == told("Wrong", " ") == "Wrong"
    assert told("Wrong", 0) == "Wrong: 0"


@pytest.mark.parametrize("text", ["1,234.567,00", "1.234,567.00", "1,2.3,4"])
def test_marks_of_thousands_and_of_kopecks_never_change_places(text):
    with pytest.raises(ValueError, match="not a number"):
        number_of(text)
