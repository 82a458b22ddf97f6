"""Sber's door: callbacks come as a form or in the address, and only with the right checksum."""

import hashlib
import hmac
from urllib.parse import urlencode

import pytest
from paying import Paying
from sqlalchemy import select

from shop.db import db
from shop.models import OutboxItem, PaymentNotice

DOOR = "/payments/notices/sber"
REF = "e3e3c538-4d08-4201-bc1d-783c9cdf82a3"
PAID = {"mdOrder": REF, "orderNumber": "0042-1187-7", "operation": "deposited", "status": "1"}


@pytest.fixture
def tell(app, make):
    """Tell as the gateway does, by either method."""
    Paying(app, make)
    del app.extensions["shop_gateways"]

    def tell(method, text, sender="127.0.0.1"):
        place = {"query_string": text} if method == "GET" else {"data": text}
        form = "application/x-www-form-urlencoded"
        return app.test_client().open(
            DOOR,
            method=method,
            content_type=None if method == "GET" else form,
            environ_base={"REMOTE_ADDR": sender},
            **place,
        )

    return tell


def signed(told):
    text = "".join(f"{name};{told[name]};" for name in sorted(told))
    key = b"test_sandbox_callback_key"
    checksum = hmac.new(key, text.encode(), hashlib.sha256).hexdigest().upper()
    return urlencode(told | {"checksum": checksum})


def kept(app, model=PaymentNotice):
    with app.app_context():
        return list(db.session.scalars(select(model)))


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_callback_is_kept_as_it_came_and_once(tell, app, method):
    answers = [tell(method, signed(PAID)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    (notice,) = kept(app)
    assert (notice.gateway, notice.event, notice.gateway_ref) == ("sber", "payment.succeeded", REF)
    assert notice.body == signed(PAID)
    assert [errand.kind for errand in kept(app, OutboxItem)] == ["payment-sync"]


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(
    ("text", "sender", "status"),
    [
        (urlencode(PAID | {"checksum": "F" * 64}), "127.0.0.1", 400),
        (urlencode(PAID), "127.0.0.1", 400),
        ("", "127.0.0.1", 400),
        (signed(PAID), "203.0.113.5", 403),
    ],
)
def test_forgers_and_strangers_are_refused_and_nothing_is_kept(
    tell, app, method, text, sender, status
):
    assert tell(method, text, sender).status_code == status
    assert kept(app) == []


def test_no_other_gateway_tells_by_address(app):
    assert app.test_client().get("/payments/notices/paypal?a=1").status_code == 405
