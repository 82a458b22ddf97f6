"""The main way: from the shelf to a received parcel, by people who have never been here."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import People, Shop
from e2e.steps import (
    STAFF,
    Person,
    button,
    fill_checkout,
    fill_registration,
    link,
    link_for,
    newcomer,
    number_at_bank,
    pay,
    see,
    see_in_cart,
    sign_in,
    title,
    type_code,
)

MUG = "Кружка «Утренняя», фаянс, 350 мл, сиреневая, с широкой ручкой"
RECIPIENT = "Соснов Пётр Ильич"


@pytest.mark.parametrize(
    ("screen", "script", "delivery", "proof"),
    [
        ("desktop", True, "courier", "code"),
        ("phone", True, "pickup", "link"),
        ("phone", False, "courier", "code"),
    ],
    ids=["desktop", "phone", "phone-no-script"],
)
def test_a_stranger_buys_for_somebody_else(
    people: People, shop: Shop, screen: str, script: bool, delivery: str, proof: str
) -> None:
    page, person = people.page(screen, script=script), newcomer()

    _find_on_the_shelves(page)
    button(page, f"В корзину {MUG}").click()
    see_in_cart(page, 1)
    link(page, re.compile("^Корзина")).click()
    link(page, "Перейти к оформлению").click()
    _register(page, people, shop, person, proof)
    expect(title(page, "Оформление заказа")).to_be_visible()
    see_in_cart(page, 1)
    see(page, MUG)
    number = _order(page, delivery)
    pay(page, script=script)
    see_in_cart(page, 0)

    link(page, "Заказы").click()
    expect(title(page, "История покупок")).to_be_visible()
    link(page, f"Заказ {number}").click()
    _see_order(page, delivery)
    shop.letter(person.email, f"Заказ {number} принят")
    shop.letter(person.email, f"Заказ {number} оплачен")
    _see_what_staff_do(page, people, shop, person, number)

    page.goto("/my/profile/")
    expect(page.get_by_label("Фамилия", exact=True)).to_have_value(person.family)
    expect(page.get_by_label("Имя", exact=True)).to_have_value(person.given)


def _find_on_the_shelves(page: Page) -> None:
    page.goto("/")
    link(page, "Каталог").click()
    link(page, "Сервировка").click()
    link(page, re.compile("^Кружки и стаканы")).click()
    link(page, MUG).click()
    expect(title(page, MUG)).to_be_visible()


def _register(page: Page, people: People, shop: Shop, person: Person, proof: str) -> None:
    expect(title(page, "Личный кабинет")).to_be_visible()
    link(page, "Зарегистрироваться").click()
    fill_registration(page, person)
    expect(title(page, "Подтвердите почту")).to_be_visible()
    if proof == "code":
        type_code(page, shop, person)
        return
    mail_reader = people.page("desktop")
    mail_reader.goto(link_for(shop, person))
    button(mail_reader, "Подтвердить почту").click()
    see(mail_reader, "Почта подтверждена")
    page.goto("/cart/")
    see_in_cart(page, 1)
    link(page, "Перейти к оформлению").click()


def _order(page: Page, delivery: str) -> str:
    # Pressed too early, the button isn't grey: it says what is missing.
    page.get_by_label("Телефон").fill("")
    button(page, "Заказать и оплатить").click()
    link(page, re.compile("^Напишите телефон получателя")).click()
    if delivery == "pickup":
        page.get_by_label(re.compile("^В пункт выдачи")).check()
        page.get_by_label("Фамилия и имя").fill(RECIPIENT)
        page.get_by_label("Телефон").fill("+7 916 123-45-67")
        page.get_by_role("combobox", name="Пункт выдачи").select_option(index=1)
    else:
        fill_checkout(page, RECIPIENT)
    button(page, "Заказать и оплатить").click()
    return number_at_bank(page)


def _see_order(page: Page, delivery: str) -> None:
    see(page, RECIPIENT)
    see(page, "+7 916 123-45-67")
    see(page, "Пункт выдачи: Москва" if delivery == "pickup" else "Курьером: Москва, Тверская, 7")
    expect(page.get_by_role("list", name="Ход доставки")).to_contain_text("Оплачен")


def _see_what_staff_do(page: Page, people: People, shop: Shop, person: Person, number: str) -> None:
    desk = people.page("desktop")
    sign_in(desk, *STAFF)
    desk.goto("/staff/orders/")
    link(desk, number).click()

    button(desk, "Собрать").click()
    expect(button(desk, "Передать в доставку")).to_be_visible()
    _see_step(page, "Собран")

    desk.get_by_label("Трек-номер").fill("RU 4477-12")
    button(desk, "Передать в доставку").click()
    expect(button(desk, "Вручить")).to_be_visible()
    _see_step(page, "В пути")
    see(page, re.compile("RU ?4477-12"))
    shop.letter(person.email, f"Заказ {number} передан в доставку")

    button(desk, "Вручить").click()
    expect(button(desk, "Вручить")).to_be_hidden()
    _see_step(page, "Получен")
    shop.letter(person.email, f"Заказ {number} получен")


def _see_step(page: Page, word: str) -> None:
    """Expect the step to have been reached: its day stands under it."""
    page.reload()
    steps = page.get_by_role("list", name="Ход доставки").get_by_role("listitem")
    expect(steps.filter(has_text=re.compile(rf"{word}\s+\d"))).to_be_visible()
