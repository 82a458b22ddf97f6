import pytest

from shop.rules.search import (
    Candidate,
    Vocabulary,
    begun_words,
    code_of,
    corrected_text,
    index_name,
    index_rest,
    lemmas,
    near_ways,
    other_layout,
    query_words,
    ranked,
    spellings,
)


def vocabulary(**counts):
    return Vocabulary((word, " ".join(lemmas(word)), count) for word, count in counts.items())


KNOWN = vocabulary(
    чайник=40,
    чайники=5,
    кроссовки=30,
    перчатки=9,
    samsung=20,
    самсунг=0,
    синий=60,
    дрель=3,
    мешок=2,
)


def finds(query, name, rest=""):
    """True when the index keeps all that one of each word's groups asks for."""
    kept = set(index_name(name).replace(",", "").split())
    kept |= set(index_rest([rest]).split())
    return all(any(kept.issuperset(group) for group in word.any_of) for word in query_words(query))


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("кроссовок", "Кроссовки беговые"),
        ("куртку", "Куртка зимняя"),
        ("перчаток кожаных", "Перчатки кожаные"),
        ("зеленые ёлки", "Зелёная елка"),
        ("самсунг", "Смартфон Samsung Galaxy"),
        ("бош", "Дрель Bosch"),
        ("wifi роутер", "Wi-Fi роутер"),
        ("wi-fi", "Роутер WiFi"),
        ("iphone13", "Смартфон iPhone 13"),
        ("iphone 13", "Чехол iPhone13"),
        ("1 тб", "Диск 1TB"),
        ("1tb", "Диск 1 ТБ"),
        ("чехол для телефона", "Чехол телефона"),
        ("а-117", "Фильтр А117"),
        ("стиралка", "Стиральная машина узкая"),
        ("варочная поверхность", "Варочная панель газовая"),
        ("ВОSCH", "Дрель Bosch"),
        ("galaxy с24", "Смартфон Galaxy S24"),
    ],
)
def test_finds_what_is_written_otherwise(query, name):
    assert finds(query, name)


@pytest.mark.parametrize(
    ("query", "name"), [("чай", "Чайник"), ("дрель", "Сверло"), ("13", "iPhone 15")]
)
def test_does_not_find_something_else(query, name):
    assert not finds(query, name)


def test_the_other_layout_goes_both_ways():
    assert other_layout("ghbdtn") == "привет"
    assert other_layout(",fnfhtqrb") == "батарейки"
    assert other_layout("ыфьыгтп") == "samsung"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("xfqybr", "чайник"),
        (",tk,jrc", ""),
        ("крассовки", "кроссовки"),
        ("перчтаки", "перчатки"),
        ("синий чайнек", "синий чайник"),
        ("chajnik", "чайник"),
        ("chainik", "чайник"),
        ("самсунк", "самсунг"),
        ("sasmung", "samsung"),
        ("синийчайник", "синий чайник"),
        ("чайник", ""),
        ("дерево", ""),
        ("для", ""),
        ("13", ""),
    ],
)
def test_understands_what_was_meant(typed, meant):
    assert corrected_text(typed, KNOWN) == meant


def test_a_begun_word_is_open_only_when_it_begins_something():
    assert [word.is_open for word in begun_words(query_words("синий кросс"), KNOWN)] == [
        False,
        True,
    ]
    assert begun_words(query_words("синий крюк"), KNOWN) == []
    assert begun_words(query_words("ча"), KNOWN) == []


def test_the_frequent_words_are_offered_first():
    assert KNOWN.beginning("чай", 5) == ["чайник", "чайники"]
    assert KNOWN.beginning("самс", 5) == ["самсунг"]
    assert KNOWN.beginning("щ", 5) == []


def test_near_goods_are_looked_for_by_the_telling_words():
    words = query_words("синий чайник дрель")

    assert [[word.text for word in way] for way in near_ways(words, KNOWN, 60)] == [
        ["дрель"],
        ["чайник"],
    ]


def test_the_thing_itself_stands_before_what_belongs_to_it():
    names = ["Подставка для чайника стальная", "Чайник", "Чайник заварочный стеклянный большой"]
    candidates = [Candidate(number, index_name(name), True, 0) for number, name in enumerate(names)]

    assert ranked(candidates, query_words("чайники"), {}) == [1, 2, 0]


def test_sold_out_goods_and_those_with_the_word_elsewhere_stand_lower():
    candidates = [
        Candidate(1, index_name("Кружка"), True, 900),
        Candidate(2, index_name("Чайник"), False, 0),
        Candidate(3, index_name("Чайник"), True, 0),
    ]

    assert ranked(candidates, query_words("чайник"), {}) == [3, 2, 1]


def test_an_article_stands_before_everything():
    candidates = [
        Candidate(1, index_name("ZEN-01755"), True, 9),
        Candidate(2, "x", False, 0, ("ZEN 01755", "")),
    ]

    assert ranked(candidates, query_words("zen-01755"), {}, code_of("zen-01755")) == [2, 1]


def test_codes_are_told_from_words():
    assert code_of(" А-117/б ") == "а117б"
    assert code_of("4 622-164") == "4622164"
    assert code_of("чайник") == ""


def test_brands_are_said_in_russian():
    assert spellings("bosch") == ("бош",)
    assert "зенорра" in spellings("zenorra")
    assert spellings("чайник") == ()


def test_nothing_breaks_it():
    for text in ("", " ", "'", '"*', "((", "a" * 500, "\u0000", "😀", "%_", "NEAR(", "не и"):
        query_words(text)
        corrected_text(text, KNOWN)
        index_name(text)
