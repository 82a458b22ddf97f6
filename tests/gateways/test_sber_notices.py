"""What is read from a callback of Sber's, whose checksum must be right, and whom it is taken from."""

import hashlib
import hmac
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from shop.config import read_config
from shop.gateways.payments import Hint, Notice, Unknown
from shop.gateways.payments.sber import Sber
from shop.gateways.payments.sber.reading import payment_in

REF = "e3e3c538-4d08-4201-bc1d-783c9cdf82a3"
PAID = {"mdOrder": REF, "orderNumber": "0042-1187-7", "operation": "deposited", "status": "1"}
KEY = "test_sandbox_callback_key"


@pytest.fixture
def settings(tmp_path):
    return read_config({"SHOP_DATA": str(tmp_path), "SHOP_ENV": "test"})


@pytest.fixture
def gateway(settings):
    return Sber(settings)


def signed(told, key=KEY):
    text = "".join(f"{name};{told[name]};" for name in sorted(told))
    checksum = hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest().upper()
    return notice(told | {"checksum": checksum})


def notice(told):
    return Notice({}, urlencode(told).encode())


def test_a_checksum_worked_out_by_hand_is_right(gateway):
    text = f"mdOrder;{REF};operation;deposited;orderNumber;0042-1187-7;status;1;"
    checksum = hmac.new(KEY.encode(), text.encode(), hashlib.sha256).hexdigest()

    assert gateway.hint_in(notice(PAID | {"checksum": checksum})) == Hint("payment.succeeded", REF)


@pytest.mark.parametrize(
    ("operation", "status", "event"),
    [
        ("approved", "1", "payment.held"),
        ("approved", "0", "payment.canceled"),
        ("deposited", "1", "payment.succeeded"),
        ("deposited", "0", "payment.canceled"),
        ("reversed", "1", "payment.canceled"),
        ("declinedByTimeout", "1", "payment.canceled"),
    ],
)
def test_reads_where_to_look(gateway, operation, status, event):
    told = PAID | {"operation": operation, "status": status, "amount": "100", "note": "да; нет"}

    assert gateway.hint_in(signed(told)) == Hint(event, REF)


@pytest.mark.parametrize(
    "changes",
    [{"operation": "refunded"}, {"operation": "bindingCreated"}, {"mdOrder": "../x"}],
)
def test_news_of_other_things_are_about_nothing_of_ours(gateway, changes):
    assert gateway.hint_in(signed(PAID | changes)) is None


@pytest.mark.parametrize(
    "forged",
    [
        notice(PAID),
        notice(PAID | {"checksum": ""}),
        notice(PAID | {"checksum": "F" * 64}),
        notice(PAID | {"checksum": "ё"}),
        signed(PAID, key="another_key"),
        Notice(
            {}, signed(PAID | {"operation": "approved"}).body.replace(b"approved", b"deposited")
        ),
        Notice({}, signed(PAID).body + b"&extra=1"),
        Notice({}, signed(PAID).body + f"&mdOrder={REF}".encode()),
    ],
)
def test_a_forged_notice_is_none(gateway, forged):
    with pytest.raises(ValueError, match="not a notice of Sber's"):
        gateway.hint_in(forged)


@pytest.mark.parametrize("body", [b"", b"hello", b"{}", b"\xff\xfe", b"a=1", b"a=1&" * 100])
def test_what_is_no_notice_is_said_to_be_none(gateway, body):
    with pytest.raises(ValueError, match=r"^not a notice"):
        gateway.hint_in(Notice({}, body))


def test_callbacks_may_come_unsigned_where_the_owner_says_so(settings):
    trusting = Sber(replace(settings, sber_callback_key="-"))

    assert trusting.hint_in(notice(PAID)) == Hint("payment.succeeded", REF)


@pytest.mark.parametrize(
    ("address", "expected"), [("84.252.147.7", True), ("127.0.0.1", False), ("", False)]
)
def test_knows_the_banks_own_addresses(settings, address, expected):
    gateway = Sber(replace(settings, sber_networks=("84.252.147.0/24",)))

    assert gateway.is_sender(address) is expected


STATUS = {
    "errorCode": "0",
    "orderNumber": "0042-1187-7",
    "orderStatus": 2,
    "amount": 100_000,
    "currency": "643",
    "attributes": [{"name": "mdOrder", "value": REF}],
    "merchantOrderParams": [{"name": "sbrf_spasibo:amount_bonus", "value": "80000"}],
    "paymentAmountInfo": {"approvedAmount": 20_000, "depositedAmount": 20_000},
}


def read(**changes):
    return payment_in(STATUS | changes, is_test=False, page="https://bank.example/")


def test_sums_of_money_alone_are_made_whole_by_the_bonuses():
    found = read()

    assert (found.amount_kopecks, found.bonus_kopecks) == (100_000, 80_000)
    assert found.metadata == {"attempt_id": "7"}


def test_sums_that_shrink_by_what_went_back_are_read_too():
    sums = {"approvedAmount": 100_000, "depositedAmount": 70_000, "refundedAmount": 30_000}

    found = read(orderStatus=4, paymentAmountInfo=sums)

    assert (found.status, found.amount_kopecks, found.refunded_kopecks) == (
        "succeeded",
        100_000,
        30_000,
    )


def test_other_money_is_not_taken_for_roubles():
    assert read(currency="840").currency == "840"


@pytest.mark.parametrize(
    "changes",
    [
        {"orderStatus": 9},
        {"orderStatus": None},
        {"amount": "much"},
        {"attributes": []},
        {"paymentAmountInfo": {}},
        {"merchantOrderParams": [{}]},
        {"cardAuthInfo": 5},
    ],
)
def test_an_answer_that_is_no_order_is_unknown(changes):
    with pytest.raises(Unknown):
        read(**changes)
