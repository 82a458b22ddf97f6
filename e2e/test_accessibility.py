"""Every page of the way, for everybody: WCAG 2.2 AA by axe, and no sideways scrolling at 320."""

from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from e2e.conftest import People, Shop
from e2e.steps import ask_for_new_mailbox, become_customer, buy, newcomer, put_in_cart, sign_in

JAR = "Банка для сыпучих «Кладовая», стекло, 1000 мл, голубая крышка"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
STRANGERS = (
    "/",
    "/catalog/",
    "/catalog/elektronika/",
    "/cart/",
    "/auth/login",
    "/auth/register",
    "/auth/confirmation",
    "/auth/lost-mailbox",
    "/auth/recovery",
    "/certificates/",
    "/returns/find",
    "/delivery/place",
    "/help/order",
    "/legal/offer",
    "/offline",
    "/search?q=ничего-такого",
    "/nothing-here",
)
CUSTOMERS = (
    "/search?q=кружка",
    "/my/",
    "/my/orders/",
    "/my/profile/",
    "/my/recipients/",
    "/my/certificates/",
    "/my/certificates/statement",
    "/my/points/",
    "/my/returns/",
    "/help/points",
    "/my/security/",
    "/my/security/email",
    "/my/security/log",
    "/favorites/",
    "/cart/",
    "/checkout/",
)
DESKS = (
    "/staff/",
    "/staff/audit/",
    "/staff/certificates/",
    "/staff/orders/",
    "/staff/payments/",
    "/staff/payouts/",
    "/staff/promotions/",
    "/staff/recovery/",
    "/staff/recovery/entry",
    "/staff/returns/",
)


@pytest.fixture(scope="module")
def signed_in(chromium: Browser, shop: Shop) -> dict[str, Any]:
    """A customer with an order and two things in the cart; whose pages there are to see."""
    people = People(chromium, shop, "accessibility")
    page, person = people.page(), newcomer()
    become_customer(page, shop, person)
    number = buy(page, JAR)
    put_in_cart(page, JAR)
    state = page.context.storage_state()
    product = page.url.removeprefix(shop.url)
    asked = ask_for_new_mailbox(people.page(), person, newcomer().email, number)
    desk = people.page()
    sign_in(desk, "owner@example.ru", "parol-owner-1")
    at_desk = desk.context.storage_state()
    people.leave(failed=False)
    pages = (
        *CUSTOMERS,
        product,
        f"/my/orders/{number}",
        f"/my/orders/{number}/payment",
        f"/my/orders/{number}/cancellation",
    )
    at_work = (*DESKS, f"/staff/orders/{number}", f"/staff/recovery/{asked}")
    return {
        "ways": (
            (None, STRANGERS),
            (state, pages),
            (at_desk, at_work),
        )
    }


def test_axe_finds_nothing(people: People, signed_in: dict[str, Any], screen: str) -> None:
    found = []
    for state, addresses in signed_in["ways"]:
        page = people.page(screen, storage_state=state)
        for address in addresses:
            page.goto(address)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                found += [f"{address}, {scheme}: {fault}" for fault in _faults(page)]
    assert found == []


def test_nothing_sticks_out_at_320(people: People, signed_in: dict[str, Any]) -> None:
    wide = []
    for state, addresses in signed_in["ways"]:
        small = {"width": 320, "height": 640}
        page = people.page("phone", viewport=small, storage_state=state)
        for address in addresses:
            page.goto(address)
            if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
                wide.append(address)
    assert wide == []


def _faults(page: Page) -> list[str]:
    answer = Axe().run(page, options=RULES)
    return [
        f"{fault['id']} {' '.join(node['html'].split())[:160]}"
        for fault in answer.response["violations"]
        for node in fault["nodes"][:3]
    ]
