"""The security page: who else is signed in, out with them, and what happened to the account."""

import re

from playwright.sync_api import Page, expect

from e2e.conftest import People, Shop
from e2e.steps import (
    Person,
    become_customer,
    button,
    fill_sign_in,
    link,
    newcomer,
    see,
    sign_in,
    title,
)

AN_IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
NEW_PASSWORD = "кленовый лист 31"


def test_one_signs_out_on_a_device_left_behind(people: People, shop: Shop, script: bool) -> None:
    person = newcomer("Ксения", "Полынина")
    left_behind = people.page("phone", script=script, user_agent=AN_IPHONE)
    become_customer(left_behind, shop, person)
    page = people.page(script=script)
    sign_in(page, person.email, person.password)

    link(page, "Безопасность").click()
    devices = page.get_by_role("region", name="Где вы вошли")
    expect(devices.get_by_role("listitem")).to_have_count(2)
    expect(devices.get_by_role("listitem").first).to_contain_text("это устройство")
    expect(devices.get_by_role("listitem").last).to_contain_text("Safari, iPhone")
    button(page, "Завершить: Safari, iPhone").click()

    expect(devices.get_by_role("listitem")).to_have_count(1)
    expect(page.get_by_text("Вход на том устройстве завершён.").first).to_be_visible()
    _is_a_guest(left_behind)
    page.reload()
    expect(title(page, "Безопасность")).to_be_visible()

    link(page, "Весь журнал").click()
    expect(title(page, "Что происходило с кабинетом")).to_be_visible()
    lines = page.get_by_role("region", name="Журнал").get_by_role("listitem")
    expect(lines.first).to_contain_text("Вы завершили вход на другом устройстве: Safari, iPhone")
    expect(lines.nth(1)).to_contain_text("Вход с нового устройства: по паролю")
    expect(lines.nth(2)).to_contain_text(f"Почта подтверждена: {person.email}")
    expect(lines.last).to_contain_text("Кабинет открыт")


def test_a_new_password_ends_all_other_sign_ins(people: People, shop: Shop, screen: str) -> None:
    person = newcomer("Лев", "Орешкин")
    elsewhere = people.page()
    become_customer(elsewhere, shop, person)
    page = people.page(screen)
    sign_in(page, person.email, person.password)
    page.goto("/my/security/")

    link(page, "Сменить пароль").click()
    page.get_by_label("Новый пароль", exact=True).fill("12345678")
    button(page, "Сохранить новый пароль").click()
    expect(page.get_by_role("alert")).to_contain_text("подбирают одним из первых")
    page.get_by_label("Новый пароль", exact=True).fill(NEW_PASSWORD)
    button(page, "Сохранить новый пароль").click()

    see(page, "Больше вы нигде не вошли.")
    expect(
        page.get_by_text("Пароль изменён. На остальных устройствах вход завершён.")
    ).to_be_visible()
    _is_a_guest(elsewhere)
    shop.letter(person.email, "Ваш пароль изменён")
    _comes_in_by_the_new_password_only(elsewhere, person)


def _is_a_guest(page: Page) -> None:
    """Expect the very next click to lead to the sign-in."""
    page.goto("/my/orders/")
    expect(title(page, "Личный кабинет")).to_be_visible()


def _comes_in_by_the_new_password_only(page: Page, person: Person) -> None:
    fill_sign_in(page, person.email, person.password)
    expect(page.get_by_role("alert")).to_contain_text("Проверьте раскладку и Caps Lock")
    fill_sign_in(page, person.email, NEW_PASSWORD)
    expect(title(page, re.compile("^История покупок"))).to_be_visible()
