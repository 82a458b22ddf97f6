"""Passkeys with Chromium's own virtual authenticator: adding one, coming in with it, and when it is gone."""

import re

from playwright.sync_api import CDPSession, Page, expect

from e2e.conftest import People, Shop
from e2e.steps import (
    become_customer,
    button,
    fill_sign_in,
    link,
    newcomer,
    open_product,
    put_in_cart,
    see,
    see_in_cart,
    title,
)

PEN = "Ручка шариковая «Капитан», латунь, синяя с золотистым клипом"
YARN = "Пряжа шерстяная «Зимовье», меринос, синяя, 100 г, 220 м"
DEVICE = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    # Nobody puts a finger on it until the person presses a button, or takes the suggestion.
    "automaticPresenceSimulation": False,
}
NO_SUGGESTIONS = "PublicKeyCredential.isConditionalMediationAvailable = async () => false"


class Finger:
    """The person's finger on the device's reader."""

    def __init__(self, page: Page, *, suggested: bool = False) -> None:
        if not suggested:  # A finger in a test is quicker than any button beside the suggestion.
            page.add_init_script(NO_SUGGESTIONS)
        self.device: CDPSession = page.context.new_cdp_session(page)
        self.device.send("WebAuthn.enable")
        made = self.device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        self.number = made["authenticatorId"]

    def __enter__(self) -> None:
        self._touch(True)

    def __exit__(self, *_fault: object) -> None:
        self._touch(False)

    def _touch(self, yes: bool) -> None:
        what = {"authenticatorId": self.number, "enabled": yes}
        self.device.send("WebAuthn.setAutomaticPresenceSimulation", what)

    def keys(self) -> int:
        found = self.device.send("WebAuthn.getCredentials", {"authenticatorId": self.number})
        return len(found["credentials"])


def test_a_key_is_added_opens_the_shop_from_the_popup_and_when_removed_opens_nothing(
    people: People, shop: Shop
) -> None:
    person, page = newcomer("Игнат", "Озёрный"), people.page(base_url=shop.named_url)
    finger = Finger(page)
    become_customer(page, shop, person)
    put_in_cart(page, YARN)
    _add_key(page, finger)
    assert finger.keys() == 1
    shop.letter(person.email, "К аккаунту добавлен ключ доступа")
    _sign_out(page)

    put_in_cart(page, PEN)
    address = page.url
    page.evaluate("() => { window.marked = true }")
    button(page, "Мой Озон").click()
    link(page, "Вход").click()
    popup = page.get_by_role("dialog")
    expect(popup.get_by_label("Электронная почта")).to_be_focused()
    with finger:
        button(page, "Войти с ключом доступа").click()
        expect(popup).to_be_hidden()
    see_in_cart(page, 2)
    assert page.url == address
    assert page.evaluate("() => window.marked === true"), "the page was loaded anew"

    _remove_key(page)
    shop.letter(person.email, "Из аккаунта удалён ключ доступа")
    _sign_out(page)
    page.goto("/auth/login")
    with finger:
        button(page, "Войти с ключом доступа").click()
        expect(page.get_by_role("alert")).to_contain_text("здесь ничего не открывает")
    assert finger.keys() == 1  # The device has it still.
    page.goto("/my/")
    expect(title(page, "Личный кабинет")).to_be_visible()


def test_the_field_for_e_mail_suggests_the_key_and_a_second_one_isnt_made(
    people: People, shop: Shop
) -> None:
    person, page = newcomer(), people.page("phone", base_url=shop.named_url)
    finger = Finger(page, suggested=True)
    become_customer(page, shop, person)
    _add_key(page, finger)
    with finger:
        button(page, "Создать ключ доступа").click()
        see(page, "На этом устройстве уже есть ключ вашего аккаунта.")
    _sign_out(page)

    with finger:  # As if the person took what the field suggests: no button is pressed.
        page.goto("/auth/login?next=/favorites/")
        expect(title(page, "Избранное")).to_be_visible()


def test_who_has_no_key_at_hand_is_told_so_and_signs_in_by_password(
    people: People, shop: Shop
) -> None:
    person, page = newcomer(), people.page(base_url=shop.named_url)
    become_customer(people.page(), shop, person)
    finger = Finger(page, suggested=True)
    open_product(page, PEN)
    button(page, "Мой Озон").click()
    link(page, "Вход").click()
    page.get_by_label("Электронная почта").fill(person.email)
    with finger:
        button(page, "Войти с ключом доступа").click()
        popup = page.get_by_role("dialog")
        expect(popup.get_by_text("Ключ доступа не показан.")).to_be_visible()
    expect(page.get_by_label("Электронная почта")).to_have_value(person.email)
    fill_sign_in(page, person.email, person.password)
    expect(popup).to_be_hidden()


def test_by_number_or_without_scripts_nothing_of_it_is_shown(people: People, shop: Shop) -> None:
    for page in (people.page(), people.page(base_url=shop.named_url, script=False)):
        page.goto("/auth/login")
        expect(button(page, "Войти")).to_be_visible()
        expect(button(page, "Войти с ключом доступа")).to_be_hidden()


def _add_key(page: Page, finger: Finger) -> None:
    page.goto("/my/security/passkeys/")
    expect(page.get_by_label("Как назвать ключ")).to_have_value(re.compile("Chrome"))
    page.get_by_label("Как назвать ключ").fill("Мой ноутбук")
    with finger:
        button(page, "Создать ключ доступа").click()
        see(page, "Ключ доступа добавлен")
    see(page, "Мой ноутбук")


def _remove_key(page: Page) -> None:
    page.goto("/my/security/passkeys/")
    see(page, "последний вход")
    page.locator("summary", has_text="Удалить").click()
    button(page, "Да, удалить").click()
    see(page, "Ключ доступа удалён")


def _sign_out(page: Page) -> None:
    page.goto("/my/")
    button(page, "Выйти").first.click()
    expect(title(page, "Личный кабинет")).to_be_hidden()
    page.goto("/my/")
    expect(title(page, "Личный кабинет")).to_be_visible()
