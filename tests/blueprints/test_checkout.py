import re
from datetime import timedelta

import pytest
import time_machine
from factories import NOON
from lxml import html
from ordering import filled
from sqlalchemy import func, select

from shop.db import db
from shop.gateways.payments.fake import FakeGateway
from shop.models import Account, CartLine, Order, PaymentAttempt


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def bank(app):
    app.extensions["shop_gateways"] = {"yookassa": FakeGateway()}
    yield app.extensions["shop_gateways"]["yookassa"]
    del app.extensions["shop_gateways"]


@pytest.fixture
def pot(make):
    return make.product(name="Чайник «Самоварный»", price=1490, old_price_kopecks=200000)


@pytest.fixture
def ann(make, client, pot):
    account = make.account(phone="+79161234567")
    make.in_cart(account, pot, 2)
    client.become(account)
    return account


def count(app, model):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def order_in(app):
    with app.app_context():
        return db.session.scalars(select(Order)).one()


def test_a_guest_is_asked_to_sign_in_and_comes_back_here(client):
    answer = client.get("/checkout/")

    assert answer.status_code == 303
    assert answer.location == "/auth/login?next=/checkout/"


def test_an_unproved_mailbox_is_proved_first(client, make):
    client.become(make.account(confirmed=False))

    answer = client.get("/checkout/")

    assert answer.status_code == 303
    assert answer.location == "/auth/confirmation?next=/checkout/"


def test_a_guests_cart_is_whole_after_signing_in(client, make, pot, app):
    account = make.account(email="igor@example.ru")
    client.post(f"/cart/lines/{pot.id}", data={"quantity": "2"})
    assert client.get("/checkout/").status_code == 303

    signed_in = client.post(
        "/auth/login",
        data={"email": account.email, "password": "correct horse", "next": "/checkout/"},
    )
    page = client.get(signed_in.location)

    assert signed_in.location.startswith("/checkout/")
    assert "Чайник «Самоварный»" in page.text
    assert "2\u00a0шт." in page.text.replace("2 шт.", "2\u00a0шт.")


def test_with_nothing_to_order_one_comes_to_the_cart_which_says_so(client, make):
    client.become(make.account())

    assert client.get("/checkout/").location == "/cart/"
    assert client.post("/checkout/", data={}).location == "/cart/"


def test_everything_the_law_wants_stands_before_the_button(client, ann, make):
    make.pickup_point()

    page = client.get("/checkout/")

    before = page.text.split("Заказать и оплатить")[0]
    for told in (
        "Получатель",
        "Чайник «Самоварный»",
        "2 шт. × 1\u00a0490\u00a0₽",
        "4\u00a0000\u00a0₽",  # without the discount
        "−1\u00a0020\u00a0₽",
        "3\u00a0279\u00a0₽",  # with the courier
        "2\u00a0980\u00a0₽",  # from a counter, for nothing
        "26 ноября",
        "Банковской картой (МИР, Visa, Mastercard, American Express)",
    ):
        assert told in before, told
    for link in ("/legal/requisites", "/legal/offer", "/help/returns", "tel:+78000000000"):
        assert f'href="{link}"' in page.text
    buttons = html.fromstring(page.text).xpath("//button[contains(., 'Заказать и оплатить')]")
    assert [button.get("disabled") for button in buttons] == [None, None]


def test_on_a_phone_the_sum_and_the_button_stay_in_sight(client, ann, make):
    make.pickup_point()

    tree = html.fromstring(client.get("/checkout/").text)

    assert "has-paybar" in tree.body.get("class")
    (bar,) = tree.xpath("//form//*[@class='paybar']")
    sums = [sum_.text.replace("\xa0", " ") for sum_ in bar.xpath(".//b/span")]
    assert sums == ["3 279 ₽", "2 980 ₽"]  # with the courier, from a counter
    assert bar.xpath("normalize-space(.//button)") == "Заказать и оплатить"


def test_the_page_is_filled_in_as_far_as_it_is_known(client, ann):
    fields = filled(client.get("/checkout/"))

    assert fields["recipient_name"] == "Секретов Игорь"
    assert fields["recipient_phone"] == "+7 916 123-45-67"
    assert fields["delivery"] == "courier"
    assert fields["payment"] == "bank_card"
    assert len(fields["once_key"]) >= 16


def test_fields_tell_browsers_what_they_are(client, ann):
    tree = html.fromstring(client.get("/checkout/").text)

    tokens = {field.get("name"): field.get("autocomplete") for field in tree.xpath("//main//input")}
    assert tokens["recipient_name"] == "shipping name"
    assert tokens["recipient_phone"] == "shipping tel"
    assert tokens["address"] == "shipping address-line1"


def test_ordering_leads_to_the_bank(client, ann, app, bank):
    answer = client.post("/checkout/", data=filled(client.get("/checkout/")))

    order = order_in(app)
    (ref,) = bank.payments
    assert answer.status_code == 303
    assert answer.location == f"http://bank.example/{ref}"
    assert (order.account_id, order.total_kopecks, order.address) == (
        ann.id,
        327900,
        "ул. Лесная, 7, кв. 12",
    )
    assert order.pay_until == NOON + timedelta(minutes=30)
    assert count(app, CartLine) == 0
    with app.app_context():
        back = db.session.scalars(select(PaymentAttempt)).one().request["return_to"]
    assert back == f"http://localhost/my/orders/{order.number}/payment"


def test_somebody_else_receives_it(client, ann, app):
    page = client.get("/checkout/")

    client.post(
        "/checkout/",
        data=filled(page, recipient_name="Ольга О’Нил", recipient_phone="8 (916) 111-22-33"),
    )

    order = order_in(app)
    assert (order.recipient_name, order.recipient_phone) == ("Ольга О’Нил", "+79161112233")
    with app.app_context():
        owner = db.session.get_one(Account, ann.id)
        assert (owner.given_name, owner.phone) == ("Игорь", "+79161234567")


def test_the_hours_of_a_pickup_point_are_in_the_readers_language(client, ann, make):
    make.pickup_point()
    assert "(ежедневно 9:00–21:00)" in client.get("/checkout/").text

    client.post("/language", data={"language": "en"})

    assert "(every day 9:00–21:00)" in client.get("/checkout/").text


def test_a_pickup_point_needs_no_address(client, ann, app, make):
    point = make.pickup_point()
    page = client.get("/checkout/")

    answer = client.post(
        "/checkout/", data=filled(page, delivery="pickup", point=str(point.id), address="")
    )

    assert answer.status_code == 303
    order = order_in(app)
    assert (order.delivery_method, order.address, order.total_kopecks) == (
        "pickup",
        "ул. Лесная, 7",
        298000,
    )


def test_pressed_too_early_every_fault_is_listed_with_a_link_to_its_field(client, ann, app):
    page = client.get("/checkout/")

    answer = client.post(
        "/checkout/",
        data=filled(page, recipient_name="", recipient_phone="12", address="", comment="Код 12"),
    )

    tree = html.fromstring(answer.text)
    links = tree.xpath("//div[@class='errors']//a/@href")
    assert answer.status_code == 422
    assert links == ["#recipient_name", "#recipient_phone", "#address"]
    for link in links:
        (field,) = tree.xpath("//*[@id=$id]", id=link[1:])
        assert field.get("aria-invalid") == "true"
        assert f"{link[1:]}-error" in field.get("aria-describedby")
    assert tree.xpath("//title")[0].text.startswith("Ошибка: ")
    assert "Код 12" in answer.text and 'value="12"' in answer.text
    assert count(app, Order) == 0


def test_with_nothing_sent_every_choice_is_asked_for(client, ann):
    answer = client.post("/checkout/", data={})

    links = html.fromstring(answer.text).xpath("//div[@class='errors']//a/@href")
    assert answer.status_code == 422
    assert links == ["#recipient_name", "#recipient_phone", "#delivery-0", "#payment-0"]


def test_a_pickup_point_must_be_chosen_and_be_one_of_this_town(client, ann, make, app):
    make.pickup_point()
    far = make.pickup_point("TVR-01", place_name="Тверь")
    page = client.get("/checkout/")

    for point in ("0", "", str(far.id), "abc", "99999999999999999999"):
        answer = client.post("/checkout/", data=filled(page, delivery="pickup", point=point))
        assert answer.status_code == 422
        assert 'href="#point"' in answer.text

    assert count(app, Order) == 0


@pytest.mark.parametrize(
    "typed",
    [
        {"delivery": "teleport"},
        {"payment": "gold"},
        {"recipient_name": "я" * 201},
        {"address": "я" * 301},
        {"comment": "я" * 501},
        {"once_key": "k" * 61},
        {"note": "x" * 9000},
        {"recipient_name": "\x00\x01"},
    ],
)
def test_strange_entries_are_refused_without_a_fault(client, ann, app, typed):
    answer = client.post("/checkout/", data=filled(client.get("/checkout/"), **typed))

    assert answer.status_code == 422
    assert count(app, Order) == 0


def test_the_page_is_nobodys_but_the_customers(client, ann):
    assert client.get("/checkout/").headers["Cache-Control"] == "private, no-store"


def test_a_checkout_of_many_goods_costs_as_many_queries_as_of_one(client, ann, make, queries):
    make.pickup_point()
    queries.clear()
    client.get("/checkout/")
    few = len(queries)
    for _ in range(12):
        make.in_cart(ann, make.product())
    queries.clear()

    client.get("/checkout/")

    assert few == len(queries) == 11


def test_the_last_order_fills_in_the_address(client, ann, make):
    make.order(ann, address="Новая, 2")

    page = client.get("/checkout/")

    assert re.search(r'name="address"[^>]*value="Новая, 2"', page.text)


def test_the_days_of_return_are_those_of_this_shop(app, client, ann, monkeypatch):
    monkeypatch.setattr(app.jinja_env.globals["shop"], "return_days", 14)

    assert "в течение 14 дней" in client.get("/checkout/").text
