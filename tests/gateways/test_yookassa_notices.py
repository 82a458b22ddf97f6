"""What is read from a notice of YooKassa's, and whom it is taken from."""

import json
from dataclasses import replace

import pytest

from shop.config import read_config
from shop.gateways.payments import Hint, Notice
from shop.gateways.payments.yookassa import YooKassa


@pytest.fixture
def settings(tmp_path):
    return read_config({"SHOP_DATA": str(tmp_path), "SHOP_ENV": "test"})


def notice(**told):
    return Notice({}, json.dumps(told).encode())


def test_reads_what_a_notice_is_about_and_nothing_else(settings):
    gateway = YooKassa(settings)
    about = {"id": "22e12f66-000f-5000-8000-18db351245c7", "status": "succeeded"}

    assert gateway.hint_in(notice(event="payment.succeeded", object=about)) == Hint(
        "payment.succeeded", about["id"]
    )
    assert gateway.hint_in(notice(event="payout.succeeded", object=about)) is None
    assert gateway.hint_in(notice(event="payment.succeeded", object={"id": "../../x"})) is None


@pytest.mark.parametrize(
    "text",
    [b"", b"hello", b"[]", b"{}", b"\xff\xfe", b'{"event": 1, "object": {"id": 2}}', b"[" * 60_000],
)
def test_what_is_no_notice_is_said_to_be_none(settings, text):
    with pytest.raises(ValueError, match="not a notice"):
        YooKassa(settings).hint_in(Notice({}, text))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("185.71.76.5", True),
        ("::ffff:185.71.76.5", True),
        ("2a02:5180::1", True),
        ("185.71.80.1", False),
        ("127.0.0.1", False),
        ("", False),
        ("unix", False),
    ],
)
def test_knows_the_gateways_own_addresses(settings, address, expected):
    networks = ("185.71.76.0/27", "2a02:5180::/32")

    assert YooKassa(replace(settings, yookassa_networks=networks)).is_sender(address) is expected
