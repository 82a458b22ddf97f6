"""Each way to pay, from the checkout to «Оплачено»; several of them together; and with no money at all."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import People
from e2e.steps import (
    ANNA,
    MIR_AT_ONCE,
    button,
    come_back,
    fill_checkout,
    number_in,
    put_in_cart,
    see,
    see_paid,
    sign_in,
    type_card,
)

BERRIES = "Черника сушёная «Северный лес», 150 г, дикорастущая"


def _to_the_payment_page(page: Page, way: str) -> None:
    sign_in(page, *ANNA)
    put_in_cart(page, BERRIES)
    page.goto("/checkout/")
    fill_checkout(page)
    page.get_by_label(re.compile(f"^{way}")).check()
    button(page, re.compile("^(Заказать и оплатить|Оформить заказ)$")).click()


def _see_in_history(page: Page, way: str) -> None:
    """Find the order that was just paid in the history, and read there how it was paid."""
    number = number_in(page.get_by_role("heading", level=1).inner_text())
    page.goto("/my/orders/")
    card = page.get_by_role("article", name=f"Заказ {number}")
    expect(card).to_contain_text("Оплачен")
    card.get_by_role("link", name=f"Заказ {number}").first.click()
    expect(page.get_by_role("main").locator("dd").filter(has_text=way).first).to_be_visible()


def test_a_card_pays(people: People, screen: str) -> None:
    page = people.page(screen)
    _to_the_payment_page(page, "Банковской картой")

    type_card(page, MIR_AT_ONCE)
    come_back(page)

    see_paid(page)
    _see_in_history(page, "Банковской картой")


# As the checkout offers it, and as the order remembers it.
WALLETS = {
    "Через Систему быстрых платежей": "СБП",
    "SberPay": "SberPay",
    "ЮMoney": "ЮMoney",
    "PayPal": "PayPal",
    "WebMoney": "WebMoney",
    "Кошелёк QIWI": "Кошелёк QIWI",
}


@pytest.mark.parametrize("way", WALLETS)
def test_a_wallet_pays(people: People, way: str) -> None:
    page = people.page("phone")
    _to_the_payment_page(page, way)

    button(page, re.compile("^Заплатить")).click()
    come_back(page)

    see_paid(page)
    _see_in_history(page, WALLETS[way])


def test_a_wallet_pays_without_a_script(people: People) -> None:
    page = people.page("phone", script=False)
    _to_the_payment_page(page, "WebMoney")
    button(page, "Перейти к оплате").click()

    button(page, re.compile("^Заплатить")).click()
    come_back(page)

    see_paid(page, script=False)


def test_sbers_bonuses_pay_a_part(people: People) -> None:
    page = people.page("desktop")
    _to_the_payment_page(page, "Картой Сбера")

    type_card(page, MIR_AT_ONCE)
    page.get_by_label("Сколько бонусов списать", exact=True).fill("50")
    button(page, "Продолжить").click()
    come_back(page)

    see_paid(page)
    _see_in_history(page, "Карта Сбера и бонусы «Спасибо»")


def test_on_receipt_nothing_is_paid_beforehand(people: People) -> None:
    page = people.page("phone")
    _to_the_payment_page(page, "При получении")

    see(page, "Принят, оплата при получении")
    expect(
        page.get_by_role("main").locator("dd").filter(has_text="При получении").first
    ).to_be_visible()
