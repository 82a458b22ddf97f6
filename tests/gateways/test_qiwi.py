"""QIWI's client against the test QIWI: bills under our own numbers, so that twice is once."""

import json
import time
import uuid
from dataclasses import replace

import pytest
from wallets import open_wallet

from sandbox.qiwi import create_qiwi
from sandbox.serving import free_port
from shop.config import read_config
from shop.gateways.payments import (
    Hint,
    Intent,
    Notice,
    Rejected,
    Unauthorized,
    Unknown,
)
from shop.gateways.payments.qiwi import Qiwi
from shop.rules.receipts import Line

LINES = (Line("Чайник заварочный", 1, 149_050),)
INTENT = Intent("0042-1187", 7, 149_050, "qiwi", "http://localhost/back", "anna@example.ru", LINES)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    wallet, end = open_wallet(create_qiwi, tmp_path_factory.mktemp("qiwi"))
    yield wallet
    end()


@pytest.fixture
def qiwi(house):
    house.sim("/reset")
    return house


@pytest.fixture
def settings(tmp_path, house):
    address = f"{house.url}/partner/bill/v1"
    return read_config({"SHOP_DATA": str(tmp_path), "SHOP_ENV": "test", "QIWI_API_URL": address})


@pytest.fixture
def gateway(settings, qiwi):
    return Qiwi(settings)


def opened(gateway, key=None, intent=INTENT):
    return gateway.create(gateway.request_of(intent), key or str(uuid.uuid4()))


def paid(gateway, qiwi):
    payment = opened(gateway)
    qiwi.press(payment.pay_at, "yes")
    return gateway.fetch(payment.ref)


def refund_request(gateway, payment, kopecks=149_050, refund_id=3):
    return gateway.refund_request_of(
        payment_ref=payment.ref, amount_kopecks=kopecks, refund_id=refund_id, payment_request={}
    )


def test_writes_a_bill_under_the_keys_number_and_reads_it_back(gateway):
    payment = opened(gateway, "key-1")

    assert (payment.ref, payment.status, payment.is_test) == ("key-1", "pending", True)
    assert (payment.amount_kopecks, payment.currency) == (149_050, "RUB")
    assert payment.metadata == {"attempt_id": "7"}
    assert payment.pay_at.endswith("successUrl=http%3A%2F%2Flocalhost%2Fback")
    found = gateway.fetch("key-1")
    assert replace(found, pay_at=payment.pay_at) == payment


def test_what_is_asked_for_can_be_kept(gateway):
    request = gateway.request_of(INTENT)

    assert json.loads(json.dumps(request)) == request
    assert request["amount"] == {"currency": "RUB", "value": "1490.50"}


def test_paying_leads_back_to_the_shop(gateway, qiwi):
    payment = opened(gateway)

    back = qiwi.press(payment.pay_at, "yes")

    assert (back.status_code, back.headers["Location"]) == (303, "http://localhost/back")
    assert gateway.fetch(payment.ref).status == "succeeded"


def test_a_refused_bill_is_canceled(gateway, qiwi):
    payment = opened(gateway)

    qiwi.press(payment.pay_at, "no")

    found = gateway.fetch(payment.ref)
    assert (found.status, found.cancel_reason, found.pay_at) == (
        "canceled",
        "canceled_by_payer",
        "",
    )


def test_an_abandoned_bill_is_over_when_the_order_is(gateway, qiwi):
    payment = opened(gateway)

    qiwi.sim("/clock/advance", {"seconds": 30 * 60 + 1})

    found = gateway.fetch(payment.ref)
    assert (found.status, found.cancel_reason) == ("canceled", "expired_on_confirmation")


@pytest.mark.parametrize("action", ["drop_after_commit", "500_after_commit"])
def test_a_lost_answer_is_found_again_under_the_same_key(gateway, qiwi, action):
    qiwi.sim("/faults", {"action": action, "match": "create_bill"})
    request = gateway.request_of(INTENT)

    with pytest.raises(Unknown):
        gateway.create(request, "key-1")

    assert gateway.create(request, "key-1").status == "pending"
    assert len(qiwi.dump()["payment"]) == 1


def test_a_number_that_is_taken_shows_what_stands_there(gateway):
    opened(gateway, "key-1")

    found = opened(gateway, "key-1", replace(INTENT, amount_kopecks=100, attempt_id=8))

    assert (found.amount_kopecks, found.metadata["attempt_id"]) == (149_050, "7")


@pytest.mark.parametrize("action", ["500", "502html", "202", "drop_before"])
def test_troubles_before_anything_happened_are_unknown(gateway, qiwi, action):
    qiwi.sim("/faults", {"action": action, "match": "create_bill"})

    with pytest.raises(Unknown):
        opened(gateway, "key-2")
    assert opened(gateway, "key-2").status == "pending"


def test_money_goes_back_once_for_each_number_of_ours(gateway, qiwi):
    payment = paid(gateway, qiwi)

    refund = gateway.refund(refund_request(gateway, payment, 50_000), "a-key")

    assert gateway.refund(refund_request(gateway, payment, 50_000), "another-key") == refund
    assert (refund.status, refund.payment_ref, refund.amount_kopecks) == (
        "succeeded",
        payment.ref,
        50_000,
    )
    assert refund.metadata == {"refund_id": "3"}
    assert gateway.fetch_refund(refund.ref) == refund
    with pytest.raises(Rejected, match=r"refund\.incorrect\.amount"):
        gateway.refund(refund_request(gateway, payment, 100_000, 4), "a-key")


def test_a_lost_answer_to_a_refund_sends_money_back_once(gateway, qiwi):
    payment = paid(gateway, qiwi)
    qiwi.sim("/faults", {"action": "drop_after_commit", "match": "create_refund"})

    with pytest.raises(Unknown):
        gateway.refund(refund_request(gateway, payment), "a-key")

    assert gateway.refund(refund_request(gateway, payment), "a-key").amount_kopecks == 149_050
    assert len(qiwi.dump()["refund"]) == 1


def test_nothing_goes_back_of_an_unpaid_bill(gateway):
    with pytest.raises(Rejected):
        gateway.refund(refund_request(gateway, opened(gateway)), "a-key")


def test_nothing_is_ever_held(gateway):
    with pytest.raises(Rejected, match="nothing_is_held"):
        gateway.capture(opened(gateway), "a-key")


def test_a_gateway_that_hangs_takes_no_more_than_six_seconds(gateway, qiwi):
    qiwi.sim("/faults", {"action": "hang", "match": "*", "seconds": 20})
    started = time.monotonic()

    with pytest.raises(Unknown):
        opened(gateway)

    assert time.monotonic() - started < 6


def test_a_port_where_nobody_is_is_unknown_at_once(settings):
    away = Qiwi(replace(settings, qiwi_api_url=f"http://127.0.0.1:{free_port()}"))
    started = time.monotonic()

    with pytest.raises(Unknown):
        away.fetch("key-1")

    assert time.monotonic() - started < 1.5


def test_a_wrong_key_is_for_the_owner_to_mend(settings, qiwi, caplog):
    with pytest.raises(Unauthorized):
        opened(Qiwi(replace(settings, qiwi_secret_key="wrong_secret_value")))

    assert "auth.unauthorized" in caplog.text
    assert "wrong_secret_value" not in caplog.text


@pytest.mark.parametrize("ref", ["no-such", "../bills", "a" * 65, ""])
def test_a_bill_that_is_not_there_is_rejected(gateway, ref):
    with pytest.raises(Rejected):
        gateway.fetch(ref)


def bill(status="PAID", value="1490.50", ref="key-1"):
    about = {
        "siteId": "test",
        "billId": ref,
        "amount": {"value": value, "currency": "RUB"},
        "status": {"value": status},
    }
    return json.dumps({"bill": about, "version": "3"}).encode()


def signed(qiwi, body):
    headers = qiwi.app.house.letters.addressed("", body)["headers"]
    return Notice({name.lower(): value for name, value in headers.items()}, body)


def test_the_signature_is_the_one_that_qiwis_own_documents_show(settings):
    gateway = Qiwi(replace(settings, qiwi_secret_key="test-merchant-secret-for-signature-check"))
    signature = "07e0ebb10916d97760c196034105d010607a6c6b7d72bfa1c3451448ac484a3b"
    body = bill(ref="test-bill").replace(b'"1490.50"', b"1").replace(b"test-bill", b"test_bill")

    # A number with an underscore is none of ours, but it is signed.
    assert gateway.hint_in(Notice({"x-api-signature-sha256": signature}, body)) is None
    with pytest.raises(ValueError, match="wrong signature"):
        gateway.hint_in(Notice({"x-api-signature-sha256": signature}, bill()))


def test_a_signed_notice_says_where_to_look_and_is_thanked_in_qiwis_words(gateway, qiwi):
    payment = paid(gateway, qiwi)
    told = [row["body"].encode() for row in qiwi.dump()["notice"]]

    assert gateway.hint_in(signed(qiwi, told[0])) == Hint(
        "payment.succeeded", payment.ref, answer='{"error":"0"}'
    )


def test_a_notice_of_somebody_else_is_none(gateway):
    with pytest.raises(ValueError, match="wrong signature"):
        gateway.hint_in(Notice({"x-api-signature-sha256": "0" * 64}, bill()))
    with pytest.raises(ValueError, match="wrong signature"):
        gateway.hint_in(Notice({}, bill()))


@pytest.mark.parametrize("text", [b"", b"hello", b"[]", b"{}", b'{"bill": 1}', b"[" * 60_000])
def test_what_is_no_notice_is_said_to_be_none(gateway, text):
    with pytest.raises(ValueError, match="not a notice"):
        gateway.hint_in(Notice({}, text))
