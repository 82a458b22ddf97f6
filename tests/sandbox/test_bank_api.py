"""The bank's API: payments, their stages, their limits."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from sandbox.bank import create_bank

ITEM = {
    "description": "Tea",
    "quantity": "2",
    "amount": {"value": "500.00", "currency": "RUB"},
    "vat_code": 1,
    "payment_mode": "full_prepayment",
    "payment_subject": "commodity",
}


def receipt(**changes):
    return {"customer": {"email": "ann@example.org"}, "items": [ITEM | changes]}


def test_opens_a_payment(bank):
    payment = bank.open(metadata={"order_no": "17"}, merchant_customer_id="ann")

    assert len(payment["id"]) == 36
    assert payment["status"] == "pending"
    assert payment["paid"] is False and payment["test"] is True
    assert payment["amount"] == {"value": "1000.00", "currency": "RUB"}
    assert payment["description"] == "Order 17"
    assert payment["metadata"] == {"order_no": "17"}
    assert payment["merchant_customer_id"] == "ann"
    assert payment["confirmation"] == {
        "type": "redirect",
        "return_url": bank.shop.return_url,
        "confirmation_url": f"{bank.url}/checkout/{payment['id']}",
    }
    assert bank.get(f"/payments/{payment['id']}").json() == payment


def test_lets_in_nobody_without_the_secret(bank):
    address = f"{bank.url}/v3/me"

    stranger = requests.get(address, timeout=5)
    impostor = requests.get(address, auth=("100500", "guess"), timeout=5)

    assert stranger.status_code == impostor.status_code == 401
    assert stranger.json()["code"] == "invalid_credentials"
    assert bank.get("/me").json()["account_id"] == "100500"


def test_takes_the_money_at_once_when_asked_to(bank):
    payment = bank.paid()

    assert payment["status"] == "succeeded"
    assert payment["paid"] is True and payment["refundable"] is True
    assert payment["refunded_amount"] == {"value": "0.00", "currency": "RUB"}
    assert payment["income_amount"] == {"value": "965.00", "currency": "RUB"}
    assert "confirmation" not in payment


def test_holds_the_money_and_takes_a_part_of_it(bank):
    held = bank.paid(capture=False)
    assert held["status"] == "succeeded"

    payment = bank.open(capture=False)
    bank.pay_by_card(payment, "4111111111111111")
    assert bank.status(payment) == "waiting_for_capture"
    part = {"amount": {"value": "400.00", "currency": "RUB"}}
    taken = bank.post(f"/payments/{payment['id']}/capture", part).json()

    assert taken["status"] == "succeeded"
    assert taken["amount"] == {"value": "400.00", "currency": "RUB"}


def test_lets_held_money_go(bank):
    payment = bank.open(capture=False)
    bank.pay_by_card(payment, "4111111111111111")

    canceled = bank.post(f"/payments/{payment['id']}/cancel").json()

    assert canceled["status"] == "canceled"
    assert canceled["cancellation_details"] == {
        "party": "merchant",
        "reason": "canceled_by_merchant",
    }


@pytest.mark.parametrize("deed", ["capture", "cancel"])
def test_touches_no_money_that_is_not_held(bank, deed):
    payment = bank.open()

    answer = bank.post(f"/payments/{payment['id']}/{deed}")

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_request"
    assert bank.status(payment) == "pending"


def test_takes_no_more_than_is_held(bank):
    payment = bank.open(capture=False)
    bank.pay_by_card(payment, "4111111111111111")

    more = {"amount": {"value": "1000.01", "currency": "RUB"}}
    answer = bank.post(f"/payments/{payment['id']}/capture", more)

    assert answer.json()["parameter"] == "amount.value"
    assert bank.status(payment) == "waiting_for_capture"


WRONG = [
    ("amount", {"amount": None}),
    ("amount.value", {"amount": {"value": 1000, "currency": "RUB"}}),
    ("amount.value", {"amount": {"value": "1000", "currency": "RUB"}}),
    ("amount.value", {"amount": {"value": "0.00", "currency": "RUB"}}),
    ("amount.value", {"amount": {"value": "-5.00", "currency": "RUB"}}),
    ("amount.value", {"amount": {"value": "0.99", "currency": "RUB"}}),
    ("amount.value", {"amount": {"value": "350000.01", "currency": "RUB"}}),
    ("amount.currency", {"amount": {"value": "10.00", "currency": "USD"}}),
    ("description", {"description": "x" * 129}),
    ("capture", {"capture": "yes"}),
    ("capture", {"capture": False, "payment_method_data": {"type": "sbp"}}),
    ("metadata", {"metadata": {f"k{number}": "v" for number in range(17)}}),
    ("metadata", {"metadata": {"k" * 33: "v"}}),
    ("metadata.k", {"metadata": {"k": "v" * 513}}),
    ("metadata.k", {"metadata": {"k": 1}}),
    ("merchant_customer_id", {"merchant_customer_id": "x" * 201}),
    ("confirmation.type", {"confirmation": None}),
    ("confirmation.type", {"confirmation": {"type": "embedded"}}),
    ("confirmation.return_url", {"confirmation": {"type": "redirect"}}),
    (
        "confirmation.return_url",
        {"confirmation": {"type": "redirect", "return_url": "javascript:alert(1)"}},
    ),
    ("payment_method_data.type", {"payment_method_data": {"type": "qiwi"}}),
    ("payment_method_data.type", {"payment_method_data": {"type": "webmoney"}}),
    ("payment_method_data.card", {"payment_method_data": {"type": "bank_card", "card": {}}}),
    ("receipt.customer", {"receipt": {"items": [ITEM]}}),
    ("receipt.items", {"receipt": {"customer": {"phone": "79000000000"}, "items": []}}),
    ("receipt.items", {"receipt": receipt(quantity="1")}),
    ("receipt.items[0].vat_code", {"receipt": receipt(vat_code=13)}),
    ("receipt.items[0].description", {"receipt": receipt(description="x" * 129)}),
    ("receipt.items[0].quantity", {"receipt": receipt(quantity="none")}),
    ("receipt.items[0].amount.value", {"receipt": receipt(amount={"value": 5})}),
]


@pytest.mark.parametrize(("parameter", "changes"), WRONG)
def test_says_which_parameter_is_wrong_and_opens_nothing(bank, parameter, changes):
    answer = bank.post("/payments", bank.wish(**changes))

    assert answer.status_code == 400
    error = answer.json()
    assert (error["type"], error["code"]) == ("error", "invalid_request")
    assert error["parameter"] == parameter
    assert error["id"] and error["description"]
    assert bank.dump()["payment"] == []


def test_finds_no_payment_of_another_number(bank):
    answer = bank.get("/payments/2c8a5d0e-000f-5000-8000-1d9d5b1ad9e1")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_the_same_key_opens_one_payment_and_answers_the_same(bank):
    first = bank.post("/payments", bank.wish(), key="attempt-1").json()
    bank.sim(f"/payments/{first['id']}/force", {"status": "succeeded"})

    again = bank.post("/payments", bank.wish(), key="attempt-1").json()

    assert again == first
    assert len(bank.dump()["payment"]) == 1


def test_the_same_key_with_another_body_is_refused(bank):
    bank.post("/payments", bank.wish(), key="attempt-1")

    answer = bank.post("/payments", bank.wish(description="Order 18"), key="attempt-1")

    assert answer.status_code == 400
    assert answer.json()["parameter"] == "Idempotence-Key"
    assert len(bank.dump()["payment"]) == 1


@pytest.mark.parametrize("key", ["", "x" * 65, "with space"])
def test_demands_a_proper_key(bank, key):
    headers = {"Idempotence-Key": key} if key else {}
    address = f"{bank.url}/v3/payments"

    answer = requests.post(address, json=bank.wish(), headers=headers, auth=bank.auth, timeout=5)

    assert answer.json()["parameter"] == "Idempotence-Key"


def test_a_refusal_does_not_use_the_key_up(bank):
    bank.post("/payments", bank.wish(description="x" * 129), key="attempt-1")

    answer = bank.post("/payments", bank.wish(), key="attempt-1")

    assert answer.status_code == 200


def test_a_key_is_forgotten_after_a_day(bank):
    first = bank.post("/payments", bank.wish(), key="attempt-1").json()
    bank.sim("/clock/advance", {"seconds": 24 * 3600 + 1})

    second = bank.post("/payments", bank.wish(), key="attempt-1").json()

    assert second["id"] != first["id"]


def test_requests_with_one_key_at_the_same_moment_share_one_answer(bank):
    bank.sim("/faults", {"match": "create_payment", "action": "delay", "seconds": 0.3})

    with ThreadPoolExecutor(4) as threads:
        answers = list(
            threads.map(lambda _: bank.post("/payments", bank.wish(), key="one").json(), range(4))
        )

    assert len({answer["id"] for answer in answers}) == 1
    assert len(bank.dump()["payment"]) == 1


def test_lists_payments_page_by_page_newest_first(bank):
    opened = [bank.open()["id"] for _ in range(5)]

    first = bank.get("/payments", limit=3).json()
    second = bank.get("/payments", limit=3, cursor=first["next_cursor"]).json()

    listed = [payment["id"] for payment in first["items"] + second["items"]]
    assert listed == opened[::-1]
    assert first["type"] == "list" and "next_cursor" not in second


def test_lists_by_time_and_state(bank):
    early = bank.open()
    bank.sim("/clock/advance", {"seconds": 60})
    late = bank.paid()

    since = bank.get("/payments", **{"created_at.gte": late["created_at"]}).json()["items"]
    before = bank.get("/payments", **{"created_at.lt": late["created_at"]}).json()["items"]
    pending = bank.get("/payments", status="pending").json()["items"]

    assert [payment["id"] for payment in since] == [late["id"]]
    assert [payment["id"] for payment in before] == [early["id"]]
    assert [payment["id"] for payment in pending] == [early["id"]]


@pytest.mark.parametrize(
    ("name", "value"),
    [("limit", "0"), ("limit", "101"), ("cursor", "nonsense"), ("created_at.gte", "yesterday")],
)
def test_refuses_a_list_asked_for_wrongly(bank, name, value):
    answer = bank.get("/payments", **{name: value})

    assert (answer.status_code, answer.json()["parameter"]) == (400, name)


def test_a_payment_nobody_confirms_expires_in_an_hour(bank):
    payment = bank.open()

    bank.sim("/clock/advance", {"seconds": 3599})
    assert bank.status(payment) == "pending"
    bank.sim("/clock/advance", {"seconds": 2})

    expired = bank.get(f"/payments/{payment['id']}").json()
    assert expired["cancellation_details"] == {
        "party": "yoo_money",
        "reason": "expired_on_confirmation",
    }


def test_held_money_nobody_takes_goes_back_in_seven_days(bank):
    payment = bank.open(capture=False)
    bank.pay_by_card(payment, "4111111111111111")
    assert bank.get(f"/payments/{payment['id']}").json()["expires_at"]

    bank.sim("/clock/advance", {"seconds": 7 * 24 * 3600 + 1})

    expired = bank.get(f"/payments/{payment['id']}").json()
    assert expired["cancellation_details"]["reason"] == "expired_on_capture"


def test_the_books_survive_a_restart(bank, settings):
    payment = bank.open()

    again = create_bank(settings)
    row = again.bank.store.one("SELECT status FROM payment WHERE id = ?", payment["id"])
    again.bank.stop()

    assert row == {"status": "pending"}
