import pytest
from lxml import html


def page_of(answer):
    return html.fromstring(answer.text)


@pytest.fixture
def shelf(make):
    department = make.category("Дом", path="dom", product_count=2)
    return make.category("Чайники", parent=department, path="dom/chajniki", product_count=2)


def test_the_first_page_shows_departments_discounts_and_what_is_new(client, make):
    shelf = make.category("Дом", path="dom", product_count=2)
    make.product("Плед", price=500, old_price_kopecks=100000, discount_percent=50, category=shelf)
    make.product("Свеча", category=shelf)

    answer = client.get("/")

    assert answer.status_code == 200
    page = page_of(answer)
    assert page.xpath("//section[@id='deals']//h3//text()") == ["Плед"]
    assert page.xpath("//section[@id='new']//h3//text()") == ["Свеча"]
    assert page.xpath("//a[@href='/catalog/dom/']")


def test_an_empty_shop_promises_nothing(client):
    answer = client.get("/")

    assert answer.status_code == 200
    assert "Скидки недели" not in answer.text
    assert "Новинки" not in answer.text


def test_the_first_page_takes_four_queries_and_five_with_a_cart(client, make, queries):
    for number in range(12):
        make.product(price=100 + number, old_price_kopecks=100000, discount_percent=number)
    queries.clear()

    client.get("/")

    assert len(queries) == 4
    fill_cart(client, make)
    queries.clear()
    client.get("/")
    assert len(queries) == 5


def fill_cart(client, make):
    tea = make.product("Чай в корзине")
    client.post(f"/cart/lines/{tea.id}", data={"quantity": "2"})
    return tea


def test_all_departments_with_what_is_below_in_one_query(client, make, shelf, queries):
    queries.clear()

    answer = client.get("/catalog/")

    assert len(queries) == 1
    links = page_of(answer).xpath("//ul[@class='shelves']//a/@href")
    assert links == ["/catalog/dom/", "/catalog/dom/chajniki/"]


def test_a_shelf_shows_its_way_branches_and_goods(client, make, shelf):
    make.product("Чайник", category=shelf)

    answer = client.get("/catalog/dom/")

    page = page_of(answer)
    assert page.xpath("//h1/text()") == ["Дом"]
    assert page.xpath("//nav[@class='scroller']/a/@href") == ["/catalog/dom/chajniki/"]
    assert page.xpath("//li[@class='card']//h2//text()") == ["Чайник"]
    assert "2 товара" in answer.text


def test_a_shelf_takes_three_queries_four_with_a_cart_six_signed_in(
    client, other_client, make, shelf, queries
):
    for number in range(30):
        make.product(f"Чайник {number}", category=shelf, in_stock={"tver": 1, "urals": 2})
    queries.clear()

    client.get("/catalog/dom/chajniki/")
    guest, _ = len(queries), queries.clear()
    fill_cart(client, make)
    queries.clear()
    client.get("/catalog/dom/chajniki/")
    with_cart, _ = len(queries), queries.clear()
    other_client.become(make.account())
    queries.clear()
    other_client.get("/catalog/dom/chajniki/")

    assert (guest, with_cart, len(queries)) == (3, 4, 6)


def test_sorting_is_a_plain_form_and_pages_are_links(client, make):
    shelf = make.category("Дом", path="dom", product_count=26)
    for number in range(26):
        make.product(f"Вещь {number}", price=100 + number, category=shelf)

    answer = client.get("/catalog/dom/?sort=cheap")
    second = client.get("/catalog/dom/?page=2&sort=cheap")

    page = page_of(answer)
    assert page.xpath("//select[@name='sort']/option[@selected]/@value") == ["cheap"]
    assert page.xpath("//form[@class='sort']/@action") == ["/catalog/dom/"]
    assert "/catalog/dom/?page=2&sort=cheap" in page.xpath("//nav[@class='pager']/a/@href")
    assert page.xpath("//li[@class='card']//h2//text()")[:2] == ["Вещь 0", "Вещь 1"]
    assert page_of(second).xpath("//li[@class='card']//h2//text()") == ["Вещь 24", "Вещь 25"]
    assert page_of(second).xpath("//link[@rel='canonical']/@href") == [
        "http://localhost/catalog/dom/?page=2"
    ]


@pytest.mark.parametrize(
    "address",
    [
        "netu/",
        "dom/?page=0",
        "dom/?page=2",
        "dom/?page=٢",
        "dom/?page=99999999999",
        "dom/?sort=rating",
    ],
)
def test_what_isnt_on_any_shelf_is_not_found(client, shelf, address):
    assert client.get(f"/catalog/{address}").status_code == 404


def test_an_address_without_its_last_stroke_leads_on(client, shelf):
    answer = client.get("/catalog/dom/chajniki")

    assert answer.status_code == 308
    assert answer.location.endswith("/catalog/dom/chajniki/")


def test_what_lies_in_the_cart_has_a_stepper_on_its_card(client, make, shelf):
    make.product("Чайник", category=shelf)
    tea = make.product("Чай", category=shelf)
    client.post(f"/cart/lines/{tea.id}", data={"quantity": "3"})

    page = page_of(client.get("/catalog/dom/chajniki/"))

    assert page.xpath(f"//div[@id='buy-{tea.id}']//output/text()") == ["3"]
    assert page.xpath("//button[contains(., 'В корзину')]")


def test_hearts_are_those_of_the_customer(client, make, shelf):
    ann, tea = make.account(), make.product("Чай", category=shelf)
    make.product("Кружка", category=shelf)
    make.favorite(ann, tea)

    page = page_of(client.become(ann).get("/catalog/dom/chajniki/"))

    assert page.xpath("//button[@aria-pressed='true']/@id") == [f"heart-{tea.id}"]
