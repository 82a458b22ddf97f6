"""The history of what one bought, and finding an old order in it."""

import re

from playwright.sync_api import Page, expect

from e2e.conftest import People, Shop
from e2e.steps import MIR_AT_ONCE, become_customer, button, buy, link, newcomer, pay

COMPASS = "Компас-брелок «Всегда домой», 2 см, алюминий, золотистый"
SOCKS = "Носки хлопковые «Разнобой», жёлтые и синие, 5 пар, 39–42"


def test_orders_are_found_by_number_and_by_words(people: People, shop: Shop) -> None:
    page = people.page()
    become_customer(page, shop, newcomer())
    first = buy(page, COMPASS)
    pay(page, MIR_AT_ONCE)
    second = buy(page, SOCKS)
    pay(page, MIR_AT_ONCE)

    link(page, "Заказы").click()
    page.evaluate("() => { window.marked = true }")
    _see_orders(page, second, first)
    field = page.get_by_label("Номер заказа или слова из названия товара")
    field.press_sequentially("компас", delay=20)
    _see_orders(page, first)
    expect(page.get_by_role("main")).to_contain_text("Найден 1 заказ")
    field.fill(second)
    _see_orders(page, second)
    field.fill("самовар")
    expect(page.get_by_role("heading", name="Ничего не нашлось")).to_be_visible()
    field.fill("")
    _see_orders(page, second, first)
    assert page.evaluate("() => window.marked"), "the page was loaded anew"

    plain = people.page("phone", script=False, storage_state=page.context.storage_state())
    plain.goto("/my/orders/")
    plain.get_by_label("Номер заказа или слова из названия товара").fill("носки")
    button(plain, "Найти заказ").click()
    _see_orders(plain, second)
    link(plain, re.compile("^Показать вс")).click()
    _see_orders(plain, second, first)
    _strangers_see_nothing(people, shop, first)


def _see_orders(page: Page, *numbers: str) -> None:
    """Expect exactly these orders, from the newest on."""
    orders = page.get_by_role("article")
    expect(orders).to_have_count(len(numbers))
    for place, number in enumerate(numbers):
        expect(orders.nth(place)).to_contain_text(re.compile(number.replace("-", ".?")))


def _strangers_see_nothing(people: People, shop: Shop, number: str) -> None:
    """Somebody else's order isn't refused, it isn't there."""
    other = people.page()
    become_customer(other, shop, newcomer("Анна", "Другая"))
    answer = other.goto(f"/my/orders/{number}")
    assert answer and answer.status == 404
