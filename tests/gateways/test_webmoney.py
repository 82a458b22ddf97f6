"""WebMoney's client against the test WebMoney: a form there, a question, a notice, and interface X18."""

import json
import time
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import pytest
import time_machine
from wallets import open_wallet

from sandbox.serving import free_port
from sandbox.webmoney import create_webmoney
from shop.config import read_config
from shop.gateways.payments import (
    Hint,
    Intent,
    Notice,
    Rejected,
    Unauthorized,
    Unknown,
)
from shop.gateways.payments.webmoney import WebMoney
from shop.gateways.payments.webmoney.reading import found_in
from shop.rules.receipts import Line

LINES = (Line("Чайник заварочный", 1, 149_050),)
INTENT = Intent(
    "0042-1187", 7, 149_050, "webmoney", "http://localhost/back", "anna@example.ru", LINES
)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    wallet, end = open_wallet(create_webmoney, tmp_path_factory.mktemp("webmoney"))
    yield wallet
    end()


@pytest.fixture
def webmoney(house):
    house.sim("/reset")
    return house


@pytest.fixture
def settings(tmp_path, house):
    return read_config(
        {
            "SHOP_DATA": str(tmp_path),
            "SHOP_ENV": "test",
            "WEBMONEY_PAY_URL": f"{house.url}/lmi/payment.asp",
            "WEBMONEY_API_URL": f"{house.url}/conf/xml/XMLTransGet.asp",
        }
    )


@pytest.fixture
def gateway(settings, webmoney):
    return WebMoney(settings)


def opened(gateway, intent=INTENT):
    return gateway.create(gateway.request_of(intent), "a-key")


def paid(gateway, webmoney):
    payment = opened(gateway)
    webmoney.press(webmoney.bring(payment), "yes")
    return payment


def notice(**changes):
    """What WebMoney asks before it takes money."""
    fields = {
        "LMI_PREREQUEST": "1",
        "LMI_MODE": "0",
        "LMI_PAYEE_PURSE": "P100500100500",
        "LMI_PAYMENT_AMOUNT": "1490.50",
        "LMI_PAYMENT_NO": "7",
        "SHOP_REF": "7-149050-1795000000",
    }
    return Notice({}, urlencode(fields | changes).encode())


def test_opening_asks_nobody_and_gives_a_form_to_bring(gateway, settings):
    payment = opened(gateway)

    assert (payment.status, payment.currency, payment.is_test) == ("pending", "RUB", True)
    assert (payment.amount_kopecks, payment.metadata) == (149_050, {"attempt_id": "7"})
    assert payment.pay_at == settings.webmoney_pay_url
    assert payment.pay_form["LMI_PAYEE_PURSE"] == "P100500100500"
    assert payment.pay_form["LMI_PAYMENT_AMOUNT"] == "1490.50"
    assert payment.pay_form["LMI_PAYMENT_NO"] == "7"
    assert payment.ref.startswith("7-149050-") and payment.pay_form["SHOP_REF"] == payment.ref


def test_what_is_asked_for_can_be_kept_and_opens_the_same_payment_again(gateway):
    request = gateway.request_of(INTENT)

    assert json.loads(json.dumps(request)) == request
    assert gateway.create(request, "a-key") == gateway.create(request, "another-key")


def test_a_purse_that_holds_no_roubles_opens_nothing(settings):
    dollars = WebMoney(replace(settings, webmoney_purse="Z100500100500"))

    with pytest.raises(Rejected, match="currency_not_supported"):
        opened(dollars)


def test_a_payment_nobody_made_yet_is_pending(gateway, webmoney):
    payment = opened(gateway)
    before = gateway.fetch(payment.ref)
    webmoney.bring(payment)

    assert before.status == gateway.fetch(payment.ref).status == "pending"
    assert (before.amount_kopecks, before.metadata) == (149_050, {"attempt_id": "7"})


def test_paying_leads_back_to_the_shop(gateway, webmoney):
    payment = opened(gateway)

    back = webmoney.press(webmoney.bring(payment), "yes").headers["Location"]

    assert back.startswith("http://localhost/back?back=1&LMI_PAYMENT_NO=7&")
    found = gateway.fetch(payment.ref)
    assert (found.status, found.amount_kopecks, found.ref) == ("succeeded", 149_050, payment.ref)


def test_a_refused_payment_is_canceled(gateway, webmoney):
    payment = opened(gateway)

    webmoney.press(webmoney.bring(payment), "no")

    found = gateway.fetch(payment.ref)
    assert (found.status, found.cancel_reason) == ("canceled", "canceled_by_payer")


def test_an_abandoned_payment_is_over_an_hour_after_the_order(gateway):
    payment = opened(gateway)

    with time_machine.travel(time.time() + 89 * 60, tick=True):
        assert gateway.fetch(payment.ref).status == "pending"
    with time_machine.travel(time.time() + 91 * 60, tick=True):
        found = gateway.fetch(payment.ref)
    assert (found.status, found.cancel_reason) == ("canceled", "expired_on_confirmation")


def test_another_sum_than_asked_for_is_told_as_it_came(gateway, webmoney):
    payment = opened(gateway)
    cheaper = replace(payment, pay_form=payment.pay_form | {"LMI_PAYMENT_AMOUNT": "1.00"})

    webmoney.press(webmoney.bring(cheaper), "yes")

    found = gateway.fetch(payment.ref)
    assert (found.status, found.amount_kopecks) == ("succeeded", 100)


def test_the_same_form_twice_is_one_page(gateway, webmoney):
    payment = opened(gateway)

    assert webmoney.bring(payment) == webmoney.bring(payment)


def test_nothing_goes_back_by_itself(gateway, webmoney):
    payment = paid(gateway, webmoney)
    request = gateway.refund_request_of(
        payment_ref=payment.ref, amount_kopecks=100, refund_id=3, payment_request={}
    )

    with pytest.raises(Rejected, match="no_refunds"):
        gateway.refund(request, "a-key")
    assert list(gateway.refunds_of(payment.ref)) == []


@pytest.mark.parametrize("action", ["500", "502html", "202", "drop_before", "drop_after_commit"])
def test_troubles_of_asking_are_unknown(gateway, webmoney, action):
    payment = paid(gateway, webmoney)
    webmoney.sim("/faults", {"action": action, "match": "get_payment"})

    with pytest.raises(Unknown):
        gateway.fetch(payment.ref)
    assert gateway.fetch(payment.ref).status == "succeeded"


def test_a_gateway_that_hangs_takes_no_more_than_six_seconds(gateway, webmoney):
    webmoney.sim("/faults", {"action": "hang", "match": "*", "seconds": 20})
    started = time.monotonic()

    with pytest.raises(Unknown):
        gateway.fetch(opened(gateway).ref)

    assert time.monotonic() - started < 6


def test_a_port_where_nobody_is_is_unknown_at_once(settings):
    address = f"http://127.0.0.1:{free_port()}/x18"
    started = time.monotonic()

    with pytest.raises(Unknown):
        WebMoney(replace(settings, webmoney_api_url=address)).fetch("7-149050-1795000000")

    assert time.monotonic() - started < 1.5


def test_a_wrong_secret_is_for_the_owner_to_mend(settings, webmoney, caplog):
    with pytest.raises(Unauthorized):
        WebMoney(replace(settings, webmoney_secret="wrong_secret")).fetch("7-149050-1795000000")

    assert "refuses the shop's purse or key: -7" in caplog.text
    assert "wrong_secret" not in caplog.text


@pytest.mark.parametrize("ref", ["7", "7-1", "a-b-c", "7-1-2-3", "-7-1-2", ""])
def test_what_is_no_reference_of_ours_is_rejected(gateway, ref):
    with pytest.raises(Rejected):
        gateway.fetch(ref)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html><body>502</body></html>",
        b"<merchant.response><retval>-100</retval></merchant.response>",
        b"<merchant.response><retval>0</retval></merchant.response>",
        b"<merchant.response><operation><amount>1e3</amount></operation><retval>0</retval></merchant.response>",
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><merchant.response><operation>'
        b"<amount>&b;</amount></operation><retval>0</retval></merchant.response>",
    ],
)
def test_an_answer_that_says_nothing_is_unknown(answer):
    with pytest.raises(Unknown):
        found_in(answer)


def test_the_question_before_is_passed_on_with_what_it_is_about(gateway):
    hint = gateway.hint_in(notice())

    assert hint.welcome is not None and hint.answer == "YES"
    assert (hint.ref, hint.welcome.ref) == ("7-149050-1795000000",) * 2
    assert (hint.welcome.amount_kopecks, hint.welcome.currency) == (149_050, "RUB")


@pytest.mark.parametrize(
    "changes",
    [
        {"LMI_PAYEE_PURSE": "P999999999999"},
        {"LMI_PAYMENT_AMOUNT": "1.00"},
        {"LMI_PAYMENT_NO": "8"},
        {"SHOP_REF": "7-149050-soon"},
        {"SHOP_REF": ""},
    ],
)
def test_a_form_that_was_changed_on_its_way_is_about_nothing_of_ours(gateway, changes):
    assert gateway.hint_in(notice(**changes)) is None


def test_a_rehearsal_is_no_payment(gateway):
    with pytest.raises(ValueError, match="a rehearsal"):
        gateway.hint_in(notice(LMI_MODE="1"))


def test_a_signed_notice_says_where_to_look(gateway, webmoney):
    payment = paid(gateway, webmoney)
    (told,) = webmoney.dump()["notice"]

    hint = gateway.hint_in(Notice({}, told["body"].encode()))

    assert hint == Hint("payment.succeeded", payment.ref, answer="YES")


@pytest.mark.parametrize("field", ["LMI_SYS_TRANS_NO", "LMI_PAYER_PURSE", "LMI_HASH"])
def test_a_notice_of_somebody_else_is_none(gateway, webmoney, field):
    paid(gateway, webmoney)
    told = dict(parse_qsl(webmoney.dump()["notice"][0]["body"]))

    with pytest.raises(ValueError, match="wrong signature"):
        gateway.hint_in(Notice({}, urlencode(told | {field: "forged"}).encode()))
    del told["LMI_HASH"]
    with pytest.raises(ValueError, match="wrong signature"):
        gateway.hint_in(Notice({}, urlencode(told).encode()))


@pytest.mark.parametrize("text", [b"", b"hello", b"\xff\xfe", b"LMI_PAYMENT_NO=x", b"a=1&" * 500])
def test_what_is_no_notice_is_said_to_be_none(gateway, text):
    with pytest.raises(ValueError, match="not a notice"):
        gateway.hint_in(Notice({}, text))
