"""YooKassa's client against the test bank: every trouble ends in one of four words, none takes long."""

import json
import logging
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.serving import free_port
from shop.gateways.payments import (
    Intent,
    RateLimited,
    Rejected,
    Unauthorized,
    Unknown,
)
from shop.gateways.payments.yookassa import YooKassa
from shop.rules.receipts import Line

LINES = (
    Line("Чайник заварочный", 2, 149_000),
    Line("Доставка заказа 0042-1187", 1, 29_900, "service"),
)
INTENT = Intent(
    "0042-1187", 7, 327_900, "bank_card", "http://localhost/back", "anna@example.ru", LINES
)


@pytest.fixture
def gateway(yookassa_settings):
    return YooKassa(yookassa_settings)


def opened(gateway, key=None):
    return gateway.create(gateway.request_of(INTENT), key or str(uuid.uuid4()))


def test_opens_a_payment_and_reads_it_back(gateway):
    payment = opened(gateway)

    assert payment.status == "pending"
    assert (payment.amount_kopecks, payment.currency, payment.is_test) == (327_900, "RUB", True)
    assert payment.metadata == {"order": "0042-1187", "attempt_id": "7"}
    assert payment.pay_at.startswith("http://127.0.0.1:")
    assert gateway.fetch(payment.ref) == payment


def test_what_is_asked_for_can_be_kept_and_has_its_receipt(gateway):
    request = gateway.request_of(INTENT)

    assert json.loads(json.dumps(request)) == request
    assert request["capture"] is True
    assert request["amount"] == {"value": "3279.00", "currency": "RUB"}
    assert request["receipt"]["customer"] == {"email": "anna@example.ru"}
    goods, carriage = request["receipt"]["items"]
    assert goods == {
        "description": "Чайник заварочный",
        "quantity": "2.00",
        "amount": {"value": "1490.00", "currency": "RUB"},
        "vat_code": 1,
        "payment_subject": "commodity",
        "payment_mode": "full_prepayment",
    }
    assert carriage["description"] == "Доставка заказа 0042-1187"
    assert carriage["payment_subject"] == "service"


def test_the_same_key_is_the_same_payment(gateway):
    assert opened(gateway, "key-1") == opened(gateway, "key-1")


def test_success_and_refusal_are_read_with_all_that_matters(gateway, bank):
    paid, refused = opened(gateway), opened(gateway)
    bank.sim(f"/payments/{paid.ref}/force", {"status": "succeeded"})
    bank.sim(
        f"/payments/{refused.ref}/force", {"status": "canceled", "reason": "insufficient_funds"}
    )

    assert gateway.fetch(paid.ref).status == "succeeded"
    found = gateway.fetch(refused.ref)
    assert (found.status, found.cancel_reason) == ("canceled", "insufficient_funds")


def test_money_goes_back_once_for_each_key(gateway, bank):
    payment = opened(gateway)
    bank.sim(f"/payments/{payment.ref}/force", {"status": "succeeded"})
    request = gateway.refund_request_of(
        payment_ref=payment.ref,
        amount_kopecks=327_900,
        refund_id=3,
        payment_request={},
    )
    request = gateway.with_receipt(request, LINES, gateway.request_of(INTENT))

    refund = gateway.refund(request, "refund-key")

    assert request["receipt"] == gateway.request_of(INTENT)["receipt"]
    assert gateway.refund(request, "refund-key").ref == refund.ref
    assert (refund.payment_ref, refund.amount_kopecks) == (payment.ref, 327_900)
    assert refund.metadata["refund_id"] == "3"
    assert gateway.fetch_refund(refund.ref).ref == refund.ref
    assert [found.ref for found in gateway.refunds_of(payment.ref)] == [refund.ref]
    with pytest.raises(Rejected):
        gateway.refund(request, "another-key")


def test_lists_what_was_opened_since_page_by_page(gateway):
    since = datetime.now(UTC) - timedelta(minutes=1)
    refs = [opened(gateway).ref for _ in range(3)]

    assert [payment.ref for payment in gateway.list_since(since)] == refs[::-1]
    assert list(gateway.list_since(datetime.now(UTC) + timedelta(hours=1))) == []


def test_lists_more_than_ten_pages_and_says_when_it_reads_no_further(gateway, monkeypatch):
    monkeypatch.setattr("shop.gateways.payments.yookassa.adapter.PAGE_SIZE", 1)
    since = datetime.now(UTC) - timedelta(minutes=1)
    refs = [opened(gateway, f"key-{number}").ref for number in range(11)]
    assert [payment.ref for payment in gateway.list_since(since)] == refs[::-1]

    monkeypatch.setattr("shop.gateways.payments.yookassa.adapter.MOST_PAGES", 11)
    assert len(list(gateway.list_since(since))) == 11
    monkeypatch.setattr("shop.gateways.payments.yookassa.adapter.MOST_PAGES", 10)
    with pytest.raises(Unknown, match="longer than the shop reads"):
        list(gateway.list_since(since))


@pytest.mark.parametrize("action", ["500", "502html", "202", "drop_before"])
def test_troubles_before_anything_happened_are_unknown(gateway, bank, action):
    bank.sim("/faults", {"action": action, "match": "create_payment"})

    with pytest.raises(Unknown):
        opened(gateway, "key-2")
    assert opened(gateway, "key-2").status == "pending"


@pytest.mark.parametrize("action", ["drop_after_commit", "500_after_commit"])
def test_a_lost_answer_is_found_again_under_the_same_key(gateway, bank, action):
    bank.sim("/faults", {"action": action, "match": "create_payment"})

    with pytest.raises(Unknown):
        opened(gateway, "key-3")

    payment = opened(gateway, "key-3")
    found = list(gateway.list_since(datetime.now(UTC) - timedelta(minutes=1)))
    assert [kept.ref for kept in found] == [payment.ref]


def test_a_gateway_that_hangs_takes_no_more_than_six_seconds(gateway, bank):
    bank.sim("/faults", {"action": "hang", "match": "*", "seconds": 20})
    started = time.monotonic()

    with pytest.raises(Unknown):
        opened(gateway)

    assert time.monotonic() - started < 6


def test_a_port_where_nobody_is_is_unknown_at_once(yookassa_settings):
    away = YooKassa(
        replace(yookassa_settings, yookassa_api_url=f"http://127.0.0.1:{free_port()}/v3")
    )
    started = time.monotonic()

    with pytest.raises(Unknown):
        away.fetch("22e12f66-000f-5000-8000-18db351245c7")

    assert time.monotonic() - started < 1.5


def test_too_many_requests_say_when_to_come_back(gateway, bank):
    bank.sim("/faults", {"action": "429", "match": "*"})

    with pytest.raises(RateLimited) as told:
        opened(gateway)

    assert 0 < told.value.retry_after <= 60


def test_a_wrong_secret_is_for_the_owner_to_mend(yookassa_settings, caplog):
    stranger = YooKassa(replace(yookassa_settings, yookassa_secret_key="wrong_secret_value"))

    with pytest.raises(Unauthorized):
        stranger.fetch("22e12f66-000f-5000-8000-18db351245c7")

    assert "refuses the shop's id or key" in caplog.text


def test_a_wish_that_makes_no_sense_is_rejected(gateway):
    request = gateway.request_of(INTENT) | {"amount": {"value": "1.00", "currency": "RUB"}}

    with pytest.raises(Rejected) as told:
        gateway.create(request, str(uuid.uuid4()))

    assert (told.value.code, told.value.parameter) == ("invalid_request", "receipt.items")


@pytest.mark.parametrize("ref", ["no-such", "../refunds", "a" * 65, ""])
def test_a_payment_that_is_not_there_is_rejected(gateway, ref):
    with pytest.raises(Rejected):
        gateway.fetch(ref)


def test_after_three_silences_nobody_waits_for_a_while(gateway, bank):
    bank.sim("/faults", {"action": "drop_before", "match": "*", "times": 3})
    for _ in range(3):
        with pytest.raises(Unknown):
            opened(gateway)

    with pytest.raises(Unknown, match="a moment ago"):
        opened(gateway)


def test_logs_hold_neither_the_secret_nor_the_customer(gateway, bank, caplog):
    with caplog.at_level(logging.DEBUG):
        opened(gateway)
        bank.sim("/faults", {"action": "500", "match": "*"})
        with pytest.raises(Unknown):
            opened(gateway)

    assert "test_sandbox_secret" not in caplog.text
    assert "anna@example.ru" not in caplog.text
    assert "Basic" not in caplog.text


def test_no_proxy_of_this_machine_is_asked_for_the_way_to_it(gateway, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")

    assert opened(gateway).status == "pending"


def test_a_certificate_is_called_by_its_name(gateway):
    asked = gateway.request_of(replace(INTENT, order_number="G-1307-3398", is_certificate=True))

    assert asked["description"] == "Подарочный сертификат G-1307-3398"
    assert gateway.request_of(INTENT)["description"] == "Заказ 0042-1187"
