"""Paid with a word's gift and a card, given back: each part returns where it came from, to the kopeck."""

import re

from playwright.sync_api import Page, expect

from e2e.conftest import People, Shop
from e2e.steps import (
    ANNA,
    IGOR,
    MIR_AT_ONCE,
    STAFF,
    button,
    fill_checkout,
    link,
    number_at_bank,
    pay,
    put_in_cart,
    see,
    sign_in,
)

BERRIES = "Черника сушёная «Северный лес», 150 г, дикорастущая"


def test_each_part_goes_back_to_where_it_came_from(people: People, shop: Shop) -> None:
    page = people.page("phone")
    sign_in(page, *IGOR)
    _take_gift(page)
    number = _buy_with_gift(page)
    desk = people.page("desktop")
    sign_in(desk, *STAFF)
    _deliver(desk, number)

    page.goto(f"/my/orders/{number}")
    link(page, "Вернуть товары").click()
    page.get_by_role("checkbox", name=re.compile("^Вернуть")).check()
    page.get_by_label("Не подошло: размер, цвет, вид").check()
    expect(page.locator("#split")).to_contain_text("На промобаланс")
    shown = _sums(page)
    button(page, "Отправить заявку на возврат").click()
    see(page, "Ждёт нашего решения")
    _take_back(desk, number)

    page.reload()
    assert _sums(page) == shown
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
    _take_gift(page)
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


def _take_gift(page: Page) -> None:
    page.goto("/my/certificates/")
    page.get_by_label("Номер сертификата или кодовое слово").fill("осень")
    button(page, "Посмотреть, что даёт").click()
    button(page, "Зачислить на мой счёт").click()
    expect(page.get_by_role("main")).to_contain_text("на вашем промобалансе")


def _buy_with_gift(page: Page) -> str:
    put_in_cart(page, BERRIES)
    page.goto("/checkout/")
    fill_checkout(page)
    page.get_by_label("Оплатить с лицевого счёта").check()
    expect(page.locator("#summary")).to_contain_text("С лицевого счёта")
    button(page, "Заказать и оплатить").click()
    number = number_at_bank(page)
    pay(page, MIR_AT_ONCE)
    return number


def _deliver(desk: Page, number: str) -> None:
    desk.goto(f"/staff/orders/{number}")
    for step in ("Собрать", "Передать в доставку", "Вручить"):
        button(desk, step).click()
        expect(button(desk, step)).to_be_hidden()


def _take_back(desk: Page, number: str) -> None:
    desk.goto("/staff/returns/")
    link(desk, re.compile(f"^{number}")).click()
    for step in ("Согласовать возврат", "Товар получен", "Проверено", "Вернуть деньги"):
        button(desk, step).click()
        expect(button(desk, step)).to_be_hidden()


def _sums(page: Page) -> dict[str, str]:
    """What goes back, part by part, as the page says it."""
    rows = page.get_by_role("main").locator("dl.totals > div")
    told = [row.inner_text().split("\n") for row in rows.all()]
    return {row[0].strip(): row[-1].strip() for row in told if "доставк" not in row[0]}
