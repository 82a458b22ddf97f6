from datetime import UTC, datetime

import pytest
from feeds import SHELVES, offer, written
from sqlalchemy import update

from shop.db import db
from shop.models import Product
from shop.queries.search import products_like, suggestions
from shop.services.feeds import import_feed

NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
GOODS = (
    (
        "Чайник заварочный, стекло",
        "490",
        "<vendor>Нева</vendor><vendorCode>NV-1001</vendorCode><barcode>4622164001356</barcode>",
    ),
    (
        "Чайник электрический, сталь",
        "2990",
        "<vendor>Bosch</vendor><vendorCode>TWK-7203</vendorCode>",
    ),
    ("Подставка для чайника", "190", ""),
    ("Кроссовки беговые, синие", "5490", "<vendor>Ветер</vendor>"),
    ("Перчатки зелёные шерстяные", "690", "<oldprice>1000</oldprice>"),
    ("Смартфон Samsung Galaxy S24, 8/256 ГБ", "69990", "<vendor>Samsung</vendor>"),
    ("Кружка", "290", "<description>Хороша и для чая, и для кофе.</description>"),
)


CATEGORIES = SHELVES + '<category id="4">Разное</category>'


def offers():
    """The goods; only the two teapots stand on their own shelf."""
    return [
        offer(n, name=name, price=price, more=more, category="3" if n < 3 else "4")
        for n, (name, price, more) in enumerate(GOODS, 1)
    ]


@pytest.fixture
def goods(inside, tmp_path):
    """A small shop, imported as any other."""
    import_feed(
        source=written(tmp_path, *offers(), categories=CATEGORIES),
        media=tmp_path,
        now=NOON,
    )


def names(page):
    return [card.name for card in page.rows]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("кроссовок", "Кроссовки беговые, синие"),
        ("синими кроссовками", "Кроссовки беговые, синие"),
        ("зеленые перчатки", "Перчатки зелёные шерстяные"),
        ("САМСУНГ", "Смартфон Samsung Galaxy S24, 8/256 ГБ"),
        ("бош", "Чайник электрический, сталь"),
        ("с24", "Смартфон Samsung Galaxy S24, 8/256 ГБ"),
        ("телефон самсунг", "Смартфон Samsung Galaxy S24, 8/256 ГБ"),
        ("4622164001356", "Чайник заварочный, стекло"),
        ("nv1001", "Чайник заварочный, стекло"),
        ("NV-1001", "Чайник заварочный, стекло"),
        ("кофе", "Кружка"),
        ("перч", "Перчатки зелёные шерстяные"),
    ],
)
def test_finds_what_was_meant(goods, query, first):
    found = products_like(words=query)

    assert (names(found)[:1], found.corrected) == ([first], "")


@pytest.mark.parametrize(
    ("query", "meant", "first"),
    [
        ("rhjccjdrb", "кроссовки", "Кроссовки беговые, синие"),
        ("ыфьыгтп", "samsung", "Смартфон Samsung Galaxy S24, 8/256 ГБ"),
        ("крассовки", "кроссовки", "Кроссовки беговые, синие"),
        ("чайнек электрический", "чайник электрический", "Чайник электрический, сталь"),
        ("perchatki", "перчатки", "Перчатки зелёные шерстяные"),
    ],
)
def test_corrects_what_finds_nothing_and_says_so(goods, query, meant, first):
    found = products_like(words=query)

    assert (found.corrected, names(found)[:1]) == (meant, [first])


def test_the_thing_itself_stands_first(goods):
    assert names(products_like(words="чайник")) == [
        "Чайник заварочный, стекло",
        "Чайник электрический, сталь",
        "Подставка для чайника",
    ]


def test_what_is_near_is_offered_when_nothing_has_all_the_words(goods):
    found = products_like(words="чайник серебряный")

    assert (found.total, names(found)) == (0, [])
    assert {card.name for card in found.near} == {name for name, _, _ in GOODS[:3]}


def test_nothing_is_near_to_nonsense(goods):
    found = products_like(words="абвгдейка йцукен")

    assert (found.total, found.rows, found.near, found.pages) == (0, [], [], 1)


@pytest.mark.parametrize(
    "query",
    ["", "   ", "!!!", '"', "'; DROP TABLE product", "* OR a", "NEAR(a b)", "x" * 500, "ё", "😀"],
)
def test_no_query_breaks_it(goods, query):
    assert products_like(words=query).query == query[:200].strip()
    suggestions(words=query)


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("cheap", "Подставка для чайника"),
        ("dear", "Чайник электрический, сталь"),
        ("discount", "Чайник заварочный, стекло"),
        ("new", "Подставка для чайника"),
    ],
)
def test_sorts_what_it_found(goods, sort, first):
    found = products_like(words="чайник", sort=sort)

    assert (found.total, names(found)[0]) == (3, first)


def test_sold_out_goods_stand_lower(goods):
    db.session.execute(update(Product).where(Product.external_id == "1").values(is_in_stock=False))

    assert names(products_like(words="чайник"))[0] == "Чайник электрический, сталь"


def test_many_are_counted_up_to_a_thousand_and_paged(inside, tmp_path):
    import_feed(
        source=written(tmp_path, *(offer(n, name=f"Чайник {n}") for n in range(1, 1102))),
        media=tmp_path,
        now=NOON,
    )

    first, last = products_like(words="чайник"), products_like(words="чайник", page=6)

    assert (first.total, first.total_is_capped, first.pages) == (1000, True, 6)
    assert (len(first.rows), len(last.rows)) == (24, 24)
    assert not {card.id for card in first.rows} & {card.id for card in last.rows}
    assert products_like(words="чайник", sort="cheap").pages == 42


def test_a_search_asks_three_to_five_times(goods, queries):
    products_like(words="чайник")

    queries.clear()
    products_like(words="чайник стекло сталь")
    assert len(queries) == 5

    queries.clear()
    products_like(words="кроссовки")
    assert len(queries) == 3


def test_suggests_words_shelves_brands_and_goods(goods):
    found = suggestions(words="чай")

    assert found.words == ["чайник", "чайника"]
    assert [(shelf.name, shelf.url) for shelf in found.shelves] == [
        ("Чайники", "/catalog/dom/posuda/chajniki/")
    ]
    assert [card.name for card in found.products] == [*(name for name, _, _ in GOODS[:3]), "Кружка"]


def test_suggests_by_the_last_word_after_the_first_ones(goods):
    found = suggestions(words="чайник эл")

    assert found.words == ["чайник электрический"]
    assert [card.name for card in found.products] == ["Чайник электрический, сталь"]


@pytest.mark.parametrize("typed", ["самс", "cfvc", "sams", "ыфьы", "самсунк"])
def test_suggests_a_brand_however_it_is_typed(goods, typed):
    found = suggestions(words=typed)

    assert [card.name for card in found.products] == ["Смартфон Samsung Galaxy S24, 8/256 ГБ"]


def test_suggests_eight_at_most_and_nothing_to_one_letter(inside, tmp_path):
    import_feed(
        source=written(tmp_path, *(offer(n, name=f"Чайник вид{n}") for n in range(1, 30))),
        media=tmp_path,
        now=NOON,
    )

    found = suggestions(words="чайник")

    assert len(found.words) + len(found.shelves) + len(found.brands) + len(found.products) == 8
    assert suggestions(words="ч") == suggestions(words="")


def test_sees_the_next_import_at_once(goods, tmp_path):
    assert products_like(words="скатерть").total == 0

    source = written(tmp_path, *offers(), offer(99, name="Скатерть льняная"), categories=CATEGORIES)
    import_feed(source=source, media=tmp_path, now=NOON)

    assert suggestions(words="скат").words == ["скатерть"]
    assert names(products_like(words="скатерти")) == ["Скатерть льняная"]
