"""What may happen between the page and the button: double clicks, other tabs, other buyers, a bank that is away."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from browser import Browser
from factories import NOON, PASSWORD
from lxml import html
from ordering import filled
from sqlalchemy import func, select, update

from shop.db import db
from shop.gateways.payments import Unknown
from shop.gateways.payments.fake import FakeGateway
from shop.models import CartLine, Order, PaymentAttempt, Product, Stock


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


def test_pressed_twice_it_is_one_order(client, ann, app, bank):
    fields = filled(client.get("/checkout/"))

    first, second = (client.post("/checkout/", data=fields) for _ in range(2))

    assert first.location == second.location
    assert (count(app, Order), len(bank.payments)) == (1, 1)


def test_pressed_again_after_paying_it_shows_the_order(client, ann, app, bank, noon):
    fields = filled(client.get("/checkout/"))
    client.post("/checkout/", data=fields)
    (ref,) = bank.payments
    bank.end(ref, "succeeded")
    noon.shift(5)
    number = order_in(app).number
    client.get(f"/my/orders/{number}/payment")

    again = client.post("/checkout/", data=fields)

    assert again.location == f"/my/orders/{number}"
    assert count(app, Order) == 1


def test_fifteen_presses_at_once_are_one_order(client, ann, app, bank):
    fields = filled(client.get("/checkout/"))

    def press(_turn):
        return Browser(app).become(ann).post("/checkout/", data=fields).status_code

    with ThreadPoolExecutor(15) as pool:
        answers = set(pool.map(press, range(15)))

    assert answers == {303}
    assert (count(app, Order), len(bank.payments)) == (1, 1)


def test_the_second_tab_finds_an_empty_cart(client, ann, app):
    one, other = client.get("/checkout/"), client.get("/checkout/")
    client.post("/checkout/", data=filled(one))

    answer = client.post("/checkout/", data=filled(other))

    assert answer.location == "/cart/"
    assert count(app, Order) == 1


def test_with_the_bank_away_the_order_stands_and_can_be_paid_later(client, ann, app, bank):
    bank.trouble("create", Unknown())

    answer = client.post("/checkout/", data=filled(client.get("/checkout/")))
    page = client.get(answer.location)

    number = order_in(app).number
    assert answer.location == f"/my/orders/{number}?accepted=1"
    assert "Заказ принят, оплатить можно здесь" in page.text
    assert f'action="/my/orders/{number}/payment"' in page.text


def test_a_price_changed_meanwhile_is_told_and_asked_about(client, ann, app, pot):
    fields = filled(client.get("/checkout/"), comment="Звоните")
    with app.app_context():
        db.session.execute(update(Product).values(price_kopecks=169000))
        db.session.commit()

    answer = client.post("/checkout/", data=fields)

    assert answer.status_code == 422
    assert (
        "Чайник «Самоварный»: цена была 1\u00a0490\u00a0₽, стала 1\u00a0690\u00a0₽" in answer.text
    )
    assert "Звоните" in answer.text
    assert count(app, Order) == 0

    agreed = client.post("/checkout/", data=filled(answer))

    assert agreed.status_code == 303
    assert order_in(app).total_kopecks == 338000 + 29900


def test_stock_that_ran_short_is_told_with_how_many_are_left(client, ann, app):
    fields = filled(client.get("/checkout/"))
    with app.app_context():
        db.session.execute(update(Stock).values(quantity=1))
        db.session.commit()

    answer = client.post("/checkout/", data=fields)

    assert answer.status_code == 422
    assert "Чайник «Самоварный»: было 2 шт., сейчас в заказе 1 шт." in answer.text
    assert count(app, Order) == count(app, PaymentAttempt) == 0
    assert count(app, CartLine) == 1


def test_another_town_chosen_in_another_tab_is_told(client, ann, app, make):
    town = make.place("Тверь", latitude=56.86, longitude=35.9)
    fields = filled(client.get("/checkout/"))
    client.post("/delivery/place", data={"place": town.id, "next": "/checkout/"})

    answer = client.post("/checkout/", data=fields)

    assert answer.status_code == 422
    assert "Заказ поедет в другой город: Тверь" in answer.text
    assert count(app, Order) == 0


def test_one_from_another_site_orders_nothing(client, ann, app):
    fields = filled(client.get("/checkout/"))

    answer = client.post(
        "/checkout/",
        data=fields,
        headers={"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"},
    )

    assert answer.status_code == 400
    assert count(app, Order) == 0


def test_signed_out_meanwhile_one_signs_in_and_comes_back_here(client, ann, other_client, app):
    fields = filled(client.get("/checkout/"))

    answer = other_client.post(
        "/checkout/", data=fields, headers={"Referer": "http://localhost/checkout/"}
    )

    assert answer.status_code == 401
    assert count(app, Order) == 0
    form = html.fromstring(answer.text).xpath("//main//form[@action='/auth/login']")[0]
    kept = {
        field.get("name"): field.get("value") for field in form.xpath(".//input[@type='hidden']")
    }
    answer = other_client.post(
        "/auth/login", data={**kept, "email": ann.email, "password": PASSWORD}
    )
    form = html.fromstring(answer.text).xpath("//main//form[@data-send-now]")[0]
    sent = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    assert form.get("action") == "/checkout/"
    typed = {name: str(value) for name, value in fields.items() if name != "csrf_token"}
    assert {name: sent[name] for name in typed} == typed
    assert other_client.post("/checkout/", data=sent).status_code == 303
    assert count(app, Order) == 1
