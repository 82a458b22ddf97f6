"""The mailbox is lost too: two employees and 72 hours lead to a new one, and «Это не я» stops it."""

import re
import sqlite3

from playwright.sync_api import expect

from e2e.conftest import People, Shop
from e2e.steps import (
    Person,
    ask_for_new_mailbox,
    become_customer,
    button,
    buy,
    fill_sign_in,
    link,
    newcomer,
    pay,
    see,
    sign_in,
    title,
)

YARN = "Пряжа шерстяная «Зимовье», меринос, синяя, 100 г, 220 м"
VERA = ("staff@example.ru", "parol-staff-1")
OLGA = ("olga@example.ru", "parol-olga-1")
NEW_PASSWORD = "семь пятниц на неделе"


def test_two_employees_and_72_hours_lead_to_a_new_mailbox(people: People, shop: Shop) -> None:
    person, new_email = newcomer("Алёна", "Семёнова"), newcomer().email
    home = people.page("desktop")
    become_customer(home, shop, person)
    order = buy(home, YARN)
    pay(home)

    number = ask_for_new_mailbox(people.page("phone", script=False), person, new_email, order)
    assert number in shop.letter(new_email, "принята")["Text"]
    assert shop.letters(person.email, "другую почту") == 0
    _approve_twice(people, number, person)

    assert "Это не я" in shop.letter(person.email, "просят перевести")["Text"]
    home.goto("/catalog/")
    expect(home.get_by_role("region", name="Аккаунт скоро переведут")).to_be_visible()

    _let_72_hours_pass(shop, number)
    stranger = people.page("phone")
    stranger.goto(_link_in(shop, new_email, "Остался один шаг"))
    stranger.get_by_label("Новый пароль").fill(NEW_PASSWORD)
    button(stranger, "Перевести аккаунт").click()
    see(stranger, "Аккаунт переведён")

    fill_sign_in(stranger, person.email, person.password)
    see(stranger, "Не получилось войти")
    stranger.goto("/auth/login?next=/my/orders/")
    fill_sign_in(stranger, new_email, NEW_PASSWORD)
    expect(link(stranger, re.compile(order)).first).to_be_visible()
    home.goto("/my/")
    expect(home).to_have_url(re.compile("/auth/login"))
    assert "переведён" in shop.letter(person.email, "переведён на другую почту")["Text"]


def test_it_isnt_me_from_the_old_mailbox_stops_it(people: People, shop: Shop) -> None:
    person, thief = newcomer("Пётр", "Звонков"), newcomer().email
    home = people.page("desktop")
    become_customer(home, shop, person)
    number = ask_for_new_mailbox(people.page("desktop"), person, thief, "")
    _approve_twice(people, number, person)

    elsewhere = people.page("phone", script=False)
    elsewhere.goto(_link_in(shop, person.email, "просят перевести"))
    button(elsewhere, "Это не я").click()
    expect(title(elsewhere, "Перевод остановлен")).to_be_visible()

    home.goto("/")
    expect(home.get_by_role("region", name="Аккаунт скоро переведут")).to_have_count(0)
    assert "остаётся" in shop.letter(person.email, "остановлен")["Text"]
    assert "Сведений не хватило" in shop.letter(thief, "отказ")["Text"]
    sign_in(people.page("phone"), person.email, person.password)


def _approve_twice(people: People, number: str, person: Person) -> None:
    """Both employees, each in a browser of their own; the first one opens the data."""
    vera, olga = people.page("desktop"), people.page("phone")
    sign_in(vera, *VERA)
    vera.goto("/staff/recovery/")
    link(vera, number).click()
    expect(vera.get_by_role("cell", name=person.email)).to_have_count(1)
    button(vera, "Открыть данные").click()
    expect(vera.get_by_role("cell", name=person.email)).to_have_count(2)
    button(vera, "Подтвердить: это владелец").click()
    see(vera, "Второе согласие даёт коллега")
    sign_in(olga, *OLGA)
    olga.goto(f"/staff/recovery/{number}")
    expect(olga.get_by_role("cell", name=person.email)).to_have_count(1)
    button(olga, "Подтвердить: это владелец").click()
    see(olga, "Ждёт 72 часа")


def _let_72_hours_pass(shop: Shop, number: str) -> None:
    """Set the clock of this one request forward; the worker looks at it within a quarter of a minute."""
    with sqlite3.connect(shop.folder / "shop.db", timeout=20) as connection:
        connection.execute(
            "UPDATE lost_mailbox SET waits_until = datetime('now', '-1 minute') || '.000000' WHERE number = ?",
            (number,),
        )


def _link_in(shop: Shop, to: str, subject: str) -> str:
    text = shop.letter(to, subject, within=60)["Text"]
    found = re.search(r"http\S+/auth/lost-mailbox/\S+", text)
    assert found, text
    return found[0]
