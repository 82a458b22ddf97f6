"""Paid with a word's gift and a card, given back: each part returns where it came from, to the kopeck."""

import pathlib
import re

from playwright.sync_api import Page, expect

from e2e.conftest import People, Shop
from e2e.steps import (
    ANNA,
    IGOR,
    MIR_AT_ONCE,
    STAFF,
    button,
    deliver,
    fill_checkout,
    link,
    number_at_bank,
    pay,
    put_in_cart,
    see,
    sign_in,
    slowly,
    sums,
    take_back,
    take_gift,
)

PHOTO = pathlib.Path(__file__).parent.parent / "demo" / "pictures" / "alarm-clock.webp"
BERRIES = "Черника сушёная «Северный лес», 150 г, дикорастущая"


def test_each_part_goes_back_to_where_it_came_from(people: People, shop: Shop) -> None:
    page = people.page("phone")
    sign_in(page, *IGOR)
    take_gift(page, "осень")
    number = _buy_with_gift(page)
    desk = people.page("desktop")
    sign_in(desk, *STAFF)
    deliver(desk, number)

    page.goto(f"/my/orders/{number}")
    link(page, "Вернуть товары").click()
    page.get_by_role("checkbox", name=re.compile("^Вернуть")).check()
    page.get_by_label("Не подошло: размер, цвет, вид").check()
    expect(page.locator("#split")).to_contain_text("На промобаланс")
    shown = sums(page)
    page.get_by_label("Неисправно или с браком").check()
    page.route("**/sums", slowly)
    page.get_by_label("Не подошло: размер, цвет, вид").check()
    # At once: it waits for the sums that it agrees to.
    button(page, "Отправить заявку на возврат").click()
    see(page, "Ждёт нашего решения")
    _add_a_photo(page)
    take_back(desk, number)

    page.reload()
    assert sums(page) == shown
    see(page, re.compile("Деньги (уже отправлены|отправлены|на пути)"))
    page.goto("/my/certificates/")
    back = shown["На промобаланс"]
    expect(page.get_by_role("main").locator(".purse", has_text="Промобаланс")).to_contain_text(back)
    letter = shop.letter(IGOR[0], "возврат")
    assert number in letter["Text"]
    _see_receipts(page, number)


def test_an_order_is_called_off_before_it_leaves(people: People, shop: Shop) -> None:
    page = people.page("desktop")
    sign_in(page, *ANNA)
    take_gift(page, "осень")
    number = _buy_with_gift(page)

    page.goto(f"/my/orders/{number}")
    link(page, "Отменить заказ").click()
    expect(page.locator("#split")).to_contain_text("На промобаланс")
    button(page, re.compile("^Отменить")).click()

    page.goto(f"/my/orders/{number}")
    see(page, "Отменён")
    page.goto("/my/certificates/")
    expect(page.get_by_role("main").locator(".purse", has_text="Промобаланс")).to_contain_text(
        "300"
    )
    shop.letter(ANNA[0], f"Заказ {number} отменён")


def _add_a_photo(page: Page) -> None:
    """It comes into the page, and the message that is being written stays."""
    page.get_by_role("textbox", name="Сообщение").fill("Баночка треснула")
    page.get_by_label("Добавить фотографии").set_input_files(PHOTO)
    button(page, "Отправить фотографии").click()
    expect(link(page, "Фотография 1")).to_be_visible()
    expect(page.get_by_role("textbox", name="Сообщение")).to_have_value("Баночка треснула")


def _see_receipts(page: Page, number: str) -> None:
    """One of the payment, of the hand-over, of the return; each opens and tells what stands on it."""
    page.goto(f"/my/orders/{number}")
    receipts = page.get_by_role("region", name="Чеки")
    for word in ("Оплата", "Передача посылки 1", "Возврат денег"):
        expect(receipts.get_by_role("link", name=word)).to_be_visible()
    receipts.get_by_role("link", name="Возврат денег").click()
    see(page, "Возврат прихода")
    expect(page.get_by_role("region", name="Что в чеке")).to_contain_text("Черника сушёная")
    link(page, f"Заказ {number}").click()
    page.get_by_role("region", name="Чеки").get_by_role("link", name="Оплата").click()
    see(page, "Чек: Оплата")


def _buy_with_gift(page: Page) -> str:
    put_in_cart(page, BERRIES)
    page.goto("/checkout/")
    fill_checkout(page)
    page.get_by_label("Оплатить с баланса").check()
    expect(page.locator("#summary")).to_contain_text("С баланса")
    button(page, "Заказать и оплатить").click()
    number = number_at_bank(page)
    pay(page, MIR_AT_ONCE)
    return number
