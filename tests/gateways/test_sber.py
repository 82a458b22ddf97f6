"""Sber's client against its gateway in a box: opening, reading, holding, listing, and every refusal in the shop's words."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sber_gate import INTENT, WITH_CODE, opened

from shop.gateways.payments import Rejected, Unknown
from shop.gateways.payments.sber import Sber

NUMBER = "0042-1187-7"


@pytest.fixture
def gateway(sber_settings):
    return Sber(sber_settings)


def test_opens_an_order_and_reads_it_back(gateway, sber):
    payment = opened(gateway)

    assert (payment.status, payment.amount_kopecks, payment.currency) == ("pending", 327_900, "RUB")
    assert payment.is_test is True
    assert payment.metadata == {"order": "0042-1187", "attempt_id": "7", "key": "key-1"}
    assert payment.pay_at == f"{sber.url}/merchants/shop/payment_ru.html?mdOrder={payment.ref}"
    assert gateway.fetch(payment.ref) == payment
    assert sber.orders() == [{"id": payment.ref, "order_number": NUMBER}]


def test_what_is_asked_for_can_be_kept(gateway):
    request = gateway.request_of(INTENT)

    assert json.loads(json.dumps(request)) == request
    assert (request["amount"], request["currency"]) == ("327900", "643")
    assert request["sessionTimeoutSecs"] == "1800"
    assert "anna@example.ru" not in str(request)


def test_a_long_number_keeps_its_attempt(gateway):
    request = gateway.request_of(replace(INTENT, order_number="9" * 40, attempt_id=1234))

    assert request["orderNumber"] == "9" * 27 + "-1234"


def test_a_payment_with_bonuses_brings_the_whole_sum(gateway, sber):
    payment = opened(gateway)

    sber.pay(payment.ref, WITH_CODE, bonuses=1_500)

    found = gateway.fetch(payment.ref)
    assert (found.status, found.amount_kopecks, found.bonus_kopecks) == (
        "succeeded",
        327_900,
        150_000,
    )
    assert (found.card_last4, found.card_scheme, found.pay_at) == ("0004", "Mir", "")
    assert found.metadata["attempt_id"] == "7"


def test_no_bonuses_are_none(gateway, sber):
    payment = opened(gateway)

    sber.pay(payment.ref)

    found = gateway.fetch(payment.ref)
    assert (found.status, found.bonus_kopecks, found.refunded_kopecks) == ("succeeded", 0, 0)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("2200000000000012", "3d_secure_failed"),
        ("2200000000000020", "call_issuer"),
        ("2200000000000038", "card_expired"),
        ("2200000000000046", "fraud_suspected"),
        ("2202202212312379", "general_decline"),
        ("2200000000000053", "insufficient_funds"),
        ("2201382000000013", "invalid_card_number"),
        ("2200770212727079", "invalid_csc"),
        ("2201382000000021", "issuer_unavailable"),
        ("2201382000000039", "payment_method_limit_exceeded"),
        ("2201382000000047", "payment_method_restricted"),
        # The gateway has one number for both.
        ("2201382000000054", "payment_method_restricted"),
    ],
)
def test_every_refusal_is_read_in_the_shops_words(gateway, sber, number, reason):
    payment = opened(gateway)

    sber.pay(payment.ref, number, bonuses=100)

    found = gateway.fetch(payment.ref)
    assert (found.status, found.cancel_reason, found.bonus_kopecks) == ("canceled", reason, 0)


def test_an_order_nobody_paid_in_time_is_canceled(gateway, sber):
    payment = opened(gateway)

    sber.sim("/clock/advance", {"seconds": 1801})

    found = gateway.fetch(payment.ref)
    assert (found.status, found.cancel_reason) == ("canceled", "expired_on_confirmation")


def test_a_payer_at_the_issuers_page_is_pending(gateway, sber):
    payment = opened(gateway)
    sber.press(sber.follow(sber.give_card(payment.ref, WITH_CODE)), bonuses="0")

    assert sber.status(payment.ref)["orderStatus"] == 5
    assert gateway.fetch(payment.ref).status == "pending"


def test_what_is_held_is_taken_once(gateway, sber):
    payment = opened(gateway)
    sber.sim(f"/payments/{payment.ref}/force", {"status": "waiting_for_capture"})
    held = gateway.fetch(payment.ref)

    taken = gateway.capture(held, "key")

    assert (held.status, taken.status, taken.amount_kopecks) == ("held", "succeeded", 327_900)
    assert gateway.capture(held, "key") == taken


def test_a_held_order_that_was_let_go_is_not_taken(gateway, sber):
    payment = opened(gateway)
    sber.sim(f"/payments/{payment.ref}/force", {"status": "waiting_for_capture"})
    held = gateway.fetch(payment.ref)
    sber.ask("reverse", orderId=payment.ref)

    with pytest.raises(Rejected, match="not_now"):
        gateway.capture(held, "key")
    assert gateway.fetch(payment.ref).cancel_reason == "canceled_by_merchant"


def test_a_part_of_the_money_is_no_whole(gateway, sber):
    payment = opened(gateway)

    sber.sim(f"/payments/{payment.ref}/force", {"status": "succeeded", "kopecks": 100_000})

    assert gateway.fetch(payment.ref).amount_kopecks == 100_000


def test_the_same_attempt_is_one_order_however_often_it_is_opened(gateway, sber):
    first = opened(gateway)

    assert opened(gateway) == first
    sber.pay(first.ref)
    assert opened(gateway).status == "succeeded"
    assert len(sber.orders()) == 1


@pytest.mark.parametrize("other", [{"key": "key-2"}, {"amount_kopecks": 100_000}])
def test_a_number_somebody_else_has_used_is_rejected(gateway, sber, other):
    opened(gateway)

    with pytest.raises(Rejected, match="order_number_taken"):
        opened(gateway, **other)
    assert len(sber.orders()) == 1


def test_a_wish_that_makes_no_sense_is_rejected(gateway, sber):
    with pytest.raises(Rejected, match="invalid_request"):
        opened(gateway, amount_kopecks=50)
    assert sber.orders() == []


@pytest.mark.parametrize("ref", ["no-such", "a&amount=1", "a" * 65, ""])
def test_an_order_that_is_not_there_is_rejected(gateway, ref):
    with pytest.raises(Rejected, match="not_found"):
        gateway.fetch(ref)


def test_lists_what_was_opened_since_page_by_page(gateway, sber, monkeypatch):
    monkeypatch.setattr("shop.gateways.payments.sber.adapter.PAGE_SIZE", 2)
    since = datetime.now(UTC) - timedelta(minutes=1)
    refs = [opened(gateway, attempt_id=attempt_id).ref for attempt_id in range(5)]

    found = list(gateway.list_since(since))

    assert [payment.ref for payment in found] == refs[::-1]
    assert [payment.metadata["attempt_id"] for payment in found] == ["4", "3", "2", "1", "0"]
    assert list(gateway.list_since(datetime.now(UTC) + timedelta(minutes=5))) == []


def test_lists_more_than_ten_pages_and_says_when_it_reads_no_further(gateway, sber, monkeypatch):
    monkeypatch.setattr("shop.gateways.payments.sber.adapter.PAGE_SIZE", 1)
    since = datetime.now(UTC) - timedelta(minutes=1)
    refs = [opened(gateway, attempt_id=attempt_id).ref for attempt_id in range(11)]
    assert [payment.ref for payment in gateway.list_since(since)] == refs[::-1]

    monkeypatch.setattr("shop.gateways.payments.sber.adapter.MOST_PAGES", 10)
    with pytest.raises(Unknown, match="longer than the shop reads"):
        list(gateway.list_since(since))


def test_a_certificate_is_called_by_its_name(gateway):
    asked = gateway.request_of(replace(INTENT, order_number="G-1307-3398", is_certificate=True))

    assert asked["description"] == "Подарочный сертификат G-1307-3398"
    assert gateway.request_of(INTENT)["description"] == f"Заказ {INTENT.order_number}"
