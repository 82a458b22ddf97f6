"""The bank's pages in a real browser: what the scripts add, and that nothing stands in their way."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from sber_gate import SberGate

ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
PHONE = {"width": 320, "height": 700}
DESKTOP = {"width": 1280, "height": 800}
WITHOUT_CODE = "2202474301322987"


@pytest.fixture(scope="module")
def browser_thread():
    """A browser in a thread of its own: Playwright allows one loop per thread."""
    with ThreadPoolExecutor(1) as thread:
        playwright = thread.submit(sync_playwright().start).result()
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = thread.submit(
            playwright.chromium.launch, executable_path=path, args=ARGUMENTS
        ).result()
        yield thread, browser
        thread.submit(browser.close).result()
        thread.submit(playwright.stop).result()


@pytest.fixture
def tell(browser_thread):
    """Tell a story of a fresh browser; whatever its console complains of fails it."""
    thread, browser = browser_thread

    def tell(story, **how):
        complaints = []

        def run():
            context = browser.new_context(reduced_motion="reduce", **{"viewport": DESKTOP} | how)
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda line: complaints.append(line.text))
            try:
                return story(page)
            finally:
                context.close()

        result = thread.submit(run).result()
        # Chromium says of every wrong entry that its status is 422, and so it should be.
        assert [line for line in complaints if "422" not in line] == []
        return result

    return tell


def fill(page, number=WITHOUT_CODE, expiry="1240", code="123"):
    page.get_by_label("Номер карты").press_sequentially(number)
    page.get_by_label("Срок действия").press_sequentially(expiry)
    page.get_by_label("Код с карты").fill(code)


def pay(page):
    page.get_by_role("button", name="Заплатить").click()


@pytest.mark.parametrize("is_scripted", [True, False])
def test_a_payer_types_a_card_and_a_code_and_is_back_in_the_shop(bank, tell, is_scripted):
    payment = bank.open()

    def story(page):
        page.goto(f"{bank.url}/checkout/{payment['id']}")
        fill(page, number="2200000000000004", expiry="1240" if is_scripted else "12/40")
        pay(page)
        code = page.get_by_role("status").locator("b").inner_text()
        page.get_by_label("Код из СМС", exact=True).fill(code)
        page.get_by_role("button", name="Подтвердить оплату").click()
        page.wait_for_url(bank.shop.return_url)

    tell(story, java_script_enabled=is_scripted)

    assert bank.status(payment) == "succeeded"


@pytest.mark.parametrize(
    ("number", "written", "brand", "secret"),
    [
        ("2200000000000004", "2200 0000 0000 0004", "МИР", "3 цифры на обороте"),
        ("4111111111111111", "4111 1111 1111 1111", "VISA", "3 цифры на обороте"),
        ("2223003122003222", "2223 0031 2200 3222", "Mastercard", "3 цифры на обороте"),
        ("378282246310005", "3782 822463 10005", "AMEX", "4 цифры на лицевой стороне"),
    ],
)
def test_the_form_knows_the_brand_while_the_number_is_typed(
    bank, tell, number, written, brand, secret
):
    payment = bank.open()

    def story(page):
        page.goto(f"{bank.url}/checkout/{payment['id']}")
        page.get_by_label("Номер карты").press_sequentially(number)
        shown = page.locator("[data-brand]").text_content()
        return (
            page.get_by_label("Номер карты").input_value(),
            shown,
            page.get_by_text(secret).count(),
        )

    assert tell(story) == (written, brand, 1)


@pytest.mark.parametrize(
    ("number", "expiry", "sentence"),
    [
        ("4111111111111112", "1240", "Проверьте номер: в какой-то цифре ошибка"),
        (WITHOUT_CODE, "0120", "Срок действия этой карты уже вышел"),
        (WITHOUT_CODE, "1340", "Месяц — от 01 до 12"),
    ],
)
def test_what_can_not_be_right_is_said_before_it_is_sent(bank, tell, number, expiry, sentence):
    payment = bank.open()

    def story(page):
        page.goto(f"{bank.url}/checkout/{payment['id']}")
        fill(page, number=number, expiry=expiry)
        page.get_by_text(sentence).wait_for()

    tell(story)

    assert bank.status(payment) == "pending"


def test_a_test_card_is_filled_in_by_a_press(bank, tell):
    payment = bank.open()

    def story(page):
        page.goto(f"{bank.url}/checkout/{payment['id']}")
        page.get_by_text("Тестовые карты").click()
        page.get_by_role("button", name="Подставить 2202 4743 0132 2987").click()
        pay(page)
        page.wait_for_url(bank.shop.return_url)

    tell(story)

    assert bank.status(payment) == "succeeded"


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_every_page_is_for_everybody_and_fits_the_screen(bank, tell, viewport, color_scheme):
    by_card, wrong, by_app, refused = (bank.open() for _ in range(4))
    bank.pay_by_card(by_card, "2200000000000004")
    bank.pay_by_card(refused, "2200000000000053")
    paths = [
        "/",
        f"/checkout/{wrong['id']}",
        f"/3ds/{by_card['id']}",
        f"/sbp/{by_app['id']}",
        f"/checkout/{refused['id']}",
    ]

    def examine(page):
        found = [one["id"] for one in Axe().run(page).response["violations"]]
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return (page.url, found, max(0, overflow))

    def story(page):
        seen = []
        for path in paths:
            page.goto(f"{bank.url}{path}")
            seen.append(examine(page))
        page.goto(f"{bank.url}/checkout/{wrong['id']}")
        pay(page)
        page.get_by_role("alert").wait_for()
        return [*seen, examine(page)]

    seen = tell(story, viewport=viewport, color_scheme=color_scheme, bypass_csp=True)

    assert [one for one in seen if one[1:] != ([], 0)] == []


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_the_mailbox_is_for_everybody_and_fits_the_screen(mailbox, tell, viewport, color_scheme):
    raw = (
        "From: Магазин <shop@example.org>\nTo: anna@example.org\nSubject: Подтвердите почту\n"
        "Content-Type: text/html; charset=utf-8\n\n<html lang='ru'><p><a href='http://x.test'>Да</a>"
    )
    mailbox.letters.put(raw.encode(), ["anna@example.org"])

    def story(page):
        seen = []
        for path in ("/", "/letters/latest"):
            page.goto(f"{mailbox.url}{path}")
            found = [one["id"] for one in Axe().run(page).response["violations"]]
            overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            seen.append((page.url, found, max(0, overflow)))
        return seen

    seen = tell(story, viewport=viewport, color_scheme=color_scheme, bypass_csp=True)

    assert [one for one in seen if one[1:] != ([], 0)] == []


def test_new_letters_come_in_by_themselves(mailbox, tell):
    def story(page):
        page.goto(mailbox.url)
        page.get_by_text("Пока пусто").wait_for()
        mailbox.letters.put(b"Subject: News\nTo: anna@example.org\n\nHello", ["anna@example.org"])
        page.get_by_role("link", name="News").wait_for(timeout=8000)

    tell(story)


@pytest.fixture
def sber(tmp_path):
    """Sber's gateway, whose payers choose how many bonuses to spend."""
    gate = SberGate(tmp_path)
    yield gate
    gate.stop()


@pytest.mark.parametrize("is_scripted", [True, False])
def test_a_payer_spends_bonuses_by_keyboard_and_is_back_in_the_shop(
    sber, fake_shop, tell, is_scripted
):
    order = sber.open(returnUrl=fake_shop.return_url)

    def story(page):
        page.goto(f"{sber.url}/orders/{order}")
        fill(page)
        page.keyboard.press("Enter")
        bonuses = page.get_by_label("Сколько бонусов списать", exact=True)
        bonuses.fill("799")
        if is_scripted:
            assert page.get_by_role("status").inner_text() == "Картой: 201,00\u00a0₽"
            page.get_by_label("ползунок").press("ArrowRight")
        else:
            bonuses.press("ArrowUp")
        assert bonuses.input_value() == "800"
        bonuses.press("Enter")
        page.wait_for_url(f"{fake_shop.return_url}?*")

    tell(story, java_script_enabled=is_scripted)
    assert sber.status(order)["merchantOrderParams"][0]["value"] == "80000"


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_the_page_of_bonuses_is_for_everybody_and_fits_the_screen(
    sber, tell, viewport, color_scheme
):
    order = sber.open()

    def story(page):
        page.goto(f"{sber.url}/orders/{order}")
        fill(page)
        page.keyboard.press("Enter")
        page.get_by_label("Сколько бонусов списать", exact=True).fill("5000")
        page.get_by_role("button", name="Продолжить").click()
        page.get_by_text("не больше 900").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        return Axe().run(page).response["violations"]

    assert tell(story, viewport=viewport, color_scheme=color_scheme) == []
