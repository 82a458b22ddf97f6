"""The second language, and back."""

from playwright.sync_api import expect

from e2e.conftest import People
from e2e.steps import button, title


def test_to_english_and_back(people: People, script: bool) -> None:
    page = people.page(script=script)
    page.goto("/catalog/")
    button(page, "In English").click()
    expect(title(page, "Catalog")).to_be_visible()
    page.goto("/cart/")
    expect(page.get_by_role("heading", name="The cart is empty")).to_be_visible()
    button(page, "По-русски").click()
    expect(page.get_by_role("heading", name="Корзина пуста")).to_be_visible()
