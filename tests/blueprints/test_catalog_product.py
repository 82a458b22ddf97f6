import json
import re

import pytest
from lxml import html


def page_of(answer):
    return html.fromstring(answer.text)


def schemas(answer):
    found = page_of(answer).xpath("//script[@type='application/ld+json']/text()")
    return [json.loads(text) for text in found]


@pytest.fixture
def shelf(make):
    department = make.category("Дом", path="dom", product_count=2)
    return make.category("Чайники", parent=department, path="dom/chajniki", product_count=2)


def fill_cart(client, make):
    tea = make.product("Чай в корзине")
    client.post(f"/cart/lines/{tea.id}", data={"quantity": "2"})
    return tea


def test_a_product_says_everything(client, make, shelf):
    make.pickup_point()
    tea = make.product(
        "Чайник «Самоварный»",
        price=1490,
        old_price_kopecks=199000,
        discount_percent=25,
        brand="Гжель",
        article="GZH-1",
        barcode="4622164001356",
        params=[["Объём", "900", "мл"]],
        description="Керамика.\nДержит тепло.",
        pictures=["a.webp", "b.webp"],
        picture="a.webp",
        in_stock=2,
        category=shelf,
    )

    answer = client.get(f"/product/{tea.id}-{tea.slug}")

    assert answer.status_code == 200
    text = re.sub(r"\s+", " ", page_of(answer).text_content())
    for words in (
        "1 490 ₽",
        "Осталось 2 штуки",
        "900 мл",
        "Артикул GZH-1",
        "Держит тепло.",
        "99 ₽",
        "299 ₽",
    ):
        assert words in text
    assert page_of(answer).xpath("//nav[@class='crumbs']//a/@href") == [
        "/",
        "/catalog/dom/",
        "/catalog/dom/chajniki/",
    ]
    assert "/media/b.webp" in answer.text


def test_machines_read_the_product_too(client, make, shelf):
    tea = make.product(
        "Чай </script><b>", price=1490, brand="Гжель", barcode="4622164001356", category=shelf
    )

    answer = client.get(f"/product/{tea.id}-{tea.slug}")

    product, crumbs = schemas(answer)
    assert (product["name"], product["gtin"]) == ("Чай </script><b>", "4622164001356")
    assert product["offers"]["price"] == "1490.00"
    assert product["offers"]["availability"] == "https://schema.org/InStock"
    assert [one["name"] for one in crumbs["itemListElement"]] == ["Дом", "Чайники", product["name"]]
    assert page_of(answer).xpath("//meta[@property='og:url']/@content") == [
        f"http://localhost/product/{tea.id}-{tea.slug}"
    ]


def test_a_product_takes_five_queries_six_with_a_cart(client, other_client, make, shelf, queries):
    tea = make.product(category=shelf)
    for _number in range(8):
        make.product(category=shelf)
    address = f"/product/{tea.id}-{tea.slug}"
    queries.clear()

    client.get(address)
    guest, _ = len(queries), queries.clear()
    fill_cart(client, make)
    queries.clear()
    client.get(address)
    with_cart, _ = len(queries), queries.clear()
    other_client.become(make.account())
    queries.clear()
    other_client.get(address)

    assert (guest, with_cart, len(queries)) == (5, 6, 8)


@pytest.mark.parametrize("slug", ["", "-old-name", "-Чай"])
def test_another_name_in_the_address_leads_to_todays(client, make, slug):
    tea = make.product()

    answer = client.get(f"/product/{tea.id}{slug}")

    assert answer.status_code == 301
    assert answer.location == f"/product/{tea.id}-{tea.slug}"


@pytest.mark.parametrize("address", ["/product/404-x", "/product/99999999999-x", "/product/x"])
def test_what_never_was_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_what_is_no_longer_sold_says_so_and_shows_the_like(client, make, shelf):
    gone = make.product("Самовар", category=shelf, is_listed=False)
    make.product("Похожий чайник", category=shelf)

    answer = client.get(f"/product/{gone.id}-any")

    assert answer.status_code == 410
    assert "больше не продаётся" in answer.text
    assert "Похожий чайник" in answer.text
    assert page_of(answer).xpath("//a[@href='/catalog/dom/chajniki/']")


def test_what_is_sold_out_has_no_button_and_no_promise(client, make):
    gone = make.product("Самовар", in_stock=0)

    answer = client.get(f"/product/{gone.id}-{gone.slug}")

    page = page_of(answer)
    assert not page.xpath(f"//button[@id='inc-{gone.id}']")
    assert not page.xpath("//dl[@class='ways']")
    assert "Сейчас закончился" in answer.text


def test_a_large_thing_cannot_be_fetched_at_a_counter(client, make):
    make.pickup_point(max_weight_g=50_000)
    sofa = make.product(weight_g=40_000, length_mm=2000, width_mm=900, height_mm=800)

    answer = client.get(f"/product/{sofa.id}-{sofa.slug}")

    assert "слишком тяжело или в городе нет пункта" in answer.text


def test_days_are_counted_for_the_chosen_town(client, make):
    tea = make.product()
    town = make.place("Владивосток", latitude=43.1056, longitude=131.874)

    near = client.get(f"/product/{tea.id}-{tea.slug}")
    client.post("/delivery/place", data={"place": town.id})
    far = client.get(f"/product/{tea.id}-{tea.slug}")

    day = "//dl[@class='ways']//b/text()"
    assert page_of(near).xpath(day) != page_of(far).xpath(day)
    assert "Владивосток" in far.text
