"""PayPal's client when something goes wrong on the way: every trouble in one of four words, nothing done twice."""

import logging
import time
from dataclasses import replace

import pytest
from paypal_payments import opened, refund_request, taken

from sandbox.serving import free_port
from shop.gateways.payments import RateLimited, Unauthorized, Unknown
from shop.gateways.payments.paypal import PayPal


@pytest.fixture
def gateway(paypal_settings, paypal):
    return PayPal(paypal_settings)


@pytest.mark.parametrize("action", ["drop_after_commit", "500_after_commit"])
def test_a_lost_answer_is_found_again_under_the_same_key(gateway, paypal, action):
    paypal.sim("/faults", {"action": action, "match": "create_order"})

    with pytest.raises(Unknown):
        opened(gateway, "key-1")

    assert opened(gateway, "key-1").status == "pending"
    assert len(paypal.dump()["payment"]) == 1


def test_a_lost_answer_to_taking_is_found_again(gateway, paypal):
    payment = opened(gateway)
    paypal.press(payment.pay_at, "yes")
    paypal.sim("/faults", {"action": "drop_after_commit", "match": "capture_order"})

    with pytest.raises(Unknown):
        gateway.capture(payment, "capture-key")

    assert gateway.fetch(payment.ref).status == "succeeded"


@pytest.mark.parametrize("action", ["500", "502html", "202", "drop_before"])
def test_troubles_before_anything_happened_are_unknown(gateway, paypal, action):
    paypal.sim("/faults", {"action": action, "match": "create_order"})

    with pytest.raises(Unknown):
        opened(gateway, "key-2")
    assert opened(gateway, "key-2").status == "pending"


def test_a_lost_answer_to_a_refund_sends_money_back_once(gateway, paypal):
    payment = taken(gateway, paypal)
    paypal.sim("/faults", {"action": "drop_after_commit", "match": "refund_capture"})

    with pytest.raises(Unknown):
        gateway.refund(refund_request(gateway, payment), "refund-key")

    refund = gateway.refund(refund_request(gateway, payment), "refund-key")
    assert [row["id"] for row in paypal.dump()["refund"]] == [refund.ref]


def test_a_gateway_that_hangs_takes_no_more_than_six_seconds(gateway, paypal):
    payment = taken(gateway, paypal)
    paypal.sim("/faults", {"action": "hang", "match": "refund_capture", "seconds": 20})
    started = time.monotonic()

    with pytest.raises(Unknown):
        gateway.refund(refund_request(gateway, payment), "refund-key")

    assert time.monotonic() - started < 6


def test_slow_answers_of_one_deed_share_its_seconds(gateway, paypal):
    payment = taken(gateway, paypal)
    paypal.sim("/faults", {"action": "delay", "match": "get_order", "seconds": 3})
    paypal.sim("/faults", {"action": "delay", "match": "refund_capture", "seconds": 4})
    started = time.monotonic()

    with pytest.raises(Unknown):
        gateway.refund(refund_request(gateway, payment), "refund-key")

    assert time.monotonic() - started < 6


def test_a_port_where_nobody_is_is_unknown_at_once(paypal_settings):
    away = PayPal(replace(paypal_settings, paypal_api_url=f"http://127.0.0.1:{free_port()}"))
    started = time.monotonic()

    with pytest.raises(Unknown):
        away.fetch("5O190127TN364715T")

    assert time.monotonic() - started < 1.5


def test_after_three_silences_nobody_waits_for_a_while(gateway, paypal):
    paypal.sim("/faults", {"action": "drop_before", "match": "*", "times": 3})
    for _ in range(3):
        with pytest.raises(Unknown):
            opened(gateway)

    with pytest.raises(Unknown, match="a moment ago"):
        opened(gateway)


def test_too_many_requests_say_when_to_come_back(gateway, paypal):
    paypal.sim("/faults", {"action": "429", "match": "*"})

    with pytest.raises(RateLimited):
        opened(gateway)


def test_a_wrong_secret_is_for_the_owner_to_mend(paypal_settings, paypal, caplog):
    with pytest.raises(Unauthorized):
        opened(PayPal(replace(paypal_settings, paypal_secret="wrong_secret_value")))

    assert "refuses the shop's name or key" in caplog.text
    assert "wrong_secret_value" not in caplog.text


def test_a_token_that_was_forgotten_is_fetched_anew(gateway):
    gateway._client._token, gateway._client._token_ends = "old", time.monotonic() + 1000

    assert opened(gateway).status == "pending"


def test_logs_hold_neither_the_secret_nor_the_customer(gateway, caplog):
    with caplog.at_level(logging.DEBUG):
        opened(gateway)

    assert "test_sandbox_secret" not in caplog.text
    assert "anna@example.ru" not in caplog.text
    assert "Bearer" not in caplog.text
