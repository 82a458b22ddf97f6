import re

import pytest
from browser import Browser
from lxml import html
from sqlalchemy import update

from shop.db import db
from shop.models import Product, Stock


@pytest.fixture
def cart_page(app):
    """The htmx of the cart's own page, which swaps the whole cart."""
    return Browser(app, target="cart")


def put(client, product, quantity=1):
    return client.post(f"/cart/lines/{product.id}", data={"quantity": str(quantity)})


def tree(answer):
    return html.fromstring(
        f"<div>{answer.text}</div>" if "<html" not in answer.text else answer.text
    )


def text(answer):
    return re.sub(r"\s+", " ", tree(answer).text_content())


def totals(answer):
    """The sums as the aside has them: {"К оплате": "998 ₽"}."""
    rows = tree(answer).xpath("//dl[@class='totals']/div")
    words = [[re.sub(r"\s+", " ", part.text_content()) for part in row] for row in rows]
    return dict(words)


def lines(client):
    page = tree(client.get("/cart/"))
    names = page.xpath("//li[starts-with(@id,'line-')]//a[starts-with(@id,'name-')]/text()")
    counts = page.xpath("//input[starts-with(@id,'qty-')]/@value")
    return dict(zip(names, counts, strict=False))


def change(app, model, *where, **values):
    with app.app_context():
        db.session.execute(update(model).where(*where).values(**values))
        db.session.commit()


def test_only_ticked_lines_are_counted_and_ordered(cart_page, make):
    tea, cup = make.product("Чай", price=500), make.product("Кружка", price=300)
    put(cart_page, tea)
    put(cart_page, cup)

    answer = cart_page.post(f"/cart/lines/{tea.id}/tick", data={"ticked": "0"})

    page = tree(answer)
    assert page.xpath(f"//button[@id='tick-{tea.id}']/@aria-checked") == ["false"]
    assert page.xpath("//section[@aria-labelledby='h-later']//a[@id]/text()") == ["Чай"]
    assert "Товары, 1 шт." in text(answer)


def test_with_nothing_ticked_the_page_says_what_to_do(cart_page, make):
    tea = make.product()
    put(cart_page, tea)

    answer = cart_page.post(f"/cart/lines/{tea.id}/tick", data={"ticked": "0"})

    page = tree(answer)
    assert "Ничего не отмечено. Отметьте" in text(answer)
    links = page.xpath("//a[contains(., 'Перейти к оформлению')]/@href")
    assert links == ["#barred", "#barred"]
    assert page.xpath("//*[@id='barred']")
    assert page.xpath("//a[starts-with(@href,'tel:')]")


def test_a_tick_that_says_nothing_is_refused(client, make):
    tea = make.product("Чай")
    put(client, tea)

    answer = client.post(f"/cart/lines/{tea.id}/tick", data={"ticked": "perhaps"})

    assert answer.status_code == 422
    assert lines(client) == {"Чай": "1"}


def test_one_parcel_is_told_in_these_words(client, make):
    put(client, make.product())

    answer = client.get("/cart/")

    assert "Все товары поедут одной посылкой" in answer.text
    assert (
        tree(answer).xpath("//a[contains(., 'Перейти к оформлению')]/@href") == ["/checkout/"] * 2
    )


def test_two_parcels_say_why_when_and_for_how_much(client, make):
    make.pickup_point()
    make.warehouse("urals", name="Урал", latitude=56.86, longitude=60.6, dispatch_days=2)
    put(client, make.product("Чай", price=500))
    put(client, make.product("Кружка", price=300, in_stock={"urals": 3}))

    answer = client.get("/cart/")

    words = text(answer)
    assert "2 товара, приедут двумя посылками" in words
    assert "Ни на одном складе нет всего сразу." in words
    assert "Посылка 1 из 2" in words and "Склад «Tver», 1 товар, 500 г" in words
    assert "Не объединить с первой: хранится на другом складе" in words
    assert "курьером 299 ₽, в пункт выдачи 99 ₽" in words
    assert totals(answer) == {
        "Товары, 2 шт.": "800 ₽",
        "Курьер": "598 ₽",
        "Пункт выдачи": "198 ₽",
        "К оплате от": "998 ₽",
    }


def test_faster_or_together_is_the_shoppers_choice(client, cart_page, make):
    make.warehouse("urals", name="Урал", latitude=56.86, longitude=60.6, dispatch_days=2)
    put(client, make.product("Чай", in_stock={"tver": 5, "urals": 5}))
    put(client, make.product("Кружка", in_stock={"urals": 5}))

    before = client.get("/cart/")
    answer = client.post("/cart/way", data={"together": "0"})
    after = client.get("/cart/")

    assert "Быстрее, двумя посылками" in before.text and "Вместе, одной посылкой" in before.text
    assert tree(before).xpath("//input[@name='together'][@checked]/@value") == ["1"]
    assert "Все товары поедут одной посылкой" in before.text
    assert (answer.status_code, answer.location) == (303, "/cart/")
    assert tree(after).xpath("//input[@name='together'][@checked]/@value") == ["0"]
    assert "приедут двумя посылками" in after.text
    assert "Едет отдельно, чтобы первая посылка не ждала" in after.text
    assert cart_page.post("/cart/way", data={"together": "x"}).status_code == 422


def test_pieces_of_one_line_in_two_parcels_have_one_stepper(client, make):
    make.warehouse("urals", latitude=56.86, longitude=60.6)
    tea = make.product("Чай", in_stock={"tver": 1, "urals": 2})
    put(client, tea, 3)

    answer = client.get("/cart/")

    assert tree(answer).xpath("//input[@name='quantity']/@value") == ["3"]
    assert "В этой посылке 1 из 3" in text(answer)
    assert "Ещё 2 такие же штуки" in text(answer)


def test_changes_since_are_said_plainly(app, client, make):
    tea = make.product("Чай", price=500, in_stock=5)
    cup = make.product("Кружка")
    put(client, tea, 5)
    put(client, cup)
    change(app, Product, Product.id == tea.id, price_kopecks=45000)
    change(app, Stock, Stock.product_id == tea.id, quantity=2)
    change(app, Stock, Stock.product_id == cup.id, quantity=0)

    answer = client.get("/cart/")

    words = text(answer)
    assert "Цена изменилась: 500 ₽ → 450 ₽" in words
    assert "Хотели 5, осталось 2" in words
    assert tree(answer).xpath("//section[@aria-labelledby='h-gone']//a[@id]/text()") == ["Кружка"]
    assert totals(answer)["Товары, 2 шт."] == "900 ₽"


def test_a_cart_of_things_gone_says_that_nothing_can_be_ordered(app, client, make):
    tea = make.product()
    put(client, tea)
    change(app, Stock, Stock.product_id == tea.id, quantity=0)

    assert "Сейчас из корзины ничего не заказать" in client.get("/cart/").text
