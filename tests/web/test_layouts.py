"""What stands around every page: the menu, the counts, the way to help, the other language."""

import pytest
from lxml import html


def tree_of(answer):
    return html.fromstring(answer.text)


def words_of(element):
    return " ".join(element.text_content().split())


def menu_of(browser):
    return tree_of(browser.get("/")).get_element_by_id("my")


def test_the_menu_of_a_guest_has_both_ways_in(client):
    menu = menu_of(client)
    links = {words_of(link): link for link in menu.xpath(".//a")}

    assert menu.get("aria-label") == "Мой Озон"
    assert links["Вход"].get("href") == "/auth/login?next=/"
    assert links["Вход"].get("hx-target") == "#dlg-body"
    assert links["Личный кабинет"].get("href") == "/my/"
    assert links["Зарегистрироваться"].get("href") == "/auth/register?next=/"
    assert "Выйти" not in words_of(menu)


def test_the_menu_of_a_customer_greets_and_signs_out_by_a_form(client, make):
    menu = menu_of(client.become(make.account()))

    (form,) = menu.xpath(".//form")
    assert (form.get("method"), form.get("action")) == ("post", "/auth/logout")
    assert words_of(form) == "Выйти"
    assert {"История покупок", "Избранное", "Личный кабинет"} <= {
        words_of(link) for link in menu.xpath(".//a")
    }
    assert "Рабочее место" not in words_of(menu)


def test_only_employees_see_the_door_of_the_back_office(client, make):
    menu = menu_of(client.become(make.employee()))

    assert menu.xpath(".//a[@href='/staff/orders/']")


def test_the_cart_is_counted_at_the_top_and_at_the_thumb(client, make):
    tea = make.product(name="Tea")
    client.post(f"/cart/lines/{tea.id}", data={"quantity": 2})

    page = tree_of(client.get("/"))

    for place in ("count-quick", "count-tab"):
        assert words_of(page.get_element_by_id(place)) == ", товаров: 2"


def test_an_empty_cart_shows_no_count(client):
    page = tree_of(client.get("/"))

    assert words_of(page.get_element_by_id("count-quick")) == ""


def test_the_way_back_after_signing_in_keeps_the_page_and_its_search(client):
    page = tree_of(client.get("/search?q=чай"))
    link = page.xpath("//nav[@id='my']//a[@hx-get]")[0]

    assert link.get("href") == "/auth/login?next=/search%3Fq%3D%D1%87%D0%B0%D0%B9"


@pytest.mark.parametrize("path", ["/", "/cart/", "/auth/login", "/nowhere"])
def test_the_hotline_and_help_stand_at_the_foot_of_every_page(client, path):
    foot = tree_of(client.get(path)).xpath("//footer")[0]

    assert foot.xpath(".//a[@href='tel:+78000000000']")
    assert foot.xpath(".//a[@href='/help/returns']")


def test_the_other_language_is_one_press_away_and_comes_back(client):
    form = tree_of(client.get("/cart/")).xpath("//form[@action='/language']")[0]
    assert form.xpath(".//input[@name='next']/@value") == ["/cart/"]

    client.post("/language", data={"language": "en", "next": "/cart/"})

    page = client.get("/cart/").text
    assert '<html lang="en"' in page
    assert "По-русски" in page


def test_a_page_that_is_not_there_asks_the_database_nothing_of_a_guest(client, queries):
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert "Такой страницы нет" in answer.text
    assert queries == []
