"""One's data in a file, and leaving with a month to think."""

import json
import pathlib
import zipfile

from playwright.sync_api import Page, expect

from e2e.conftest import People, Shop
from e2e.steps import become_customer, button, buy, link, newcomer, see, title

PEN = "Ручка шариковая «Капитан», латунь, синяя с золотистым клипом"


def test_everything_the_shop_knows_comes_in_one_file(
    people: People, shop: Shop, tmp_path: pathlib.Path
) -> None:
    person = newcomer("Фёкла", "Журавлёва")
    page = people.page()
    become_customer(page, shop, person)
    number = buy(page, PEN)

    page.goto("/my/security/")
    link(page, "Данные и удаление").click()
    button(page, "Подготовить копию").click()
    see(page, "Готовим копию.")
    assert "/my/security/data" in shop.letter(person.email, "Копия ваших данных")["Text"]
    page.goto("/my/security/data")
    with page.expect_download() as found:
        button(page, "Скачать копию").click()
    found.value.save_as(tmp_path / "data.zip")

    with zipfile.ZipFile(tmp_path / "data.zip") as copy:
        told = json.loads(copy.read("data.json"))
        readable = copy.read("index.html").decode()
    assert told["account"][0]["family_name"] == "Журавлёва"
    assert [order["number"] for order in told["orders"]] == [number]
    for words in (number, "Журавлёва", person.email, PEN):
        assert words in readable


def test_who_asked_to_be_forgotten_may_think_better_of_it(
    people: People, shop: Shop, screen: str, script: bool
) -> None:
    person = newcomer("Тихон", "Ветлугин")
    page = people.page(screen, script=script)
    become_customer(page, shop, person)
    page.goto("/my/security/farewell")
    button(page, "Удалить аккаунт").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("checkbox").check()
    button(page, "Удалить аккаунт").click()
    assert "Передумать" in shop.letter(person.email, "Ваш аккаунт будет удалён")["Text"]

    page.goto("/catalog/")
    expect(_banner(page)).to_be_visible()
    button(page, "Передумать").first.click()
    expect(_banner(page)).to_have_count(0)
    page.goto("/my/")
    expect(title(page, "Здравствуйте, Тихон!")).to_be_visible()
    expect(_banner(page)).to_have_count(0)


def _banner(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_text("Аккаунт будет удалён")
