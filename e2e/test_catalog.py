"""Walking along the shelves."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import People, Shop
from e2e.steps import button, link, see, title

both_ways = pytest.mark.parametrize(
    ("screen", "script"), [("desktop", True), ("phone", False)], ids=["desktop", "phone-no-script"]
)


@both_ways
def test_sorting_turning_pages_and_going_back(people: People, screen: str, script: bool) -> None:
    page = people.page(screen, script=script)
    page.goto("/")
    link(page, "Каталог").click()
    page.get_by_role("main").get_by_role("link", name="Электроника", exact=True).click()
    expect(title(page, "Электроника")).to_be_visible()

    page.get_by_label("Порядок товаров").select_option("Сначала дешёвые")
    if not script:
        button(page, "Упорядочить").click()
    page.wait_for_url(re.compile("sort=cheap"))
    cheap = _prices(page)
    assert cheap == sorted(cheap)

    link(page, "Страница 2").click()
    page.wait_for_url(re.compile("page=2"))
    assert _prices(page)[0] >= cheap[-1]
    page.go_back()
    expect(page.get_by_label("Порядок товаров")).to_have_value("cheap")
    assert _prices(page) == cheap


@both_ways
def test_the_town_changes_what_is_promised(people: People, screen: str, script: bool) -> None:
    page = people.page(screen, script=script)
    page.goto("/catalog/knigi/")
    page.get_by_role("main").get_by_role("heading", level=2).get_by_role("link").first.click()
    see(page, "Москва.")
    link(page, "Другой город").click()
    page.get_by_label("Город", exact=True).fill("владивост")
    if not script:
        page.get_by_label("Город", exact=True).press("Enter")
    button(page, re.compile("^Владивосток")).click()

    see(page, "Владивосток.")
    if screen == "desktop":
        expect(page.get_by_role("navigation", name="Служебные ссылки")).to_contain_text(
            "Владивосток"
        )


def test_no_link_on_a_strangers_way_is_broken(people: People, shop: Shop) -> None:
    page = people.page()
    ways, seen = ("/", "/catalog/", "/cart/", "/auth/login", "/help/", "/search?q=чай"), set()
    for address in ways:
        page.goto(address)
        found = page.get_by_role("link", include_hidden=True).evaluate_all(
            "links => links.map(link => link.href)"
        )
        seen |= {url.partition("#")[0] for url in found if url.startswith(shop.url)}
    broken = [url for url in sorted(seen) if page.request.get(url).status >= 400]
    assert broken == []


def _prices(page: Page) -> list[int]:
    texts = page.get_by_role("main").get_by_role("listitem").get_by_text(re.compile(r"^[\d\s]+₽$"))
    return [int(re.sub(r"\D", "", text)) for text in texts.all_inner_texts()]
