"""Sber's client when something goes wrong on the way: every trouble in one of four words, no order opened twice."""

import logging
import time
from dataclasses import replace

import pytest
from sber_gate import opened

from sandbox.serving import free_port
from shop.gateways.payments import RateLimited, Unauthorized, Unknown
from shop.gateways.payments.sber import Sber


@pytest.fixture
def gateway(sber_settings):
    return Sber(sber_settings)


def test_a_lost_answer_is_found_again_under_the_orders_number(gateway, sber):
    sber.sim("/faults", {"match": "register", "action": "drop_after_commit"})

    with pytest.raises(Unknown):
        opened(gateway)

    payment = opened(gateway)
    assert [order["id"] for order in sber.orders()] == [payment.ref]
    assert sber.pay(payment.ref).startswith("http://localhost/back")
    assert payment.pay_at.endswith(f"/payment_ru.html?mdOrder={payment.ref}")


@pytest.mark.parametrize("action", ["500", "502html", "202", "drop_before"])
def test_troubles_before_anything_happened_are_unknown(gateway, sber, action):
    sber.sim("/faults", {"match": "register", "action": action})

    with pytest.raises(Unknown):
        opened(gateway)
    assert sber.orders() == []
    assert opened(gateway).status == "pending"


def test_a_gateway_that_hangs_takes_no_more_than_six_seconds(gateway, sber):
    sber.sim("/faults", {"match": "*", "action": "hang", "seconds": 20})
    started = time.monotonic()

    with pytest.raises(Unknown):
        opened(gateway)

    assert time.monotonic() - started < 6


def test_a_port_where_nobody_is_is_unknown_at_once(sber_settings):
    away = Sber(replace(sber_settings, sber_api_url=f"http://127.0.0.1:{free_port()}/payment"))
    started = time.monotonic()

    with pytest.raises(Unknown):
        away.fetch("e3e3c538-4d08-4201-bc1d-783c9cdf82a3")

    assert time.monotonic() - started < 1.5


def test_too_many_requests_say_when_to_come_back(gateway, sber):
    sber.sim("/faults", {"match": "*", "action": "429"})

    with pytest.raises(RateLimited):
        opened(gateway)


def test_after_three_silences_nobody_waits_for_a_while(gateway, sber):
    sber.sim("/faults", {"match": "*", "action": "drop_before", "times": 3})
    for _ in range(3):
        with pytest.raises(Unknown):
            opened(gateway)

    with pytest.raises(Unknown, match="a moment ago"):
        opened(gateway)


def test_a_wrong_password_is_for_the_owner_to_mend(sber_settings, caplog):
    stranger = Sber(replace(sber_settings, sber_password="wrong"))

    with pytest.raises(Unauthorized):
        opened(stranger)

    assert "refuses the shop's name or password" in caplog.text


def test_logs_hold_neither_the_password_nor_the_customer(gateway, sber, caplog):
    with caplog.at_level(logging.DEBUG):
        opened(gateway)
        sber.sim("/faults", {"match": "*", "action": "500"})
        with pytest.raises(Unknown):
            opened(gateway)

    assert "test_sandbox_secret" not in caplog.text
    assert "anna@example.ru" not in caplog.text
