"""The shop as an app: installing, no network, and nothing left for the next person."""

import pathlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from e2e.conftest import ARGUMENTS, CHROMIUM, SCREENS, Shop
from e2e.steps import (
    become_customer,
    button,
    buy,
    link,
    newcomer,
    put_in_cart,
    see_in_cart,
    sign_in,
    title,
)

PENCILS = "Карандаши чернографитные «Липа», HB, 12 шт, оранжевые"
IN_CACHES = """async () => {
  let all = "";
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      all += request.url + " ";
      if (/text|json/.test(answer.headers.get("Content-Type"))) all += await answer.text();
    }
  }
  return all;
}"""


@pytest.fixture
def device(chromium: Browser, shop: Shop, tmp_path: pathlib.Path) -> Iterator[BrowserContext]:
    """A phone of somebody's own, whose back button brings pages back alive."""
    context = chromium.browser_type.launch_persistent_context(
        tmp_path,
        executable_path=CHROMIUM,
        args=ARGUMENTS,
        ignore_default_args=["--disable-back-forward-cache"],
        base_url=shop.url,
        locale="ru-RU",
        reduced_motion="reduce",
        **SCREENS["phone"],
    )
    context.set_default_timeout(10_000)
    yield context
    context.close()


def test_the_shop_can_be_installed_and_opens_without_a_network(device: BrowserContext) -> None:
    page = device.new_page()
    page.goto("/")
    _wait_for_worker(page)
    page.goto("/")

    tools = device.new_cdp_session(page)
    assert tools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    manifest = tools.send("Page.getAppManifest")
    assert manifest["errors"] == []

    page.goto("/catalog/")
    page.wait_for_function("async () => Boolean(await caches.match('/catalog/'))")
    device.set_offline(True)
    page.goto("/catalog/")
    expect(title(page, "Каталог")).to_be_visible()
    page.goto("/my/orders/")
    expect(title(page, "Нет сети")).to_be_visible()
    device.set_offline(False)
    link(page, "Попробовать снова").click()
    expect(title(page, "Личный кабинет")).to_be_visible()


def test_what_is_put_in_the_cart_without_a_network_gets_there(device: BrowserContext) -> None:
    page = device.new_page()
    put_in_cart(page, PENCILS)
    _wait_for_worker(page)
    page.reload()

    device.set_offline(True)
    button(page, "Добавить ещё одну").first.click()
    expect(page.get_by_text("Положим в корзину, как только связь вернётся")).to_be_visible()
    device.set_offline(False)
    see_in_cart(page, 2)


def test_nothing_private_stays_for_the_next_person(device: BrowserContext, shop: Shop) -> None:
    page, person = device.new_page(), newcomer("Аполлинария", "Неповторимая")
    become_customer(page, shop, person)
    _wait_for_worker(page)
    number, who = buy(page, PENCILS), (person.given, person.family, person.email)
    page.goto("/my/")
    page.goto(f"/my/orders/{number}")
    page.goto("/my/profile/")
    expect(page.get_by_label("Фамилия", exact=True)).to_have_value(person.family)

    button(page, "Выйти").click()
    expect(link(page, "Каталог").first).to_be_visible()
    _expect_no_trace(page, number, *who)
    for _ in range(3):
        page.evaluate("() => history.back()")
        expect(page.get_by_role("banner")).to_be_visible()
        _expect_no_trace(page, number, *who)

    sign_in(page, "anna@example.ru", "parol-anna-1")
    page.goto("/my/orders/")
    _expect_no_trace(page, number, *who)


def _wait_for_worker(page: Page) -> None:
    page.wait_for_function("async () => Boolean((await navigator.serviceWorker.ready).active)")


def _expect_no_trace(page: Page, number: str, *words: str) -> None:
    """Nothing in sight, in the page or in what the browser keeps; an address may hold the number."""
    for word in (number, *words):
        expect(page.get_by_text(word)).to_have_count(0)
    kept = page.evaluate(IN_CACHES)
    assert [word for word in (number, *words) if word in kept] == []
    assert [word for word in words if word in page.content()] == []
