"""A present: bought by one, activated by another, spent together with points, bonuses of a word and a card."""

import re

from playwright.sync_api import Page, expect

from e2e.conftest import People, Shop
from e2e.steps import (
    ANNA,
    IGOR,
    MIR_AT_ONCE,
    become_customer,
    button,
    come_back,
    fill_checkout,
    newcomer,
    pay,
    put_in_cart,
    see,
    see_paid,
    sign_in,
    title,
    type_card,
)

BERRIES = "Черника сушёная «Северный лес», 150 г, дикорастущая"


def test_a_present_is_bought_activated_and_spent(people: People, shop: Shop) -> None:
    friend = newcomer("Тимур", "Ли")
    page = people.page("desktop")
    sign_in(page, *IGOR)
    _give(page, friend.email)
    code = _code_in_letter(shop, friend.email)

    page = people.page("phone")
    become_customer(page, shop, friend)
    _activate(page, code.lower().replace("-", " "))
    see(page, "500 ₽")
    _activate(page, " осень ")

    put_in_cart(page, BERRIES)
    page.goto("/checkout/")
    fill_checkout(page)
    page.get_by_label("Оплатить с баланса").check()
    expect(page.locator("#summary")).to_contain_text("С баланса")
    left = page.locator("#summary .is-sum dd").inner_text()
    button(page, "Заказать и оплатить").click()
    if not left.startswith("0"):
        pay(page, MIR_AT_ONCE)
    page.goto("/my/certificates/")
    expect(page.get_by_role("main")).to_contain_text("Оплата заказа")


def test_a_number_that_does_not_exist_says_so(people: People) -> None:
    page = people.page("phone", script=False)
    sign_in(page, *ANNA)

    page.goto("/my/certificates/")
    page.get_by_label("Номер сертификата или кодовое слово").fill("7K4M-2P9X-0033-ACEH")
    button(page, "Посмотреть, что даёт").click()

    see(page, re.compile("Такого номера"))


def _give(page: Page, email: str) -> None:
    page.goto("/certificates/")
    page.get_by_text("500 ₽", exact=True).first.click()
    page.get_by_label("Отправить в подарок по почте").check()
    page.get_by_label("Почта получателя").fill(email)
    button(page, "Купить и оплатить").click()
    expect(title(page, "Оплата картой")).to_be_visible()
    type_card(page, MIR_AT_ONCE)
    come_back(page)
    see_paid(page)


def _code_in_letter(shop: Shop, email: str) -> str:
    text = shop.letter(email, "сертификат на 500")["Text"]
    found = re.search(r"\b([0-9A-Z]{4}-){3}[0-9A-Z]{4}\b", text)
    assert found, text
    return found[0]


def _activate(page: Page, code: str) -> None:
    page.goto("/my/certificates/")
    page.get_by_label("Номер сертификата или кодовое слово").fill(code)
    button(page, "Посмотреть, что даёт").click()
    button(page, re.compile("^Зачислить на мой (промо)?баланс$")).click()
    expect(page.get_by_role("main")).to_contain_text("на вашем")
