"""The cart: it answers at once, and the way to the checkout is always in sight."""

import re

from playwright.sync_api import Page, expect

from e2e.conftest import People
from e2e.steps import button, held_down, link, put_in_cart, see, see_in_cart, slowly, title

JAR = "Банка для сыпучих «Кладовая», стекло, 1000 мл, голубая крышка"
KNIFE = "Нож для овощей «Острогор Малый», 9 см, рукоять из граба"
LADDER = "Стремянка"


def test_quantities_sums_and_removal_are_live(people: People, screen: str) -> None:
    page = people.page(screen)
    put_in_cart(page, JAR)
    put_in_cart(page, KNIFE)
    link(page, re.compile("^Корзина")).click()
    page.evaluate("() => { window.marked = true }")
    see(page, "Все товары поедут одной посылкой")
    how_many = page.get_by_role("group", name=f"Количество: {JAR}")

    how_many.get_by_role("button", name="Добавить ещё одну").click()
    expect(how_many.get_by_label("Сколько")).to_have_value("2")
    see_in_cart(page, 3)
    _see_sum(page, "Товары, 3 шт.", 2 * 590 + 1290)
    how_many.get_by_label("Сколько").fill("4")
    how_many.get_by_label("Сколько").press("Enter")
    _see_sum(page, "Товары, 5 шт.", 4 * 590 + 1290)

    button(page, f"Удалить: {JAR}").click()
    see(page, f"Убрали: {JAR}")
    see_in_cart(page, 1)
    button(page, "Вернуть").click()
    see_in_cart(page, 5)
    expect(how_many.get_by_label("Сколько")).to_have_value("4")
    assert page.evaluate("() => window.marked"), "the page was loaded anew"


def test_the_same_without_javascript(people: People) -> None:
    page = people.page("phone", script=False)
    put_in_cart(page, JAR)
    link(page, re.compile("^Корзина")).click()
    how_many = page.get_by_role("group", name=f"Количество: {JAR}")
    how_many.get_by_role("button", name="Добавить ещё одну").click()
    see_in_cart(page, 2)
    button(page, f"Удалить: {JAR}").click()
    expect(page.get_by_role("heading", name="Корзина пуста")).to_be_visible()
    button(page, "Вернуть").click()
    see_in_cart(page, 2)


def test_what_cannot_travel_together_is_said(people: People) -> None:
    page = people.page()
    put_in_cart(page, JAR)
    _put_first_in_cart(page, LADDER)
    link(page, re.compile("^Корзина")).click()

    see(page, "приедут двумя посылками")
    see(page, "Посылка 1 из 2")
    see(page, "Крупный товар едет отдельно")


def test_nothing_ticked_says_what_to_do(people: People, script: bool) -> None:
    page = people.page("phone", script=script)
    put_in_cart(page, JAR)
    link(page, re.compile("^Корзина")).click()
    page.get_by_role("checkbox", name=f"Заказать: {JAR}").click()
    see(page, re.compile("^Ничего не отмечено. Отметьте"))
    link(page, "Перейти к оформлению").click()
    see(page, re.compile("^Ничего не отмечено. Отметьте"))
    page.get_by_role("checkbox", name=f"Заказать: {JAR}").click()
    link(page, "Перейти к оформлению").click()
    expect(title(page, "Личный кабинет")).to_be_visible()


def test_whoever_goes_on_before_the_answer_takes_the_change_along(people: People) -> None:
    page = people.page("phone")
    put_in_cart(page, JAR)
    page.goto("/cart/")
    tick = page.get_by_role("checkbox", name=f"Заказать: {JAR}")
    tick.click()
    see(page, re.compile("^Ничего не отмечено. Отметьте"))
    page.route("**/tick", slowly)
    tick.click()
    link(page, "Перейти к оформлению").click()
    expect(title(page, "Личный кабинет")).to_be_visible()
    assert "/auth/" in page.url


def test_whoever_goes_on_is_kept_where_a_change_is_refused(people: People) -> None:
    page = people.page("phone")
    put_in_cart(page, JAR)
    page.goto("/cart/")
    page.route("**/cart/lines/*", slowly)
    page.get_by_label("Сколько").fill("много")
    link(page, "Перейти к оформлению").click()
    expect(page.get_by_role("main").get_by_role("alert")).to_be_visible()
    expect(link(page, "Перейти к оформлению")).not_to_have_class(re.compile("is-busy"))
    assert page.url.endswith("/cart/")


def test_a_press_is_not_lost_to_sums_that_change_under_it(people: People) -> None:
    page = people.page()
    put_in_cart(page, JAR)
    page.goto("/cart/")
    page.get_by_label("Сколько").fill("2")
    with held_down(page, link(page, "Перейти к оформлению")):
        _see_sum(page, "Товары, 2 шт.", 2 * 590)
    expect(title(page, "Личный кабинет")).to_be_visible()


def test_the_way_to_the_checkout_is_in_sight_on_the_smallest_phone(
    people: People, script: bool
) -> None:
    page = people.page("phone", script=script)
    put_in_cart(page, JAR)
    link(page, re.compile("^Корзина")).click()
    on_screen = link(page, "Перейти к оформлению")

    for _ in range(2):
        way, bar = on_screen.bounding_box(), _bar(page)
        assert way and way["x"] >= 0 and way["x"] + way["width"] <= 360
        assert way["height"] >= 44 and way["y"] + way["height"] <= bar["y"] <= 780
        page.mouse.wheel(0, 2000)


def test_the_keyboard_alone_reaches_the_checkout(people: People) -> None:
    page = people.page()
    put_in_cart(page, JAR)
    page.goto("/cart/")
    way = link(page, "Перейти к оформлению")
    for _ in range(40):
        page.keyboard.press("Tab")
        if way.evaluate("way => way === document.activeElement"):
            break
    expect(way).to_be_focused()
    page.keyboard.press("Enter")
    expect(title(page, "Личный кабинет")).to_be_visible()


def test_an_empty_cart_offers_the_catalog(people: People) -> None:
    page = people.page()
    page.goto("/cart/")
    expect(page.get_by_role("heading", name="Корзина пуста")).to_be_visible()
    link(page, "В каталог").click()
    expect(title(page, "Каталог")).to_be_visible()


def _put_first_in_cart(page: Page, words: str) -> None:
    page.goto("/")
    page.get_by_label("Поиск товаров").fill(words)
    page.get_by_label("Поиск товаров").press("Enter")
    button(page, re.compile("^В корзину")).first.click()
    see_in_cart(page, 2)


def _see_sum(page: Page, label: str, roubles: int) -> None:
    sum_of_goods = rf"{re.escape(label)}\s*" + r"\s*".join(f"{roubles}₽")
    expect(page.get_by_role("complementary", name="Ваш заказ")).to_contain_text(
        re.compile(sum_of_goods)
    )


def _bar(page: Page) -> dict[str, float]:
    box = page.get_by_role("navigation", name="Разделы", exact=True).bounding_box()
    assert box
    return dict(box)
