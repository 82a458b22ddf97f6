"""The staff's first page: the day in figures, what waits, and for the owner whether the books add up."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from factories import NOON
from returning import Returning

from shop.db import db
from shop.models import PaymentAttempt
from shop.rules.staff import ROLES
from shop.services.audit import look_over
from shop.services.payments import owe_by_hand


def text_of(page) -> str:
    return " ".join(page.text.replace("\xa0", " ").split())


def now() -> datetime:
    return datetime.now(UTC)


@pytest.mark.parametrize("role", ROLES)
def test_every_employee_sees_the_day(client, make, role):
    make.order(make.account(), make.product(price=1490), state="paid", placed_at=now())
    make.order(make.account(), make.product(price=1490), state="awaiting_payment", placed_at=now())

    page = client.become(make.employee(role)).get("/staff/")

    assert page.status_code == 200
    told = text_of(page)
    assert "<dt>Заказов оформлено</dt><dd>2</dd>" in told
    assert "<dt>Заказов оплачено</dt><dd>1</dd>" in told


def test_money_of_the_day_is_told_as_the_books_have_it(app, client, make):
    returning = Returning(app, make)
    with time_machine.travel(NOON):
        order = returning.order(promo=0, balance=0)
        returning.order(promo=0, balance=0, method="on_receipt", stage="received")
        with app.app_context():
            returning.cancel(order, {order.cups: 1})
            returning.work()
        client.become(make.employee("owner"))

        told = text_of(client.get("/staff/"))

    # 5 734 ₽ each, less 700 points; a cup of 333 ₽ goes back, less its half of the 91 points of both.
    assert "<dt>Получено денег</dt><dd>10 068 ₽</dd>" in told
    assert "<dt>Возвращено денег</dt><dd>287,50 ₽</dd>" in told
    with time_machine.travel(NOON + timedelta(days=1)):
        tomorrow = text_of(client.become(make.employee("owner")).get("/staff/"))
    assert "<dt>Получено денег</dt><dd>0 ₽</dd>" in tomorrow
    assert "<dt>Возвращено денег</dt><dd>0 ₽</dd>" in tomorrow


def test_what_waits_for_hands_leads_those_there_who_may_do_it(client, other_client, make):
    make.order(make.account(), make.product(), make.product(), parcels=2, placed_at=now())
    make.order(make.account(), state="assembling", placed_at=now())

    packer = text_of(client.become(make.employee("fulfilment")).get("/staff/"))
    writer = text_of(other_client.become(make.employee("catalog")).get("/staff/"))

    assert 'Посылок собрать</dt><dd><a href="/staff/orders/">2</a></dd>' in packer
    assert (
        'Посылок отправить</dt><dd><a href="/staff/orders/?state=assembling">1</a></dd>' in packer
    )
    assert "Посылок собрать</dt><dd>2</dd>" in writer
    assert 'Возвратов открыто</dt><dd><a href="/staff/returns/">0</a></dd>' in packer
    assert "Возвратов открыто</dt><dd>0</dd>" in writer


def test_money_that_waits_for_a_person_leads_those_there_who_pay_it(
    app, client, other_client, make
):
    with app.app_context():
        owe_by_hand(
            account_id=make.account().id,
            amount_kopecks=1,
            reason="balance",
            once_key="k",
            now=now(),
        )

    payer = text_of(client.become(make.employee("support")).get("/staff/"))
    writer = text_of(other_client.become(make.employee("catalog")).get("/staff/"))

    assert 'Выплатить вручную</dt><dd><a href="/staff/payouts/">1</a></dd>' in payer
    assert "Выплатить вручную</dt><dd>1</dd>" in writer
    assert "Платежи, которые не сходятся</dt><dd>0</dd>" in payer


def test_orders_of_yesterday_are_not_of_today_but_stand_in_the_two_weeks(client, make):
    make.order(make.account(), placed_at=now() - timedelta(days=1))
    make.order(make.account(), placed_at=now() - timedelta(days=15))

    told = text_of(client.become(make.employee()).get("/staff/"))

    assert "<dt>Заказов оформлено</dt><dd>0</dd>" in told
    assert told.count("<b>1</b>") == 1 and told.count("<b>0</b>") == 13
    assert told.count('height="100"') == 1


def test_the_owner_alone_is_told_of_the_audit(app, client, other_client, make):
    order = make.order(make.account(), placed_at=now())
    with app.app_context():
        db.session.query(PaymentAttempt).filter_by(order_id=order.id).update({"state": "canceled"})
        db.session.commit()
        look_over(actor="timer", now=now())

    owner = text_of(client.become(make.employee("owner")).get("/staff/"))
    other = text_of(other_client.become(make.employee("fulfilment")).get("/staff/"))

    assert "Проверка книг: 2 замечания." in owner
    assert "Проверка книг" not in other


def test_the_owner_reads_that_the_books_add_up(app, client, make):
    with app.app_context():
        look_over(actor="timer", now=now())

    told = text_of(client.become(make.employee("owner")).get("/staff/"))

    assert "Книги сходятся" in told


def test_the_page_takes_as_many_queries_with_many_orders_as_with_one(client, make, queries):
    owner = client.become(make.employee("owner"))
    customer = make.account()
    make.order(customer, placed_at=now())
    queries.clear()
    owner.get("/staff/")
    first = len(queries)
    for _ in range(3):
        make.order(customer, placed_at=now())
    queries.clear()

    owner.get("/staff/")

    assert (first, len(queries)) == (4, 4)
