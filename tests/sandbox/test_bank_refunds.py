"""Money back, and receipts."""

from concurrent.futures import ThreadPoolExecutor

import pytest

ITEM = {
    "description": "Tea",
    "quantity": 2,
    "amount": {"value": "500.00", "currency": "RUB"},
    "vat_code": 1,
}


def rubles(value):
    return {"value": value, "currency": "RUB"}


def refund(bank, payment, value, **more):
    return bank.post("/refunds", {"payment_id": payment["id"], "amount": rubles(value)} | more)


def test_returns_money_in_parts_until_nothing_is_left(bank):
    payment = bank.paid()

    first = refund(bank, payment, "400.00", description="One cup").json()
    second = refund(bank, payment, "600.00").json()
    third = refund(bank, payment, "0.01")

    assert first["status"] == second["status"] == "succeeded"
    assert first["description"] == "One cup"
    assert third.json()["parameter"] == "amount.value"
    now = bank.get(f"/payments/{payment['id']}").json()
    assert now["refunded_amount"] == rubles("1000.00")
    assert now["refundable"] is False
    assert bank.get(f"/refunds/{first['id']}").json() == first


def test_refunds_that_race_never_exceed_the_payment(bank):
    payment = bank.paid()

    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(lambda _: refund(bank, payment, "300.00"), range(5)))

    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 400, 400]


@pytest.mark.parametrize("value", ["0.00", "-1.00", "1000.01"])
def test_refuses_a_refund_of_a_wrong_sum(bank, value):
    payment = bank.paid()

    answer = refund(bank, payment, value)

    assert answer.json()["parameter"] == "amount.value"
    assert bank.dump()["refund"] == []


def test_refuses_to_refund_what_was_never_paid(bank):
    payment = bank.open()

    assert refund(bank, payment, "1.00").json()["parameter"] == "payment_id"


def test_a_refund_can_be_refused_by_order(bank):
    payment = bank.paid()
    bank.sim("/refund_result", {"status": "canceled", "reason": "insufficient_funds"})

    refused = refund(bank, payment, "400.00").json()
    next_one = refund(bank, payment, "1000.00").json()

    assert refused["status"] == "canceled"
    assert refused["cancellation_details"] == {
        "party": "refund_network",
        "reason": "insufficient_funds",
    }
    assert next_one["status"] == "succeeded"


def test_an_accepted_refund_can_fail_later_and_nobody_is_told(bank):
    payment = bank.paid()
    bank.shop.hears(1)
    order = {"status": "pending", "then": "canceled", "reason": "rejected_by_payee", "seconds": 60}
    bank.sim("/refund_result", order)
    accepted = refund(bank, payment, "400.00").json()
    assert accepted["status"] == "pending"

    bank.sim("/clock/advance", {"seconds": 61})

    failed = bank.get(f"/refunds/{accepted['id']}").json()
    assert failed["cancellation_details"]["reason"] == "rejected_by_payee"
    assert bank.shop.events == ["payment.succeeded"]


def test_pending_refunds_count_against_what_is_left(bank):
    payment = bank.paid()
    bank.sim("/refund_result", {"status": "pending"})
    refund(bank, payment, "700.00")

    assert refund(bank, payment, "400.00").status_code == 400
    assert bank.get(f"/payments/{payment['id']}").json()["refunded_amount"] == rubles("0.00")


def test_lists_the_refunds_of_one_payment(bank):
    one, other = bank.paid(), bank.paid()
    wanted = refund(bank, one, "10.00").json()
    refund(bank, other, "10.00")

    listed = bank.get("/refunds", payment_id=one["id"]).json()["items"]

    assert listed == [wanted]


def test_a_payments_own_receipt_is_registered_when_it_is_paid(bank):
    payment = bank.open(receipt={"customer": {"phone": "79000000000"}, "items": [ITEM]})
    assert payment["receipt_registration"] == "pending"

    bank.sim(f"/payments/{payment['id']}/force", {"status": "succeeded"})

    assert bank.get(f"/payments/{payment['id']}").json()["receipt_registration"] == "succeeded"
    (kept,) = bank.get("/receipts", payment_id=payment["id"]).json()["items"]
    assert kept["settlements"] == [{"type": "cashless", "amount": rubles("1000.00")}]


def separate(payment, **changes):
    return {
        "type": "payment",
        "payment_id": payment["id"],
        "customer": {"email": "ann@example.org"},
        "items": [ITEM],
        "settlements": [{"type": "prepayment", "amount": rubles("1000.00")}],
        "send": True,
    } | changes


def test_registers_a_separate_receipt_after_a_moment(bank):
    payment = bank.paid()

    sent = bank.post("/receipts", separate(payment)).json()
    bank.sim("/clock/advance", {"seconds": 3})
    registered = bank.get(f"/receipts/{sent['id']}").json()

    assert sent["status"] == "pending"
    assert registered["status"] == "succeeded"
    assert registered["fiscal_document_number"] == "1"
    assert registered["items"] == [ITEM]


@pytest.mark.parametrize(
    ("parameter", "changes"),
    [
        ("settlements", {"settlements": [{"type": "cashless", "amount": rubles("999.99")}]}),
        ("settlements", {"settlements": []}),
        ("settlements[0].type", {"settlements": [{"type": "gift", "amount": rubles("1000.00")}]}),
        ("customer", {"customer": {}}),
        ("items", {"items": []}),
        ("send", {"send": False}),
        ("type", {"type": "thanks"}),
    ],
)
def test_registers_no_receipt_that_does_not_add_up(bank, parameter, changes):
    payment = bank.paid()

    answer = bank.post("/receipts", separate(payment, **changes))

    assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)
    assert bank.dump()["receipt"] == []


def test_a_receipt_of_a_refund_names_it(bank):
    payment = bank.paid()
    returned = refund(bank, payment, "1000.00").json()

    body = separate(payment, type="refund", refund_id=returned["id"])
    sent = bank.post("/receipts", body).json()

    assert (sent["type"], sent["refund_id"]) == ("refund", returned["id"])
