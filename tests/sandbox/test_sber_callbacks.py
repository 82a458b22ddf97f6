"""What Sber's gateway tells the shop, honest and otherwise."""

import hashlib
import hmac
from urllib.parse import parse_qsl

import pytest
from flask import Flask, request
from sber_gate import SberGate

from sandbox.serving import serve


def pairs(body):
    return dict(parse_qsl(body.decode(), strict_parsing=True))


@pytest.fixture
def gate(tmp_path, fake_shop):
    gate = SberGate(tmp_path, fake_shop.notices_url)
    yield gate
    gate.stop()


@pytest.fixture
def heard(fake_shop, eventually):
    """Wait for so many callbacks and return their pairs."""

    def heard(count):
        eventually(lambda: len(fake_shop.bodies) >= count)
        return [pairs(body) for body in fake_shop.bodies]

    return heard


def test_tells_of_a_payment_with_a_checksum_over_the_sorted_pairs(gate, heard):
    order = gate.open("17-1")

    gate.pay(order)

    (told,) = heard(1)
    text = f"mdOrder;{order};operation;deposited;orderNumber;17-1;status;1;"
    key = b"test_sandbox_callback_key"
    assert told == {
        "mdOrder": order,
        "orderNumber": "17-1",
        "operation": "deposited",
        "status": "1",
        "checksum": hmac.new(key, text.encode(), hashlib.sha256).hexdigest().upper(),
    }


@pytest.mark.parametrize(
    ("deed", "expected"),
    [
        (lambda gate, order: gate.pay(order, "2200000000000053"), ("deposited", "0")),
        (
            lambda gate, order: gate.sim("/clock/advance", {"seconds": 1201}),
            ("declinedByTimeout", "1"),
        ),
    ],
)
def test_tells_of_a_payment_that_came_to_nothing(gate, heard, deed, expected):
    deed(gate, gate.open())

    (told,) = heard(1)
    assert (told["operation"], told["status"]) == expected


def test_tells_of_a_refund(gate, heard):
    order = gate.open()
    gate.pay(order)

    gate.ask("autoRefund", orderId=order, amount="100")

    assert heard(2)[1]["operation"] == "refunded"


def test_tries_again_until_the_shop_says_200(gate, fake_shop, heard):
    fake_shop.answers = [500, 302]

    gate.pay(gate.open())

    first, second, third = heard(3)
    assert first == second == third


def test_doubles_loses_and_delays(gate, fake_shop, heard):
    gate.sim("/hooks", {"mode": "lost", "times": 1})
    gate.pay(gate.open("1-1"))
    gate.sim("/hooks", {"mode": "delay", "seconds": 600, "times": 1})
    gate.pay(gate.open("2-2"))
    gate.sim("/hooks", {"mode": "duplicate", "copies": 2, "times": 1})
    gate.pay(gate.open("3-3"))

    assert [told["orderNumber"] for told in heard(2)] == ["3-3", "3-3"]
    gate.sim("/clock/advance", {"seconds": 601})
    assert heard(3)[2]["orderNumber"] == "2-2"


def test_lies_when_it_is_told_to(gate, heard):
    order = gate.open()

    gate.sim(f"/payments/{order}/notice", {"object": {"checksum": "F" * 64}})
    gate.sim(f"/payments/{order}/notice", {"object": {"operation": "approved"}})

    unsigned, untrue = heard(2)
    assert (unsigned["operation"], unsigned["checksum"]) == ("deposited", "F" * 64)
    assert untrue["operation"] == "approved"
    assert gate.status(order)["orderStatus"] == 0


def test_writes_into_the_address_when_the_shop_wants_no_form(tmp_path, eventually):
    heard = []
    app = Flask("shop-of-addresses")
    app.get("/notices")(lambda: heard.append(request.query_string) or "")
    serving = serve(app)
    gate = SberGate(tmp_path, f"{serving.url}/notices", sber_callback_method="GET")

    gate.pay(gate.open("17-1"))

    eventually(lambda: heard)
    assert pairs(heard[0])["orderNumber"] == "17-1"
    gate.stop()
    serving.stop()
