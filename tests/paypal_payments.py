"""Payments at the test PayPal for tests of its client: opened, agreed to and taken, about to go back."""

import uuid

from shop.gateways.payments import Intent
from shop.rules.receipts import Line

LINES = (Line("Чайник заварочный", 1, 149_050),)
INTENT = Intent(
    "0042-1187", 7, 149_050, "paypal", "http://localhost/back", "anna@example.ru", LINES
)


def opened(gateway, key=None):
    """A payment nobody has agreed to."""
    return gateway.create(gateway.request_of(INTENT), key or str(uuid.uuid4()))


def taken(gateway, paypal):
    """A payment whose money came."""
    payment = opened(gateway)
    paypal.press(payment.pay_at, "yes")
    return gateway.capture(gateway.fetch(payment.ref), "capture-key")


def refund_request(gateway, payment, kopecks=149_050, refund_id=3):
    """What the client is asked to send back: all of it, or so much."""
    return gateway.refund_request_of(
        payment_ref=payment.ref, amount_kopecks=kopecks, refund_id=refund_id, payment_request={}
    )
