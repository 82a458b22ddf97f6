import pytest
from sqlalchemy.exc import NoResultFound

from shop.db import db
from shop.models import Category
from shop.queries.catalog import (
    all_shelves,
    cards,
    category_page,
    deals,
    departments,
    novelties,
    page_count,
    product_view,
    shelf_at,
    similar,
    way_to,
)


def names(found):
    return [one.name for one in found]


@pytest.fixture
def home(inside, make):
    """«Дом / Посуда / Чайники» and an empty shelf beside."""
    department = make.category("Дом", path="dom", product_count=3)
    dishes = make.category("Посуда", parent=department, path="dom/posuda", product_count=3)
    make.category("Пусто", parent=department, path="dom/pusto")
    return make.category("Чайники", parent=dishes, path="dom/posuda/chajniki", product_count=3)


def test_a_shelf_with_the_way_to_it_and_its_branches_in_one_query(home, queries):
    queries.clear()

    view = shelf_at("dom/posuda")

    assert len(queries) == 1
    assert (view.shelf.name, view.shelf.url) == ("Посуда", "/catalog/dom/posuda/")
    assert view.crumbs == [("Дом", "/catalog/dom/")]
    assert names(view.children) == ["Чайники"]


def test_a_shelf_that_isnt_there(home):
    assert shelf_at("dom/netu") is None
    assert shelf_at("") is None


def test_empty_shelves_are_not_offered(home):
    assert names(departments()) == ["Дом"]
    assert [(one.name, names(below)) for one, below in all_shelves()] == [("Дом", ["Посуда"])]
    assert names(shelf_at("dom").children) == ["Посуда"]


def test_the_way_to_a_shelf(home):
    assert names(way_to("dom/posuda/chajniki")) == ["Дом", "Посуда", "Чайники"]


def test_a_page_is_sorted_as_asked(home, make):
    make.product("Дешёвый", price=100, category=home, sold_count=1, arrived_at=make.later(days=1))
    make.product("Дорогой", price=900, category=home, sold_count=9)
    make.product(
        "Уценённый", price=500, old_price_kopecks=100000, discount_percent=50, category=home
    )
    make.product("Проданный", price=50, category=home, in_stock=0, sold_count=99)
    number = db.session.query(Category.id).filter_by(path="dom").scalar()

    assert names(category_page(number)) == ["Дорогой", "Дешёвый", "Уценённый", "Проданный"]
    assert names(category_page(number, "cheap")) == ["Проданный", "Дешёвый", "Уценённый", "Дорогой"]
    assert names(category_page(number, "dear"))[0] == "Дорогой"
    assert names(category_page(number, "new"))[0] == "Дешёвый"
    assert names(category_page(number, "discount"))[0] == "Уценённый"


def test_pages_of_24_that_share_nothing_and_miss_nothing(home, make, queries):
    made = {make.product(f"Чайник {number}", category=home).name for number in range(50)}
    queries.clear()

    pages = [names(category_page(home.id, "cheap", page)) for page in (1, 2, 3)]

    assert len(queries) == 3
    assert [len(page) for page in pages] == [24, 24, 2]
    assert {name for page in pages for name in page} == made


@pytest.mark.parametrize(("products", "pages"), [(0, 1), (1, 1), (24, 1), (25, 2), (48, 2)])
def test_a_list_has_as_many_pages_as_it_needs(inside, make, products, pages):
    make.category(path="dom", product_count=products)

    assert page_count(shelf_at("dom").shelf) == pages


def test_cards_come_in_the_order_asked_for_without_what_left(inside, make):
    tea, cup, gone = make.product("Чай"), make.product("Кружка"), make.product(is_listed=False)

    found = cards([cup.id, gone.id, tea.id, 404])

    assert names(found) == ["Кружка", "Чай"]
    assert found[0].url == f"/product/{cup.id}-{cup.slug}"
    assert cards([]) == []


def test_deals_are_in_stock_and_really_cheaper(inside, make):
    make.product("По цене")
    make.product("−10", price=900, old_price_kopecks=100000, discount_percent=10)
    make.product("−50", price=500, old_price_kopecks=100000, discount_percent=50)
    make.product("−90", price=100, old_price_kopecks=100000, discount_percent=90, in_stock=0)

    assert names(deals()) == ["−50", "−10"]
    assert names(deals(1)) == ["−50"]


def test_novelties_are_the_last_that_came_and_are_there(inside, make):
    make.product("Давний")
    make.product("Новый", arrived_at=make.later(days=2))
    make.product("Новее, но нет", arrived_at=make.later(days=3), in_stock=0)

    assert names(novelties()) == ["Новый", "Давний"]


def test_a_product_with_everything_about_it(home, make):
    tea = make.product(
        "Чайник",
        category=home,
        in_stock={"tver": 2, "urals": 3},
        params=[["Объём", "900", "мл"]],
        description="Первое.\n\n  Второе. \n",
    )

    view = product_view(tea.id)

    assert (view.name, view.left, view.shelf_path) == ("Чайник", 5, "dom/posuda/chajniki")
    assert view.params == [["Объём", "900", "мл"]]
    assert view.paragraphs == ["Первое.", "Второе."]
    assert view.sides_mm == (200, 150, 100)
    with pytest.raises(NoResultFound):
        product_view(404)


def test_similar_goods_stand_on_the_same_shelf(home, make):
    tea = make.product("Чайник", category=home)
    make.product("Похожий", category=home)
    make.product("Кончился", category=home, in_stock=0)
    make.product("Чужой", category=make.category("Сад"))

    assert names(similar(category_id=home.id, but=tea.id)) == ["Похожий", "Кончился"]
    assert names(similar(category_id=home.id, but=tea.id, most=1)) == ["Похожий"]
