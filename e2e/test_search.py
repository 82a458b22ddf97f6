"""Finding things by words, however they are typed."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import People
from e2e.steps import link, see, title

MUG = "Кружка «Утренняя», фаянс, 350 мл, сиреневая, с широкой ручкой"


def test_suggestions_come_as_one_types_and_the_keyboard_walks_them(people: People) -> None:
    page = people.page()
    page.goto("/")
    field = page.get_by_label("Поиск товаров")

    field.press_sequentially("круж", delay=40)
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("Escape")
    expect(options.first).to_be_hidden()
    field.press("ArrowDown")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_have_count(1)
    expect(chosen).to_contain_text(re.compile("круж", re.IGNORECASE))
    field.press("Enter")
    expect(title(page, re.compile("круж", re.IGNORECASE))).to_be_visible()


@pytest.mark.parametrize(
    "words",
    ["кружка утренняя", "КРУЖКИ УТРЕННИЕ", "rhe;rf enhtyyzz", "кружка утреняя", "крушка утренняя"],
    ids=["plain", "another form", "wrong layout", "one n", "a typo"],
)
def test_what_was_meant_is_found(people: People, words: str) -> None:
    page = people.page("phone")
    _look_for(page, words)

    expect(page.get_by_role("main").get_by_role("link", name=MUG)).to_be_visible()


def test_nothing_found_offers_what_is_near(people: People, script: bool) -> None:
    page = people.page(script=script)
    _look_for(page, "щшгнекуцй ыъыъ")

    see(page, "Точных совпадений нет")
    page.get_by_role("main").get_by_role("link", name=re.compile("^Кухня и посуда")).click()
    expect(title(page, "Кухня и посуда")).to_be_visible()


def test_an_article_leads_to_its_product(people: People) -> None:
    page = people.page(script=False)
    _look_for(page, "кружка утренняя")
    link(page, MUG).click()
    article = page.get_by_text(re.compile("Артикул")).first.inner_text().rpartition(" ")[2]

    _look_for(page, article)

    link(page, MUG).click()
    expect(title(page, MUG)).to_be_visible()


def _look_for(page: Page, words: str) -> None:
    page.goto("/")
    page.get_by_label("Поиск товаров").fill(words)
    page.get_by_label("Поиск товаров").press("Enter")
    expect(title(page, f"Поиск: «{words}»")).to_be_visible()
