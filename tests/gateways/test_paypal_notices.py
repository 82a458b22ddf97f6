"""What is read from a notice of PayPal's, whose signature PayPal itself must know, and whom it is taken from."""

import json
from dataclasses import replace

import pytest
from paypal_payments import refund_request, taken

from shop.gateways.payments import Hint, Notice
from shop.gateways.payments.paypal import PayPal


@pytest.fixture
def gateway(paypal_settings, paypal):
    return PayPal(paypal_settings)


def notice(paypal, event="payment.succeeded", **about):
    """A notice as PayPal would send it now, signed."""
    letters = paypal.app.house.letters
    row = paypal.app.house.store.one("SELECT id FROM payment")
    _, told = paypal.app.house.news_of(row["id"], {})
    body = letters.write(event, told | about)
    headers = letters.addressed("", body)["headers"]
    return Notice({name.lower(): value for name, value in headers.items()}, body)


def test_a_signed_notice_says_where_to_look(gateway, paypal):
    payment = taken(gateway, paypal)
    gateway.refund(refund_request(gateway, payment), "refund-key")
    refund = paypal.app.house.refunds_of(payment.ref)[0]

    assert gateway.hint_in(notice(paypal)) == Hint("payment.succeeded", payment.ref)
    assert gateway.hint_in(notice(paypal, "payment.held")) == Hint("payment.held", payment.ref)
    assert gateway.hint_in(notice(paypal, "refund.succeeded", refund=refund)) == Hint(
        "refund.succeeded", refund["id"]
    )


def test_a_notice_of_somebody_else_is_none(gateway, paypal):
    taken(gateway, paypal)
    true = notice(paypal)
    other = notice(paypal, amount={"value": "1.00", "currency": "RUB"})

    with pytest.raises(ValueError, match="wrong signature"):
        gateway.hint_in(replace(true, body=other.body))
    with pytest.raises(ValueError, match="not signed"):
        gateway.hint_in(replace(true, headers={}))


def test_a_notice_that_cannot_be_checked_now_is_not_taken(gateway, paypal):
    taken(gateway, paypal)
    true = notice(paypal)
    paypal.sim("/faults", {"action": "500", "match": "verify_signature"})

    with pytest.raises(ValueError, match="nobody knows"):
        gateway.hint_in(true)
    assert gateway.hint_in(true).event == "payment.succeeded"


def test_a_notice_about_nothing_of_ours_is_passed_over_unasked(gateway, paypal):
    body = {"event_type": "CUSTOMER.DISPUTE.CREATED", "resource": {"id": "X"}}

    assert gateway.hint_in(Notice({}, json.dumps(body).encode())) is None


@pytest.mark.parametrize("text", [b"", b"hello", b"[]", b"{}", b"\xff\xfe", b"[" * 60_000])
def test_what_is_no_notice_is_said_to_be_none(gateway, text):
    with pytest.raises(ValueError, match="not a notice"):
        gateway.hint_in(Notice({}, text))


def test_listens_to_the_networks_it_was_told(paypal_settings):
    gateway = PayPal(replace(paypal_settings, paypal_networks=("66.211.168.0/22",)))

    assert gateway.is_sender("66.211.170.66") and gateway.is_sender("::ffff:66.211.170.66")
    assert not gateway.is_sender("127.0.0.1") and not gateway.is_sender("unix")
