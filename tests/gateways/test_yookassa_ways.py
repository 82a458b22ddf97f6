"""Every way to pay through YooKassa, from the shop's wish to the payer's yes or no and the money's way back."""

import re
import uuid
from dataclasses import replace

import pytest
import requests

from shop.gateways.payments import Intent, Rejected
from shop.gateways.payments.yookassa import YooKassa
from shop.rules.payments import METHODS
from shop.rules.receipts import Line

INTENT = Intent(
    "0042-1187",
    7,
    100_000,
    "bank_card",
    "http://localhost/back",
    "anna@example.ru",
    (Line("Чайник заварочный", 1, 100_000),),
)

WAYS = [("yoo_money", "yoomoney"), ("sbp", "sbp"), ("sberpay", "sberpay")]


@pytest.fixture
def gateway(yookassa_settings):
    return YooKassa(yookassa_settings)


def opened(gateway, method, kopecks=100_000):
    lines = (Line("Чайник заварочный", 1, kopecks),)
    intent = replace(INTENT, method=method, amount_kopecks=kopecks, lines=lines)
    return gateway.create(gateway.request_of(intent), str(uuid.uuid4()))


def press(page, **typed):
    token = re.search(r'name="token" value="([^"]+)"', page.text)[1]
    return requests.post(page.url, data={"token": token} | typed, allow_redirects=False, timeout=10)


@pytest.mark.parametrize(("method", "wallet"), WAYS)
def test_the_payer_is_led_to_the_way_that_was_chosen_and_the_money_comes_and_goes(
    gateway, bank, method, wallet
):
    payment = opened(gateway, method)
    page = requests.get(payment.pay_at, timeout=10)
    assert page.url == f"{bank.url}/{wallet}/{payment.ref}"

    assert press(page, answer="yes").headers["Location"] == "http://localhost/back"

    found = gateway.fetch(payment.ref)
    assert (found.status, found.amount_kopecks, found.card_last4) == ("succeeded", 100_000, "")
    request = gateway.refund_request_of(
        payment_ref=payment.ref, amount_kopecks=40_000, refund_id=1, payment_request={}
    )
    assert gateway.refund(request, str(uuid.uuid4())).status == "succeeded"
    assert gateway.fetch(payment.ref).refunded_kopecks == 40_000


@pytest.mark.parametrize(("method", "wallet"), WAYS)
def test_a_no_is_read_with_its_reason(gateway, method, wallet):
    payment = opened(gateway, method)

    press(requests.get(payment.pay_at, timeout=10), answer="no")

    found = gateway.fetch(payment.ref)
    assert (found.status, found.cancel_reason) == ("canceled", "insufficient_funds")


@pytest.mark.parametrize("method", ["bank_card", "sbp", "sberpay", "yoo_money"])
def test_the_most_the_shop_offers_is_taken(gateway, method):
    assert opened(gateway, method, METHODS[method].most_kopecks).status == "pending"


@pytest.mark.parametrize("method", ["bank_card", "sbp", "yoo_money"])
def test_a_kopeck_more_is_not(gateway, method):
    with pytest.raises(Rejected):
        opened(gateway, method, METHODS[method].most_kopecks + 1)


def test_a_card_leads_to_the_card_page(gateway, bank):
    payment = opened(gateway, "bank_card")

    page = requests.get(payment.pay_at, timeout=10)

    assert page.url == f"{bank.url}/checkout/{payment.ref}"
    assert "Номер карты" in page.text


@pytest.mark.parametrize(
    ("number", "scheme"),
    [
        ("2202474301322987", "Mir"),
        ("4111111111111111", "Visa"),
        ("5555555555554444", "MasterCard"),
    ],
)
def test_cards_of_every_scheme_pay(gateway, number, scheme):
    payment = opened(gateway, "bank_card")

    press(requests.get(payment.pay_at, timeout=10), number=number, expiry="12/40", code="123")

    found = gateway.fetch(payment.ref)
    assert (found.status, found.card_last4, found.card_scheme) == (
        "succeeded",
        number[-4:],
        scheme,
    )


def test_american_express_pays_with_a_code_of_four_digits(gateway):
    payment = opened(gateway, "bank_card")
    page = requests.get(payment.pay_at, timeout=10)
    answer = press(page, number="370000000000002", expiry="12/40", code="1234")
    code_page = requests.get(
        requests.compat.urljoin(page.url, answer.headers["Location"]), timeout=10
    )

    code = re.search(r'Код <b class="num">(\d+)', code_page.text)[1]
    press(code_page, code=code)

    found = gateway.fetch(payment.ref)
    assert (found.status, found.card_scheme) == ("succeeded", "AmericanExpress")
