"""PayPal's client against the test PayPal: agreed to, taken, refused, sent back."""

import json
from dataclasses import replace

import pytest
from paypal_payments import INTENT, opened, refund_request, taken

from shop.gateways.payments import Rejected
from shop.gateways.payments.paypal import PayPal
from shop.rules.receipts import Line


@pytest.fixture
def gateway(paypal_settings, paypal):
    return PayPal(paypal_settings)


def test_opens_an_order_and_reads_it_back(gateway):
    payment = opened(gateway)

    assert payment.status == "pending"
    assert (payment.amount_kopecks, payment.currency, payment.is_test) == (149_050, "RUB", True)
    assert payment.metadata == {"attempt_id": "7"}
    assert payment.pay_at.endswith(f"/pay/{payment.ref}")
    assert gateway.fetch(payment.ref) == payment


def test_what_is_asked_for_can_be_kept(gateway):
    request = gateway.request_of(INTENT)

    assert json.loads(json.dumps(request)) == request
    assert request["purchase_units"][0]["amount"] == {"currency_code": "RUB", "value": "1490.50"}


def test_a_certificate_is_called_one(gateway):
    line = Line("Сертификат", 1, 149_050, "payment", "advance")

    unit = gateway.request_of(replace(INTENT, lines=(line,), is_certificate=True))[
        "purchase_units"
    ][0]

    assert unit["description"] == "Подарочный сертификат 0042-1187"


def test_agreeing_holds_the_money_and_only_the_shop_takes_it(gateway, paypal):
    payment = opened(gateway)

    paypal.press(payment.pay_at, "yes")
    held = gateway.fetch(payment.ref)
    succeeded = gateway.capture(held, "capture-key")

    assert (held.status, held.pay_at) == ("held", "")
    assert (succeeded.status, succeeded.amount_kopecks) == ("succeeded", 149_050)
    assert gateway.fetch(payment.ref) == succeeded


def test_taking_twice_takes_once_under_the_same_key_and_another(gateway, paypal):
    payment = taken(gateway, paypal)

    assert gateway.capture(payment, "capture-key").status == "succeeded"
    assert gateway.capture(payment, "another-key").status == "succeeded"
    assert len(paypal.dump()["payment"]) == 1


def test_what_nobody_has_agreed_to_cannot_be_taken(gateway):
    payment = opened(gateway)

    assert gateway.capture(payment, "capture-key").status == "pending"


def test_a_payer_without_money_is_a_refusal(gateway, paypal):
    payment = opened(gateway)
    paypal.press(payment.pay_at, "short")

    found = gateway.capture(gateway.fetch(payment.ref), "capture-key")

    assert (found.status, found.cancel_reason) == ("canceled", "general_decline")


def test_a_payer_who_says_no_goes_back_to_the_shop_and_nothing_is_taken(gateway, paypal):
    payment = opened(gateway)

    back = paypal.press(payment.pay_at, "no").headers["Location"]

    assert back == f"http://localhost/back?token={payment.ref}"
    assert gateway.fetch(payment.ref).status == "canceled"


def test_an_abandoned_order_is_over_after_three_hours(gateway, paypal):
    payment = opened(gateway)

    paypal.sim("/clock/advance", {"seconds": 3 * 3600 + 1})

    found = gateway.fetch(payment.ref)
    assert (found.status, found.cancel_reason) == ("canceled", "expired_on_confirmation")


def test_money_goes_back_once_for_each_key(gateway, paypal):
    payment = taken(gateway, paypal)
    request = refund_request(gateway, payment, 50_000)

    refund = gateway.refund(request, "refund-key")

    assert gateway.refund(request, "refund-key") == refund
    assert (refund.status, refund.payment_ref, refund.amount_kopecks) == (
        "succeeded",
        payment.ref,
        50_000,
    )
    assert refund.metadata == {"refund_id": "3"}
    assert gateway.fetch_refund(refund.ref) == refund
    assert list(gateway.refunds_of(payment.ref)) == [refund]
    assert gateway.fetch(payment.ref).refunded_kopecks == 50_000
    with pytest.raises(Rejected):
        gateway.refund(refund_request(gateway, payment, 100_000, 4), "another-key")


def test_a_refund_may_take_its_time_and_fail(gateway, paypal):
    payment = taken(gateway, paypal)
    paypal.sim("/refund_result", {"status": "pending", "then": "canceled"})
    refund = gateway.refund(refund_request(gateway, payment), "refund-key")

    paypal.sim("/clock/advance", {"seconds": 61})

    assert refund.status == "pending"
    found = gateway.fetch_refund(refund.ref)
    assert (found.status, found.cancel_reason) == ("canceled", "insufficient_funds")


def test_nothing_goes_back_of_what_never_came(gateway):
    with pytest.raises(Rejected, match="nothing_was_taken"):
        gateway.refund(refund_request(gateway, opened(gateway)), "refund-key")


@pytest.mark.parametrize("ref", ["NOSUCH", "../orders", "a" * 65, ""])
def test_an_order_that_is_not_there_is_rejected(gateway, ref):
    with pytest.raises(Rejected):
        gateway.fetch(ref)
