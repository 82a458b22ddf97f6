"""The test QIWI: bills under the shop's own numbers, refunds, and signed notices."""

import hashlib
import hmac
import json

import pytest
import requests
from wallets import Ear, open_wallet

from sandbox.qiwi import create_qiwi


@pytest.fixture
def shop():
    ear = Ear()
    yield ear
    ear.stop()


@pytest.fixture
def qiwi(tmp_path, shop):
    wallet, end = open_wallet(create_qiwi, tmp_path, shop.notices_url)
    yield wallet
    end()


@pytest.fixture
def ask(qiwi):
    """Call the API as the shop."""

    def ask(method, path, body=None, key="test_sandbox_secret"):
        return requests.request(
            method,
            f"{qiwi.url}/partner/bill/v1/bills/{path}",
            json=body,
            headers={"Authorization": f"Bearer {key}"},
            timeout=10,
        )

    return ask


def wish(value="100.00", **changes):
    return {
        "amount": {"currency": "RUB", "value": value},
        "comment": "Заказ 17",
        "expirationDateTime": "2099-01-01T00:00:00+03:00",
        "customer": {},
        "customFields": {"attempt_id": "7"},
    } | changes


@pytest.fixture
def bill(ask):
    answer = ask("PUT", "b-1", wish())
    assert answer.status_code == 200, answer.text
    return answer.json()


def page_of(bill, shop):
    return f"{bill['payUrl']}&successUrl={shop.back}"


def status(ask, bill):
    return ask("GET", bill["billId"]).json()["status"]["value"]


def test_a_stranger_sees_nothing(ask):
    answer = ask("GET", "b-1", key="guess")

    assert (answer.status_code, answer.json()["errorCode"]) == (401, "auth.unauthorized")


def test_the_same_bill_twice_is_one_and_another_sum_under_its_number_is_refused(ask, qiwi, bill):
    assert ask("PUT", "b-1", wish()).json() == bill
    assert ask("PUT", "b-1", wish("1.00")).status_code == 409
    assert len(qiwi.dump()["payment"]) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": {"currency": "USD", "value": "1.00"}},
        {"amount": {"currency": "RUB", "value": "0"}},
        {"amount": {}},
        {"expirationDateTime": "soon"},
    ],
)
def test_a_wrong_wish_is_refused(ask, changes):
    answer = ask("PUT", "b-2", wish(**changes))

    assert (answer.status_code, answer.json()["errorCode"]) == (400, "validation.error")
    assert ask("GET", "b-2").status_code == 404


def test_the_page_says_who_wants_what_and_leads_back(bill, shop):
    answer = requests.get(page_of(bill, shop), timeout=10)

    assert "деньги не списываются" in answer.text
    assert "Заказ 17" in answer.text and "100\u00a0₽" in answer.text
    assert f'href="{shop.back}"' in answer.text
    assert shop.back.removesuffix("/back") in answer.headers["Content-Security-Policy"]


def test_pay_refuse_and_leave_it(ask, qiwi, bill, shop):
    assert status(ask, bill) == "WAITING"

    back = qiwi.press(page_of(bill, shop), "yes")

    assert (back.status_code, back.headers["Location"]) == (303, shop.back)
    assert status(ask, bill) == "PAID"
    other = ask("PUT", "b-2", wish()).json()
    qiwi.press(page_of(other, shop), "no")
    assert status(ask, other) == "REJECTED"


def test_a_bill_can_be_withdrawn_until_it_is_paid(ask, qiwi, bill, shop):
    other = ask("PUT", "b-2", wish()).json()
    qiwi.press(page_of(other, shop), "yes")

    assert ask("POST", "b-1/reject").json()["status"]["value"] == "REJECTED"
    assert ask("POST", "b-2/reject").json()["status"]["value"] == "PAID"


def test_a_bill_expires_when_it_said_and_that_is_told(ask, qiwi, shop):
    bill = ask("PUT", "b-3", wish()).json()
    qiwi.sim("/clock/advance", {"seconds": 80 * 366 * 24 * 3600})

    assert status(ask, bill) == "EXPIRED"
    (_, body) = shop.hears(1)[0]
    assert json.loads(body)["bill"]["status"]["value"] == "EXPIRED"


def test_refunds_have_the_shops_numbers_too(ask, qiwi, bill, shop):
    qiwi.press(page_of(bill, shop), "yes")
    part = {"amount": {"currency": "RUB", "value": "60.00"}}

    first = ask("PUT", "b-1/refunds/1", part)
    again = ask("PUT", "b-1/refunds/1", part)
    more = ask("PUT", "b-1/refunds/2", part)

    assert first.json() == again.json() == ask("GET", "b-1/refunds/1").json()
    assert (first.json()["status"], first.json()["amount"]["value"]) == ("PARTIAL", "60.00")
    assert (more.status_code, more.json()["errorCode"]) == (400, "refund.incorrect.amount")


def test_notices_are_signed_with_the_shops_key(qiwi, bill, shop):
    qiwi.press(page_of(bill, shop), "yes")

    headers, body = shop.hears(1)[0]

    told = json.loads(body)["bill"]
    assert (told["billId"], told["status"]["value"]) == ("b-1", "PAID")
    text = f"RUB|100.00|b-1|{told['siteId']}|PAID".encode()
    true = hmac.new(b"test_sandbox_secret", text, hashlib.sha256).hexdigest()
    assert headers["x-api-signature-sha256"] == true


def test_a_lie_about_a_bill_is_signed_as_well(ask, qiwi, bill, shop):
    qiwi.sim("/hooks", {"mode": "forged_amount", "value": "1.00", "times": 1})
    qiwi.sim("/payments/b-1/force", {"status": "succeeded"})

    (_, body) = shop.hears(1)[0]

    assert json.loads(body)["bill"]["amount"]["value"] == "1.00"
    assert ask("GET", "b-1").json()["amount"]["value"] == "100.00"
