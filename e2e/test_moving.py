"""An account moves: to another mailbox and back again, and to another person."""

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
    open_product,
    see,
    sign_in,
    title,
)

YARN = "Пряжа шерстяная «Зимовье», меринос, синяя, 100 г, 220 м"
NEW_PASSWORD = "семь пятниц на неделе"


def test_the_new_mailbox_confirms_and_the_old_one_takes_it_back(
    people: People, shop: Shop, screen: str, script: bool
) -> None:
    person, new_email = newcomer("Фёдор", "Колесов"), newcomer().email
    home = people.page(screen, script=script)
    become_customer(home, shop, person)
    home.goto("/my/security/")
    link(home, "Сменить адрес").click()
    home.get_by_label("Новая почта").fill(f" {new_email.upper()} ")
    button(home, "Отправить письмо").click()
    expect(home.get_by_role("heading", name="Ждём новую почту")).to_be_visible()

    # The letter is read on another device, where nobody is signed in.
    elsewhere = people.page("phone", script=script)
    elsewhere.goto(_link_in(shop, new_email, "Подтвердите новую почту"))
    button(elsewhere, "Подтвердить почту").click()
    see(elsewhere, "Почта изменена")
    home.goto("/my/")
    expect(title(home, "Личный кабинет")).to_be_visible()
    fill_sign_in(home, person.email, person.password)
    see(home, "Не получилось войти")
    sign_in(home, new_email, person.password)

    old_mailbox = people.page("phone", script=script)
    old_mailbox.goto(_link_in(shop, person.email, "Почта изменена"))
    old_mailbox.get_by_label("Новый пароль").fill("qwerty123")
    button(old_mailbox, "Вернуть почту").click()
    see(old_mailbox, "Почта ещё не вернулась")
    old_mailbox.get_by_label("Новый пароль").fill(NEW_PASSWORD)
    button(old_mailbox, "Вернуть почту").click()
    see(old_mailbox, "Прежняя почта вернулась")

    home.goto("/my/")
    expect(title(home, "Личный кабинет")).to_be_visible()
    fill_sign_in(home, new_email, person.password)
    see(home, "Не получилось войти")
    sign_in(old_mailbox, person.email, NEW_PASSWORD)
    assert "вернулась" in shop.letter(new_email, "Прежняя почта вернулась")["Subject"]


def test_the_old_mailbox_stops_a_change_it_did_not_ask_for(people: People, shop: Shop) -> None:
    person, thief = newcomer("Зоя", "Ключникова"), newcomer().email
    home = people.page("desktop")
    become_customer(home, shop, person)
    home.goto("/my/security/email")
    home.get_by_label("Новая почта").fill(thief)
    button(home, "Отправить письмо").click()
    confirmation = _link_in(shop, thief, "Подтвердите новую почту")

    old_mailbox = people.page("phone", script=False)
    old_mailbox.goto(_link_in(shop, person.email, "Вашу почту хотят сменить"))
    button(old_mailbox, "Отменить смену").click()
    expect(title(old_mailbox, "Смена почты отменена")).to_be_visible()

    stranger = people.page("phone")
    stranger.goto(confirmation)
    expect(title(stranger, "Ссылка больше не действует")).to_be_visible()
    home.goto("/my/security/email")
    expect(home.get_by_role("heading", name="Ждём новую почту")).to_have_count(0)


def test_a_mothers_account_becomes_her_daughters(
    people: People, shop: Shop, screen: str, script: bool
) -> None:
    mother, daughter = newcomer("Раиса", "Лебедева"), newcomer("Ульяна", "Лебедева-Штерн")
    home = people.page(screen, script=script)
    become_customer(home, shop, mother)
    open_product(home, YARN)
    button(home, f"В избранное {YARN}").click()
    expect(button(home, f"В избранное {YARN}")).to_have_attribute("aria-pressed", "true")
    home.goto("/my/security/")
    link(home, "Передать аккаунт другому человеку").click()
    home.get_by_label("Почта нового владельца").fill(daughter.email)
    button(home, "Отправить письма нам обоим").click()
    expect(home.get_by_role("heading", name="Ждём вас обоих")).to_be_visible()

    home.goto(_link_in(shop, mother.email, "Передать ваш аккаунт?"))
    button(home, "Передать аккаунт").click()
    see(home, "Вы подтвердили.")

    hers = people.page("phone", script=script)
    hers.goto(_link_in(shop, daughter.email, "Вам передают аккаунт"))
    _take_over(hers, daughter)
    expect(title(hers, "Аккаунт передан")).to_be_visible()

    home.goto("/my/")
    expect(title(home, "Личный кабинет")).to_be_visible()
    fill_sign_in(home, mother.email, mother.password)
    see(home, "Не получилось войти")
    sign_in(hers, daughter.email, NEW_PASSWORD)
    expect(title(hers, f"Здравствуйте, {daughter.given}!")).to_be_visible()
    hers.goto("/favorites/")
    see(hers, YARN)
    assert "Аккаунт теперь ваш" in shop.letter(daughter.email, "Аккаунт передан")["Text"]
    assert "новому владельцу" in shop.letter(mother.email, "Аккаунт передан")["Text"]


def _take_over(page: Page, person: Person) -> None:
    """Say who the new owner is; the consent is forgotten at first, and nothing written is lost."""
    page.get_by_label("Фамилия").fill(person.family)
    page.get_by_label("Имя", exact=True).fill(person.given)
    page.get_by_label("Пароль", exact=True).fill(NEW_PASSWORD)
    button(page, "Принять аккаунт себе").click()
    see(page, "Без вашего согласия")
    page.get_by_label("Пароль", exact=True).fill(NEW_PASSWORD)
    page.get_by_role("checkbox", name=re.compile("обработку персональных данных")).check()
    button(page, "Принять аккаунт себе").click()


def _link_in(shop: Shop, to: str, subject: str) -> str:
    text = shop.letter(to, subject)["Text"]
    found = re.search(r"http\S+/auth/(?:email|handover)/\S+", text)
    assert found, text
    return found[0]
