"""Names stand in addresses in letters that people can read."""

import pytest

from shop.rules.slugs import slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Чайник заварочный", "chajnik-zavarochnyj"),
        (" «Ёлка», 1,5 м! ", "elka-1-5-m"),
        ("Щётка-сметка", "schetka-smetka"),
        ("LEGO 42115", "lego-42115"),
        ("Чайник «Щегол», ёмкость 1,5 л", "chajnik-schegol-emkost-1-5-l"),
        ("  Wi-Fi роутер ", "wi-fi-router"),
        ("слово " * 30, "slovo-slovo-slovo-slovo-slovo-slovo-slovo-slovo-slovo-slovo"),
        ("茶", ""),
        ("", ""),
    ],
)
def test_a_name_is_written_in_latin_letters(name, slug):
    assert slug_of(name) == slug


def test_a_name_that_leaves_nothing_is_called_otherwise():
    assert slug_of("☕", instead="tovar") == "tovar"
    assert slug_of("чай", instead="tovar") == "chaj"


def test_a_long_name_ends_with_a_whole_word():
    assert slug_of("a" * 60) == "a" * 60
    assert slug_of("a" * 61) == "a" * 60
    assert slug_of("один два три", 11) == "odin-dva"
    assert slug_of("один два три", 12) == "odin-dva-tri"
    assert slug_of("один два три", 8) == "odin-dva"
    assert slug_of("один два три", 3) == "odi"
