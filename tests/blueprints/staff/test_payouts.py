"""The desk of money paid by hand: what waits for details, opening them, noting it paid, asking anew."""

import pytest
from returning import Returning
from sqlalchemy import select

from shop.db import db
from shop.models import AccountEvent, PaymentRefund, PayoutDetails
from shop.services.payments import Whereto, tell_whereto

ACCOUNT = Whereto("account", "Петрова Анна Игоревна", "044525225", "40817810838123456789")


@pytest.fixture
def refund_id(app, make, client):
    """A teapot paid for on receipt and given back; the clerk is at the desk."""
    returning = Returning(app, make)
    order = returning.order(method="on_receipt", stage="received")
    with app.app_context():
        returning.give_back(order, {order.teapots: 1}, "defect")
    client.become(returning.clerk)
    with app.app_context():
        return db.session.scalars(select(PaymentRefund.id)).one()


def told(app, refund_id):
    from factories import NOON

    with app.app_context():
        tell_whereto(refund_id=refund_id, whereto=ACCOUNT, now=NOON)


def test_the_owner_reads_that_no_gateway_has_refused_it(make, client, refund_id):
    page = client.become(make.employee("owner")).get("/staff/payments/").text

    assert "<td>возвращаем банковским переводом</td>" in page
    assert "шлюз не возвращает" not in page


def test_it_waits_for_details_and_they_are_masked_until_opened(app, client, refund_id, queries):
    page = client.get("/staff/payouts/").text
    assert "Ждём данные от покупателя" in page and "4 декабря" in page.replace("\xa0", " ")
    told(app, refund_id)
    queries.clear()

    page = client.get("/staff/payouts/").text

    assert len(queries) == 2
    assert "Данные есть" in page and "•••• 6789" in page
    assert "40817810838123456789" not in page and "Петрова Анна Игоревна" not in page
    opened = client.post(f"/staff/payouts/{refund_id}/opening")
    assert opened.location == "/staff/payouts/"
    page = client.get("/staff/payouts/").text
    assert "40817810838123456789" in page and "Петрова Анна Игоревна" in page
    with app.app_context():
        kinds = db.session.scalars(select(AccountEvent.kind)).all()
    assert kinds.count("payout_details_opened") == 1


def test_another_employee_opens_them_anew(app, client, other_client, make, refund_id):
    told(app, refund_id)
    client.post(f"/staff/payouts/{refund_id}/opening")
    other_client.become(make.employee("fulfilment"))

    assert "40817810838123456789" not in other_client.get("/staff/payouts/").text


def test_what_was_paid_is_forgotten(app, client, refund_id):
    told(app, refund_id)
    client.post(f"/staff/payouts/{refund_id}/opening")

    client.post(f"/staff/payouts/{refund_id}", data={"note": "п/п 17"})

    with app.app_context():
        assert db.session.scalars(select(PayoutDetails)).all() == []
    assert "6789" not in client.get("/staff/payouts/?paid=1").text
    assert client.post(f"/staff/payouts/{refund_id}/opening").status_code == 422


def test_the_customer_is_asked_anew_with_what_the_bank_said(app, client, refund_id):
    told(app, refund_id)
    empty = client.post(f"/staff/payouts/{refund_id}/question", data={"remark": ""})
    assert empty.status_code == 422 and "Напишите, почему банк вернул" in empty.text

    answer = client.post(f"/staff/payouts/{refund_id}/question", data={"remark": "Счёт закрыт"})

    assert answer.location == "/staff/payouts/"
    assert "Ждём данные от покупателя" in client.get("/staff/payouts/").text
    with app.app_context():
        assert db.session.scalars(select(PayoutDetails)).all() == []


def test_without_details_there_is_nothing_to_open(client, refund_id):
    assert client.post(f"/staff/payouts/{refund_id}/opening").status_code == 422
