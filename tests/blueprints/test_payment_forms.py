"""Gateways that want a form: the page of a payment has it, and sends it only on the way there."""

from datetime import timedelta

import pytest
import time_machine
from conftest import NOON
from lxml import html
from paying import Paying

from shop.db import db
from shop.models import PaymentAttempt

FORM = {"LMI_PAYMENT_NO": "7", "LMI_PAYMENT_AMOUNT": "3279.00", "SHOP_REF": "7-327900-1795000000"}


@pytest.fixture(autouse=True)
def soon():
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False) as clock:
        yield clock


@pytest.fixture
def paying(app, make):
    return Paying(app, make)


@pytest.fixture
def bought(app, paying):
    """An order whose payment is open, at a gateway that wants a form."""
    bought = paying.order()
    paying.at_the_bank(bought, NOON)
    with app.app_context():
        attempt = db.session.get_one(PaymentAttempt, bought.attempt_id)
        attempt.pay_at, attempt.pay_form = "http://127.0.0.1:8026/webmoney/lmi/payment.asp", FORM
        db.session.commit()
    return bought


def form_in(answer):
    return html.fromstring(answer.text).xpath("//section[@id='payment']//form")[0]


def test_the_way_to_pay_leads_to_the_page_with_the_form(client, bought):
    here = f"/my/orders/{bought.number}/payment"

    answer = client.become(bought.account).post(here)

    assert (answer.status_code, answer.location) == (303, f"http://localhost{here}")


def test_the_form_goes_there_by_itself_and_by_hand_and_takes_no_token_of_ours_along(client, bought):
    page = client.become(bought.account).get(f"/my/orders/{bought.number}/payment")

    form = form_in(page)
    assert form.get("action") == "http://127.0.0.1:8026/webmoney/lmi/payment.asp"
    assert form.get("method") == "post" and "data-send-now" in form.attrib
    assert {field.get("name"): field.get("value") for field in form.xpath(".//input")} == FORM
    assert form.xpath("string(.//button)").strip() == "Перейти к оплате"


def test_the_browser_lets_the_form_go_there(client, bought):
    page = client.become(bought.account).get(f"/my/orders/{bought.number}/payment")

    policy = page.headers["Content-Security-Policy"]
    assert "http://127.0.0.1:8026" in policy.split("form-action ")[1].split(";")[0]


@pytest.mark.parametrize("query", ["back=1&LMI_PAYMENT_NO=7", "turn=0"])
def test_whoever_comes_back_is_not_sent_there_again(client, bought, query):
    page = client.become(bought.account).get(f"/my/orders/{bought.number}/payment?{query}")

    assert "data-send-now" not in form_in(page).attrib


def test_a_paid_order_has_no_form(client, bought, paying):
    paying.bank.end(paying.attempt(bought.attempt_id).gateway_ref, "succeeded")

    page = client.become(bought.account).get(f"/my/orders/{bought.number}/payment?back=1")

    assert "LMI_PAYMENT_NO" not in page.text and "Оплачено" in page.text
