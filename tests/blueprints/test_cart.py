import json
import re

import pytest
from browser import Browser
from lxml import html


@pytest.fixture
def cart_page(app):
    """The htmx of the cart's own page, which swaps the whole cart."""
    return Browser(app, target="cart")


@pytest.fixture
def card(app):
    """The htmx of a card, which swaps the button of product 1."""
    return Browser(app, target="buy-1")


def put(client, product, quantity=1):
    return client.post(f"/cart/lines/{product.id}", data={"quantity": str(quantity)})


def tree(answer):
    return html.fromstring(
        f"<div>{answer.text}</div>" if "<html" not in answer.text else answer.text
    )


def text(answer):
    return re.sub(r"\s+", " ", tree(answer).text_content())


def lines(client):
    page = tree(client.get("/cart/"))
    names = page.xpath("//li[starts-with(@id,'line-')]//a[starts-with(@id,'name-')]/text()")
    counts = page.xpath("//input[starts-with(@id,'qty-')]/@value")
    return dict(zip(names, counts, strict=False))


def test_an_empty_cart_says_so_and_leads_to_the_catalog(client):
    answer = client.get("/cart/")

    assert answer.status_code == 200
    assert "Корзина пуста" in answer.text
    assert tree(answer).xpath("//main//a[@href='/catalog/']")
    assert "Перейти к оформлению" not in answer.text


def test_without_script_the_cart_is_shown_after_each_change(client, make):
    tea = make.product("Чай")

    answer = put(client, tea, 2)

    assert (answer.status_code, answer.location) == (303, "/cart/")
    assert lines(client) == {"Чай": "2"}
    assert put(client, tea, 3).status_code == 303
    assert lines(client) == {"Чай": "3"}


def test_without_script_one_may_come_back_to_where_one_was(client, make):
    tea = make.product()

    here = client.post(f"/cart/lines/{tea.id}", data={"quantity": "1", "next": "/catalog/"})
    away = client.post(f"/cart/lines/{tea.id}", data={"quantity": "1", "next": "//evil.example"})

    assert (here.location, away.location) == ("/catalog/", "/cart/")


def test_a_card_gets_its_stepper_and_the_counters(card, make):
    tea = make.product("Чай")

    answer = put(card, tea, 1)

    page = tree(answer)
    assert answer.status_code == 200 and "<h1" not in answer.text
    assert page.xpath("//*[@id='buy-1']//output/text()") == ["1"]
    assert page.xpath("//button[@id='inc-1']/@value") == ["2"]
    assert page.xpath("//button/@aria-label") == ["Убрать одну штуку", "Добавить ещё одну"]
    counts = page.xpath("//*[@hx-swap-oob='true' and starts-with(@id,'count-')]/@id")
    assert counts == ["count-quick", "count-tab"]
    told = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert told["href"] == "/cart/" and told["text"] == "Положили в корзину."


def test_only_the_first_thing_put_in_is_told(card, make):
    tea, cup = make.product(), make.product()
    put(card, tea)

    assert "HX-Trigger" not in put(card, tea, 2).headers
    assert "HX-Trigger" not in put(card, cup).headers


def test_taken_down_to_none_a_card_has_its_button_again(card, make):
    tea = make.product()
    put(card, tea, 1)

    answer = put(card, tea, 0)

    assert "В корзину" in answer.text
    assert not tree(answer).xpath("//output")


def test_more_than_there_are_is_refused_on_the_card_with_a_sentence(card, make):
    tea = make.product(in_stock=2)
    put(card, tea, 2)

    answer = put(card, tea, 3)

    assert answer.status_code == 422
    assert tree(answer).xpath("//output/text()") == ["2"]
    told = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert told == {"text": "Больше не получится: есть только 2 штуки.", "kind": "err"}


def test_the_cart_page_gets_the_whole_cart_the_counters_and_the_news(cart_page, make):
    tea = make.product("Чай", price=500)

    answer = put(cart_page, tea, 2)

    page = tree(answer)
    assert "<html" not in answer.text
    assert page.xpath("count(//*[@id='cart'])") == 1
    assert page.xpath("//input[@id='qty-1']/@value") == ["2"]
    (news,) = page.xpath("//*[@id='cart-news']")
    assert news.get("hx-swap-oob") == "innerHTML"
    assert re.sub(r"\s", " ", news.text_content()) == "К заказу: 2 товара, 1 000 ₽."
    assert page.xpath("//*[@id='count-quick'][@hx-swap-oob]")


@pytest.mark.parametrize("quantity", ["", "-1", "100", "1.5", "٣", "1_0", "1e1", "много", "0x1"])
def test_what_is_no_quantity_is_refused_with_a_sentence_and_changes_nothing(
    client, cart_page, make, quantity
):
    tea = make.product("Чай")
    put(client, tea, 2)

    answer = put(client, tea, quantity)

    assert answer.status_code == 422
    assert "Напишите целое число от 0 до 99." in answer.text
    assert lines(client) == {"Чай": "2"}
    assert put(cart_page, tea, quantity).status_code == 422


def test_what_left_the_shop_cannot_be_put_in(client, make):
    tea = make.product(is_listed=False)

    answer = put(client, tea)

    assert answer.status_code == 422
    assert "больше не продаётся" in answer.text


@pytest.mark.parametrize("number", ["404", "99999999999"])
def test_what_never_was_is_not_found(client, number):
    answer = client.post(f"/cart/lines/{number}", data={"quantity": "1"})

    assert answer.status_code == 404
    assert client.get(f"/cart/lines/{number}").status_code in {404, 405}


def test_a_deed_is_never_done_by_looking(client, make):
    tea = make.product()

    for address in ("", "/removal", "/tick"):
        assert client.get(f"/cart/lines/{tea.id}{address}").status_code == 405
    assert client.get("/cart/way").status_code == 405


def test_another_site_cannot_fill_the_cart(client, make):
    tea = make.product()

    answer = client.post(
        f"/cart/lines/{tea.id}",
        data={"quantity": "1"},
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    )

    assert answer.status_code == 400
    assert lines(client) == {}


def test_what_was_taken_out_can_be_put_back_with_script(cart_page, make):
    tea = make.product("Чай")
    put(cart_page, tea, 3)

    answer = cart_page.post(f"/cart/lines/{tea.id}/removal")

    page = tree(answer)
    assert "Убрали: Чай" in text(answer) and "Корзина пуста" in text(answer)
    assert page.xpath("//button[@id='undo']/@value") == ["3"]
    assert page.xpath("//form[.//button[@id='undo']]/@action") == [f"/cart/lines/{tea.id}"]


def test_and_without(client, make):
    tea = make.product("Чай")
    put(client, tea, 3)

    answer = client.post(f"/cart/lines/{tea.id}/removal")

    assert answer.status_code == 303
    shown = client.get(answer.location)
    assert "Убрали: Чай" in text(shown)
    assert tree(shown).xpath("//button[@id='undo']/@value") == ["3"]
    assert lines(client) == {}


@pytest.mark.parametrize(
    "query", ["removed=x&quantity=1", "removed=404&quantity=1", "removed=1&quantity=x"]
)
def test_a_made_up_removal_is_passed_over(client, query):
    answer = client.get(f"/cart/?{query}")

    assert answer.status_code == 200
    assert "undo" not in answer.text


def test_somebody_elses_cart_stays_untouched(client, other_client, make):
    tea = make.product("Чай")
    put(client, tea, 2)

    put(other_client, tea, 5)
    other_client.post(f"/cart/lines/{tea.id}/removal")

    assert lines(client) == {"Чай": "2"}
    assert lines(other_client) == {}


def test_the_cart_page_takes_three_queries_and_five_signed_in_however_long(
    client, other_client, make, queries
):
    other_client.become(make.account())
    for _number in range(6):
        tea = make.product()
        put(client, tea)
        put(other_client, tea)
    queries.clear()

    client.get("/cart/")
    guest, _ = len(queries), queries.clear()
    other_client.get("/cart/")

    assert (guest, len(queries)) == (3, 5)


def test_a_page_with_somebodys_cart_is_stored_nowhere(client, make):
    put(client, make.product())

    assert client.get("/cart/").headers["Cache-Control"] == "private, no-store"
