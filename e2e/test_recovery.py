"""«Я забыл пароль!»: the anti-spam code heard, or left to the browser; a link by mail; every other device is out."""

import re

import pytest
from ear import heard
from playwright.sync_api import Page, expect

from e2e.conftest import People, Shop
from e2e.steps import Person, become_customer, button, fill_sign_in, link, newcomer, see, title

NEW_PASSWORD = "берёзовый сок 58"


@pytest.mark.parametrize("way", ["by ear", "by work", "by ear without script"])
def test_a_forgotten_password_is_replaced(people: People, shop: Shop, way: str) -> None:
    person = newcomer("Зоя", "Кленова")
    elsewhere = people.page()
    become_customer(elsewhere, shop, person)
    page = people.page("phone", script="without" not in way)
    page.goto("/auth/login")
    link(page, "Я забыл пароль!").click()
    page.get_by_label("Электронная почта").fill(person.email)
    if way == "by work":
        button(page, "Пусть проверит мой браузер").click()
        expect(page.get_by_text("Готово, код не нужен.")).to_be_visible(timeout=30_000)
        expect(page.get_by_label("Код с картинки или из записи")).to_be_hidden()
    else:
        _guess_wrong(page, person)
        page.get_by_label("Код с картинки или из записи").fill(_listen(page))
    _press(page, "Прислать ссылку")
    see(page, "Если эта почта у нас зарегистрирована, письмо уже в пути.")

    page.goto(_link(shop, person))
    page.get_by_label("Новый пароль").fill(NEW_PASSWORD)
    button(page, "Сохранить новый пароль").click()
    fill_sign_in(page, person.email, person.password)
    expect(page.get_by_role("alert")).to_contain_text("Проверьте раскладку и Caps Lock")
    fill_sign_in(page, person.email, NEW_PASSWORD)
    expect(title(page, re.compile("^Здравствуйте, Зоя"))).to_be_visible()

    elsewhere.goto("/my/")
    expect(title(elsewhere, "Личный кабинет")).to_be_visible()
    page.goto(_link(shop, person))
    expect(title(page, "Ссылка больше не действует")).to_be_visible()


def test_in_the_popup_the_browser_proves_it(people: People, shop: Shop) -> None:
    person = newcomer("Лука", "Ясенев")
    become_customer(people.page(), shop, person)
    page = people.page()
    page.goto("/catalog/")
    button(page, "Мой Озон").click()
    link(page, "Вход").click()
    popup = page.get_by_role("dialog")
    popup.get_by_label("Электронная почта").fill(person.email)
    popup.get_by_role("link", name="Не помню").click()
    expect(popup.get_by_role("heading", name="Восстановление доступа")).to_be_visible()
    expect(popup.get_by_label("Электронная почта")).to_have_value(person.email)
    popup.get_by_role("button", name="Пусть проверит мой браузер").click()
    expect(popup.get_by_text("Готово, код не нужен.")).to_be_visible(timeout=30_000)
    popup.locator(".btn--wide", has_text="Прислать ссылку").click()

    expect(popup.get_by_text("письмо уже в пути")).to_be_visible()
    assert page.url.endswith("/catalog/")
    assert _link(shop, person)


def _guess_wrong(page: Page, person: Person) -> None:
    """Give digits that aren't the code's: the e-mail stays, and the code is another one."""
    before, digits = page.locator("img.code__picture").get_attribute("src"), _listen(page)
    wrong = f"{(int(digits) + 1) % 100_000:05}"
    page.get_by_label("Код с картинки или из записи").fill(wrong)
    _press(page, "Прислать ссылку")
    expect(page.get_by_role("alert")).to_contain_text("Цифры не совпали. Вот новый код.")
    expect(page.get_by_label("Электронная почта")).to_have_value(person.email)
    assert page.locator("img.code__picture").get_attribute("src") != before


def _listen(page: Page) -> str:
    """The digits that the page's own recording says."""
    address = page.locator("audio").get_attribute("src")
    assert address
    answer = page.request.get(address)
    assert answer.ok, answer.status
    return heard(answer.body())


def _press(page: Page, name: str) -> None:
    page.locator("main form .btn--wide", has_text=name).click()


def _link(shop: Shop, person: Person) -> str:
    text = shop.letter(person.email, "Новый пароль")["Text"]
    found = re.search(r"http\S+/auth/recovery/password\S+", text)
    assert found, text
    return found[0]
