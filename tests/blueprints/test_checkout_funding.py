"""Points and the balance on the checkout page: offered, worked out live, never more than one has."""

from datetime import timedelta

import pytest
from factories import NOON
from lxml import html
from ordering import filled
from sqlalchemy import select

from shop.db import db
from shop.models import Order, PaymentAttempt, PaymentMethod
from shop.rules import ledger
from shop.rules.ledger import BANK, flow
from shop.services.ledger import post
from shop.services.points import grant


@pytest.fixture
def ann(make, client):
    """A customer before 2 980 ₽ of teapots, brought for 299 ₽."""
    ann = make.account("ann@example.ru")
    make.in_cart(ann, make.product(price=1490), 2)
    client.become(ann)
    return ann


def give(app, account, points=0, balance=0):
    with app.app_context():
        if points:
            grant(
                account_id=account.id,
                points=points,
                source="gift",
                reference="",
                once_key="gift",
                now=NOON,
                expires_at=NOON + timedelta(days=4000),
            )
        post(
            once_key="bought",
            kind="test",
            lines=flow(BANK, ledger.balance(account.id), balance),
            reference="",
            actor="shop",
            now=NOON,
        )


def row_of(app, model):
    with app.app_context():
        return db.session.scalars(select(model)).one_or_none()


def totals(page):
    rows = html.fromstring(page.text).xpath("//*[@id='summary']//dl/div")
    return {
        " ".join(row.xpath("dt")[0].text_content().split()): " ".join(
            row.xpath("dd")[0].text_content().split()
        )
        for row in rows
    }


def test_who_has_nothing_is_offered_nothing(client, ann):
    page = client.get("/checkout/")

    assert "Сначала из того, что есть у вас" not in page.text
    assert 'name="use_points"' not in page.text


def test_the_sums_follow_what_is_chosen(app, client, htmx, ann):
    give(app, ann, points=1000, balance=50_000)
    page = client.get("/checkout/")
    assert (
        "У вас 1 000 баллов" in page.text.replace("\xa0", " ") or "У вас 1000 баллов" in page.text
    )
    assert "здесь — 745" in page.text
    asked = html.fromstring(page.text).xpath(
        "//*[@id='use_points' or @id='points' or @id='use_balance']"
    )
    assert [field.get("id") for field in asked] == ["use_points", "points", "use_balance"]

    htmx.become(ann)
    answer = htmx.post(
        "/checkout/sums", data=filled(page, use_points="y", points="745", use_balance="y")
    )

    assert answer.status_code == 200
    sums = totals(answer)
    assert sums["Баллы"] == "−745 ₽".replace(" ", "\xa0") or "745" in sums["Баллы"]
    assert "500" in sums["С баланса"]
    assert sums["К оплате"].replace("\xa0", " ").startswith("2 034 ₽")
    assert row_of(app, Order) is None


def test_the_points_that_the_sum_promises_are_those_that_the_order_brings(app, client, htmx, ann):
    give(app, ann, points=1000, balance=50_000)
    form = filled(
        client.get("/checkout/"), address="ул. Лесная, 7", recipient_phone="+7 916 123-45-67"
    )
    chosen = form | {"use_points": "y", "points": "745"}

    shown = htmx.become(ann).post("/checkout/sums", data=chosen)
    client.post("/checkout/", data=chosen)

    promised = html.fromstring(shown.text).xpath("//*[@class='small for-courier']//b/text()")
    assert promised == [f"+{row_of(app, Order).earns_points} балла"]


def test_more_points_than_may_be_used_are_named_at_once(app, client, htmx, ann):
    give(app, ann, points=1000)
    page, htmx = client.get("/checkout/"), htmx.become(ann)

    def told(points):
        chosen = filled(page, use_points="y", points=points)
        return htmx.post("/checkout/sums", data=chosen).text

    assert "Здесь можно списать не больше 745 баллов." in told("9999")
    assert "не больше 745 баллов" not in told("745")


def test_the_button_speaks_of_paying_only_where_one_pays_at_once(app, client, htmx, ann):
    give(app, ann, balance=1_000_000)
    page, htmx = client.get("/checkout/"), htmx.become(ann)

    def deed(**chosen):
        answer = htmx.post("/checkout/sums", data=filled(page, **chosen))
        buttons = html.fromstring(answer.text).xpath("//button")
        return {button.text_content().strip() for button in buttons}

    assert deed() == {"Заказать и оплатить"}
    assert deed(payment="on_receipt") == {"Оформить заказ"}
    assert deed(use_balance="y") == {"Оформить заказ"}


def test_without_a_script_the_whole_page_is_worked_out_anew(app, client, ann):
    give(app, ann, points=100)
    page = client.get("/checkout/")

    answer = client.post(
        "/checkout/sums", data=filled(page, use_points="y", points="100", address="ул. Лесная, 7")
    )

    assert answer.status_code == 200
    assert totals(answer)["К оплате"].replace("\xa0", " ").startswith("3 179 ₽")
    assert 'value="ул. Лесная, 7"' in answer.text


def test_an_order_is_placed_with_all_of_it(app, client, ann):
    give(app, ann, points=1000, balance=50_000)
    form = filled(
        client.get("/checkout/"), address="ул. Лесная, 7", recipient_phone="+7 916 123-45-67"
    )

    answer = client.post(
        "/checkout/", data=form | {"use_points": "y", "points": " 7 45", "use_balance": "y"}
    )

    assert answer.status_code == 303
    order = row_of(app, Order)
    assert (order.points, order.balance_kopecks, order.outside_kopecks) == (745, 50_000, 203_400)
    assert row_of(app, PaymentAttempt).amount_kopecks == 203_400


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"points": "746"}, "Здесь можно списать не больше 745 баллов."),
        ({"points": "-5"}, "Напишите, сколько баллов списать"),
        ({"points": ""}, "Напишите, сколько баллов списать"),
        (
            {"points": "10", "use_balance": "y", "balance_seen": "1"},
            "Счёт с тех пор изменился",
        ),
        ({"points": "10", "payment": "paypal"}, "Выберите"),
        ({"points": "10", "payment": ""}, "Выберите, как оплатить"),
    ],
    ids=["too many", "below nothing", "none said", "another balance", "switched off", "no way"],
)
def test_what_cannot_be_is_said_and_orders_nothing(app, client, ann, typed, told):
    give(app, ann, points=1000, balance=50_000)
    with app.app_context():
        db.session.add(PaymentMethod(code="paypal", is_on=False, changed_at=NOON))
        db.session.commit()
    form = filled(
        client.get("/checkout/"), address="ул. Лесная, 7", recipient_phone="+7 916 123-45-67"
    )

    answer = client.post("/checkout/", data=form | {"use_points": "y"} | typed)

    assert answer.status_code == 422
    assert told in answer.text
    assert 'value="ул. Лесная, 7"' in answer.text
    assert row_of(app, Order) is None


def test_only_ways_that_are_on_are_offered(app, client, ann):
    with app.app_context():
        db.session.add(PaymentMethod(code="qiwi", is_on=False, changed_at=NOON))
        db.session.commit()

    page = html.fromstring(client.get("/checkout/").text)

    offered = page.xpath("//input[@name='payment']/@value")
    assert offered == [
        "bank_card",
        "sbp",
        "sberpay",
        "yoo_money",
        "spasibo",
        "paypal",
        "webmoney",
        "on_receipt",
    ]
    assert page.xpath("//input[@name='payment'][@checked]/@value") == ["bank_card"]
