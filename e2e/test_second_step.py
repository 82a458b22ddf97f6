"""The second step: turned on with an app, asked after the password, passed with a code on paper, turned off."""

import re
import time

import pyotp
from playwright.sync_api import Page, expect

from e2e.conftest import People, Shop
from e2e.steps import (
    Person,
    become_customer,
    button,
    fill_sign_in,
    link,
    newcomer,
    open_product,
    see,
    title,
)

PEN = "Ручка шариковая «Капитан», латунь, синяя с золотистым клипом"


def test_the_app_is_asked_after_the_password(people: People, shop: Shop) -> None:
    person = newcomer("Алла", "Рябинина")
    page = people.page()
    become_customer(page, shop, person)
    secret, _ = _turn_on(page)
    _sign_out(page)

    open_product(page, PEN)
    address = page.url
    button(page, "Мой Озон").click()
    link(page, "Вход").click()
    fill_sign_in(page, person.email, person.password)
    popup = page.get_by_role("dialog")
    expect(popup.get_by_role("heading", name="Код из приложения")).to_be_visible()
    popup.get_by_label("Код из приложения").fill("000 000")
    popup.get_by_role("button", name="Войти", exact=True).click()
    expect(popup.get_by_role("alert")).to_be_visible()
    popup.get_by_label("Код из приложения").fill(_next_code(secret))
    popup.get_by_role("button", name="Войти", exact=True).click()

    expect(popup).to_be_hidden()
    assert page.url == address
    button(page, "Мой Озон").click()
    expect(button(page, "Выйти").first).to_be_visible()
    assert "код из приложения" in shop.letter(person.email, "торой шаг")["Text"]


def test_a_code_on_paper_opens_the_account_once(people: People, shop: Shop) -> None:
    person = newcomer("Глеб", "Ольшанский")
    page = people.page()
    become_customer(page, shop, person)
    _, codes = _turn_on(page)
    assert len(codes) == 10
    away = people.page("phone", script=False)

    _come_in_by_paper(away, person, codes[0].upper().replace("-", " "))
    expect(title(away, re.compile("^Здравствуйте, Глеб"))).to_be_visible()
    again = people.page("phone", script=False)
    _come_in_by_paper(again, person, codes[0])
    expect(again.get_by_role("alert")).to_be_visible()

    away.goto("/my/security/second-step/")
    away.locator("#removal-code").fill(codes[1])
    button(away, "Выключить").click()
    expect(button(away, "Включить второй шаг")).to_be_visible()
    fresh = people.page(script=False)
    fresh.goto("/auth/login?next=/my/")
    fill_sign_in(fresh, person.email, person.password)
    expect(title(fresh, re.compile("^Здравствуйте, Глеб"))).to_be_visible()


def _turn_on(page: Page) -> tuple[str, list[str]]:
    """Turn the second step on; return the app's secret and the recovery codes."""
    page.goto("/my/security/")
    link(page, "Включить второй шаг").click()
    button(page, "Включить второй шаг").click()
    secret = page.locator("#secret").inner_text().replace(" ", "")
    page.get_by_label("Код из приложения").fill(pyotp.TOTP(secret).now())
    button(page, "Включить").click()
    see(page, "Второй шаг включён")
    codes = page.locator("#codes li").all_inner_texts()
    link(page, "Коды сохранены").click()
    expect(page.get_by_role("heading", name="Запасные коды")).to_be_visible()
    return secret, codes


def _next_code(secret: str) -> str:
    """The app's next code: the present one may have been used to turn it on, and each is taken once."""
    code = pyotp.TOTP(secret).at(int(time.time()) + 30)
    return f"{code[:3]} {code[3:]}"


def _sign_out(page: Page) -> None:
    button(page, "Мой Озон").click()
    page.locator("#my").get_by_role("button", name="Выйти").click()
    expect(title(page, re.compile("."))).to_be_visible()


def _come_in_by_paper(page: Page, person: Person, code: str) -> None:
    page.goto("/auth/login?next=/my/")
    fill_sign_in(page, person.email, person.password)
    page.get_by_text("Приложения нет под рукой?").click()
    page.get_by_label("Запасной код").fill(code)
    button(page, "Войти с запасным кодом").click()
