"""Personal data: a new surname is in the next letter; a recipient is chosen, and the owner stays the owner."""

from playwright.sync_api import Page, expect

from e2e.conftest import People, Shop
from e2e.steps import (
    become_customer,
    button,
    fill_checkout,
    newcomer,
    number_at_bank,
    put_in_cart,
    see,
    title,
)

PEN = "Ручка шариковая «Капитан», латунь, синяя с золотистым клипом"
OTHER = "Соснова-Ли Ю"


def test_a_new_surname_is_in_the_next_letter(people: People, shop: Shop) -> None:
    person = newcomer("Дарья", "Секретова")
    page = people.page("phone")
    become_customer(page, shop, person)
    page.goto("/my/profile/")
    page.get_by_label("Фамилия").fill("О'Коннор-Ёлкина")
    page.get_by_label("Отчество").fill("Ильинична")
    page.get_by_label("По имени и отчеству").check()
    see(page, "Здравствуйте, Дарья Ильинична!")
    button(page, "Сохранить").click()
    see(page, "Сохранено.")
    expect(page.get_by_role("heading", name="Прежние имена")).to_be_visible()
    see(page, "Секретова Дарья")

    put_in_cart(page, PEN)
    page.goto("/checkout/")
    expect(page.get_by_label("Фамилия и имя")).to_have_value("О'Коннор-Ёлкина Дарья")
    fill_checkout(page, "О'Коннор-Ёлкина Дарья Ильинична")
    button(page, "Заказать и оплатить").click()
    number = number_at_bank(page)
    letter = shop.letter(person.email, number)["Text"]
    assert "Здравствуйте, Дарья Ильинична!" in letter
    assert "О'Коннор-Ёлкина" in letter


def test_without_script_a_button_shows_how_letters_begin(people: People, shop: Shop) -> None:
    page = people.page(script=False)
    become_customer(page, shop, newcomer("Игорь", "Грачёв"))
    page.goto("/my/profile/")
    page.get_by_label("Отчество").fill("Валерьянович")
    page.get_by_label("По имени и отчеству").check()

    button(page, "Показать, как начнутся письма").click()

    see(page, "Здравствуйте, Игорь Валерьянович!")
    expect(page.get_by_label("Отчество")).to_have_value("Валерьянович")
    page.goto("/my/")
    expect(title(page, "Здравствуйте, Игорь!")).to_be_visible()


def test_a_recipient_is_remembered_and_the_owner_stays_the_owner(
    people: People, shop: Shop, script: bool
) -> None:
    person = newcomer("Нина", "Калинина")
    page = people.page(script=script)
    become_customer(page, shop, person)
    _order_for_other(page)

    put_in_cart(page, PEN)
    page.goto("/checkout/")
    page.get_by_role("radio", name=OTHER).check()
    page.get_by_label("Улица, дом, квартира").fill("Тверская, 7, кв. 12")
    button(page, "Заказать и оплатить").click()
    letter = shop.letter(person.email, number_at_bank(page))["Text"]
    assert OTHER in letter
    assert "Здравствуйте, Нина!" in letter

    page.goto("/my/profile/")
    expect(page.get_by_label("Фамилия")).to_have_value("Калинина")
    expect(page.get_by_label("Имя", exact=True)).to_have_value("Нина")
    page.goto("/my/recipients/")
    see(page, OTHER)


def _order_for_other(page: Page) -> None:
    put_in_cart(page, PEN)
    page.goto("/checkout/")
    fill_checkout(page, OTHER)
    page.get_by_label("Запомнить получателя").check()
    button(page, "Заказать и оплатить").click()
    number_at_bank(page)
