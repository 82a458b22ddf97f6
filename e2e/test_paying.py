"""Paying, when it doesn't go as one thought."""

import re

from playwright.sync_api import expect

from e2e.conftest import People, Shop
from e2e.steps import (
    MIR_AT_ONCE,
    NO_MONEY,
    become_customer,
    button,
    buy,
    come_back,
    fill_checkout,
    link,
    newcomer,
    number_at_bank,
    pay,
    put_in_cart,
    see,
    see_in_cart,
    see_paid,
    title,
    type_card,
)

BERRIES = "Черника сушёная «Северный лес», 150 г, дикорастущая"


def test_a_refused_card_and_then_another(people: People, shop: Shop, screen: str) -> None:
    page = people.page(screen)
    become_customer(page, shop, newcomer())
    buy(page, BERRIES)

    type_card(page, NO_MONEY)
    come_back(page)
    see(page, "Оплата не прошла, деньги не списаны")
    see(page, "На карте не хватает денег.")

    button(page, re.compile("^Оплатить .* ещё раз$")).click()
    expect(title(page, "Оплата картой")).to_be_visible()
    pay(page, MIR_AT_ONCE)


def test_somebody_comes_back_without_having_paid_and_pays_later(people: People, shop: Shop) -> None:
    page, person = people.page("phone"), newcomer()
    become_customer(page, shop, person)
    number = buy(page, BERRIES)

    link(page, "Вернуться в магазин").click()
    see(page, "Ждём ответа банка")
    link(page, "Заказы").click()
    expect(page.get_by_role("article", name=f"Заказ {number}")).to_contain_text("Ждёт оплаты")
    link(page, f"Заказ {number}").click()
    see(page, "Заказ ждёт оплаты")
    button(page, re.compile("^Оплатить")).click()

    assert number_at_bank(page) == number
    pay(page)
    assert shop.letters(person.email, f"Заказ {number} принят") == 1


def test_the_bank_forgets_to_tell_and_the_shop_asks_by_itself(people: People, shop: Shop) -> None:
    page, person = people.page(), newcomer()
    become_customer(page, shop, person)
    number = buy(page, BERRIES)

    shop.bank_control("hooks", {"mode": "lost"})
    try:
        type_card(page, MIR_AT_ONCE)
        come_back(page)
        see_paid(page)
        shop.letter(person.email, f"Заказ {number} оплачен")
    finally:
        shop.bank_control("hooks", {"mode": "normal"})


def test_pressing_twice_reloading_and_going_back_make_one_order(
    people: People, shop: Shop, script: bool
) -> None:
    page, person = people.page(script=script), newcomer()
    become_customer(page, shop, person)
    put_in_cart(page, BERRIES)
    link(page, re.compile("^Корзина")).click()
    link(page, "Перейти к оформлению").click()
    fill_checkout(page)

    button(page, "Заказать и оплатить").dblclick()
    number = number_at_bank(page)
    page.reload()
    assert number_at_bank(page) == number
    page.go_back()
    again = button(page, "Заказать и оплатить")
    if again.is_visible():
        fill_checkout(page)
        again.click()
        assert number_at_bank(page) == number

    page.goto("/my/orders/")
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.get_by_role("article", name=f"Заказ {number}")).to_be_visible()
    see_in_cart(page, 0)
    shop.letter(person.email, f"Заказ {number} принят")
    assert shop.letters(person.email, "принят") == 1
