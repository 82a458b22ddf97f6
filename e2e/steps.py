"""What people do at the shop, step by step, finding everything by what they see."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, Route, expect

from e2e.conftest import Shop

MIR = "2200 0000 0000 0004"  # The bank asks for a code.
MIR_AT_ONCE = "2202 4743 0132 2987"
NO_MONEY = "2200 0000 0000 0053"
STAFF = ("staff@example.ru", "parol-staff-1")
OWNER = ("owner@example.ru", "parol-owner-1")
# Customers of the demo: not everybody can register anew, the shop slows down an address that does so all the time.
IGOR, ANNA = ("igor@example.ru", "parol-igor-1"), ("anna@example.ru", "parol-anna-1")


@dataclass(frozen=True)
class Person:
    """Somebody who is new to the shop."""

    given: str
    family: str
    email: str
    password: str = "сосновый бор 27"


def newcomer(given: str = "Мария", family: str = "Ветрова") -> Person:
    """A person nobody else in the run has the mailbox of."""
    return Person(given, family, f"gost-{secrets.token_hex(4)}@example.org")


def button(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("button", name=name, exact=isinstance(name, str))


def link(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("link", name=name, exact=isinstance(name, str))


def place_in_shop(page: Page, name: str) -> Locator:
    """One of the shop's main places, in the header or in the bar below; not the footer's link."""
    bars = page.get_by_role("navigation", name=re.compile("^(Мой Озон: быстрые ссылки|Разделы)$"))
    return bars.get_by_role("link", name=re.compile(f"^{name}"))


def title(page: Page, text: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("heading", level=1, name=text)


def see(page: Page, text: str | re.Pattern[str]) -> None:
    """Expect to read `text` somewhere in the page's main part."""
    expect(page.get_by_role("main").get_by_text(text).first).to_be_visible()


def see_in_cart(page: Page, pieces: int) -> None:
    """Expect the count beside «Корзина», in the header or in the bar below."""
    words = f" ?, товаров: {pieces}$" if pieces else "$"
    expect(link(page, re.compile("^Корзина" + words))).to_be_visible()


def put_in_cart(page: Page, product: str) -> None:
    """Find a product by its name and put one in the cart from its page."""
    open_product(page, product)
    button(page, f"В корзину {product}").click()
    expect(button(page, "Добавить ещё одну")).to_be_visible()


def open_product(page: Page, product: str) -> None:
    page.goto("/")
    field = page.get_by_label("Поиск товаров")
    field.fill(product)
    field.press("Enter")
    page.get_by_role("main").get_by_role("link", name=product, exact=True).click()
    expect(title(page, product)).to_be_visible()


def slowly(route: Route) -> None:
    """A network that keeps a person waiting: for `page.route`."""
    route.request.frame.page.wait_for_timeout(700)
    route.continue_()


@contextmanager
def held_down(page: Page, what: Locator) -> Iterator[None]:
    """Keep the mouse's button down on something for a while; it is let go at the same spot."""
    what.hover()
    page.mouse.down()
    yield
    page.mouse.up()


def fill_registration(page: Page, person: Person) -> None:
    page.get_by_label("Имя", exact=True).fill(person.given)
    page.get_by_label("Фамилия").fill(person.family)
    page.get_by_label("Электронная почта").fill(person.email)
    page.get_by_label("Пароль", exact=True).fill(person.password)
    page.get_by_role("checkbox", name=re.compile("обработку персональных данных")).check()
    button(page, "Зарегистрироваться").click()


def code_for(shop: Shop, person: Person) -> str:
    """The code of the newest letter, with a space in it, as people paste it."""
    text = shop.letter(person.email, "Подтвердите почту")["Text"]
    found = re.search(r"\b(\d{3})[ -]?(\d{3})\b", text)
    assert found, text
    return f"{found[1]} {found[2]}"


def link_for(shop: Shop, person: Person) -> str:
    text = shop.letter(person.email, "Подтвердите почту")["Text"]
    found = re.search(r"http\S+/auth/confirmation\S+", text)
    assert found, text
    return found[0]


def type_code(page: Page, shop: Shop, person: Person) -> None:
    page.get_by_label("Шесть цифр").fill(code_for(shop, person))
    button(page, "Подтвердить").click()


def become_customer(page: Page, shop: Shop, person: Person) -> None:
    """Register and confirm the mailbox, beginning anywhere."""
    page.goto("/auth/register")
    fill_registration(page, person)
    expect(title(page, "Подтвердите почту")).to_be_visible()
    type_code(page, shop, person)
    see(page, "Почта подтверждена")


def fill_sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("Электронная почта").fill(email)
    page.get_by_label("Пароль", exact=True).fill(password)
    button(page, "Войти").click()


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/auth/login?next=/my/")
    fill_sign_in(page, email, password)
    expect(title(page, re.compile("^Здравствуйте"))).to_be_visible()


def fill_checkout(page: Page, recipient: str = "Пётр Ильич Соснов") -> None:
    """Write a recipient and an address, as far as both are asked for."""
    page.get_by_label("Фамилия и имя").fill(recipient)
    page.get_by_label("Телефон").fill("8 (916) 123-45-67")
    page.get_by_label("Улица, дом, квартира").fill("Тверская, 7, кв. 12")


def buy(page: Page, product: str) -> str:
    """Order one `product` for oneself up to the bank's page; return the order's number."""
    put_in_cart(page, product)
    page.goto("/checkout/")
    fill_checkout(page)
    button(page, "Заказать и оплатить").click()
    return number_at_bank(page)


def number_at_bank(page: Page) -> str:
    """Expect the bank's page; return the number of the order it asks to pay for."""
    expect(title(page, "Оплата картой")).to_be_visible()
    return number_in(page.get_by_text(re.compile("Заказ .*\\d")).first.inner_text())


def number_in(text: str) -> str:
    found = re.search(r"\d{2,}(?:-\d+)+|\d{6,}", text)
    assert found, text
    return found[0]


def type_card(page: Page, number: str) -> None:
    # The role, as the checkout that is just left has radio buttons of that name.
    page.get_by_role("textbox", name="Номер карты").fill(number)
    page.get_by_label("Срок действия").fill("07/39")
    page.get_by_label("Код с карты").fill("123")
    button(page, re.compile("^Заплатить")).click()


def pay(page: Page, number: str = MIR, *, script: bool = True) -> None:
    """Pay on the bank's page and come back to a paid order."""
    type_card(page, number)
    if number == MIR:
        expect(title(page, "Введите код из СМС")).to_be_visible()
        message = page.get_by_text(re.compile(r"^Код \d")).inner_text()
        page.get_by_label("Код из СМС").fill(re.sub(r"\D", "", message))
        button(page, "Подтвердить оплату").click()
    come_back(page)
    see_paid(page, script=script)


def come_back(page: Page) -> None:
    """Return from the bank, which may lead back by itself."""
    back, here = (
        link(page, "Вернуться в магазин"),
        title(page, re.compile("^Оплата (заказа|сертификата)")),
    )
    expect(back.or_(here).first).to_be_visible()
    if back.is_visible():
        back.click()
    expect(here).to_be_visible()


def see_paid(page: Page, *, script: bool = True) -> None:
    """Expect the order to be paid; without JavaScript one has to ask while the bank thinks."""
    paid = page.get_by_role("main").get_by_text(re.compile("^Оплачено"))
    again = link(page, "Проверить ещё раз")
    for _ in range(0 if script else 20):
        expect(paid.or_(again).first).to_be_visible()
        if paid.is_visible():
            break
        again.click()
    expect(paid).to_be_visible(timeout=15_000)


def ask_for_new_mailbox(page: Page, person: Person, new_email: str, order: str) -> str:
    """Fill in the form for a lost mailbox; return the request's number."""
    page.goto("/auth/lost-mailbox")
    page.get_by_label("Фамилия").fill(person.family)
    page.get_by_label("Имя", exact=True).fill(person.given)
    page.get_by_label("Потерянная почта").fill(person.email)
    page.get_by_label("Новая почта").fill(new_email)
    page.get_by_label("Номер одного из ваших заказов").fill(order)
    page.get_by_label("Что знаете только вы").fill("Синяя пряжа, привозили на Тверскую")
    button(page, "Отправить заявку").click()
    heading = title(page, re.compile("^Заявка .* принята$"))
    expect(heading).to_be_visible()
    found = re.search(r"\d{3}-\d{3}-\d{3}", heading.inner_text())
    assert found
    return found[0]


def take_gift(page: Page, word: str) -> None:
    """Have what a code word gives."""
    page.goto("/my/certificates/")
    page.get_by_label("Номер сертификата или кодовое слово").fill(word)
    button(page, "Посмотреть, что даёт").click()
    button(page, re.compile("^(Зачислить на мой промобаланс|Получить баллы)$")).click()
    expect(page.get_by_role("main")).to_contain_text(re.compile("на вашем промобалансе|теперь ваш"))


def deliver(desk: Page, number: str) -> None:
    """At the staff's desk: an order of one parcel goes all its way to the customer."""
    desk.goto(f"/staff/orders/{number}")
    for step in ("Собрать", "Передать в доставку", "Вручить"):
        button(desk, step).click()
        expect(button(desk, step)).to_be_hidden()


def take_back(desk: Page, number: str) -> None:
    """At the staff's desk: the return of an order goes all its way to the refund."""
    desk.goto("/staff/returns/")
    link(desk, re.compile(f"^{number}")).click()
    for step in ("Согласовать возврат", "Товар получен", "Проверено", "Вернуть деньги"):
        button(desk, step).click()
        expect(button(desk, step)).to_be_hidden()


def sums(page: Page, rows: str = "dl.totals > div") -> dict[str, str]:
    """The lines of a sum as they are read: name and amount."""
    told = [row.inner_text().split("\n") for row in page.get_by_role("main").locator(rows).all()]
    return {row[0].strip(): row[-1].strip() for row in told}
