"""The gateway's own SDK understands every answer of the bank."""

import uuid

import pytest
from yookassa import Configuration, Payment, Receipt, Refund, Settings
from yookassa.domain.exceptions import (
    BadRequestError,
    InternalServerError,
    NotFoundError,
    TooManyRequestsError,
    UnauthorizedError,
)
from yookassa.domain.notification import WebhookNotificationFactory


@pytest.fixture
def sdk(bank, monkeypatch):
    """The SDK, pointed at the bank."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    Configuration.configure(
        bank.settings.shop_id, bank.settings.secret, api_url=f"{bank.url}/v3", max_attempts=0
    )
    return bank


def key():
    return str(uuid.uuid4())


def test_reads_a_payment_from_its_opening_to_its_end(sdk):
    opened = Payment.create(sdk.wish(capture=False, metadata={"order_no": "17"}), key())
    assert (opened.status, opened.paid, opened.test) == ("pending", False, True)
    assert opened.confirmation.confirmation_url == f"{sdk.url}/checkout/{opened.id}"
    sdk.pay_by_card({"id": opened.id}, "4111111111111111")

    held = Payment.find_one(opened.id)
    assert (held.status, held.payment_method.type) == ("waiting_for_capture", "bank_card")
    assert (held.payment_method.card.last4, held.payment_method.card.card_type) == ("1111", "Visa")
    taken = Payment.capture(opened.id, {"amount": {"value": "400.00", "currency": "RUB"}}, key())

    assert (taken.status, str(taken.amount.value)) == ("succeeded", "400.00")
    assert taken.metadata["order_no"] == "17"
    assert taken.authorization_details.rrn


def test_reads_a_cancellation(sdk):
    opened = Payment.create(sdk.wish(), key())
    sdk.pay_by_card({"id": opened.id}, "4562265587712390")

    canceled = Payment.find_one(opened.id)

    assert canceled.cancellation_details.party == "payment_network"
    assert canceled.cancellation_details.reason == "insufficient_funds"


def test_cancels_what_is_held(sdk):
    opened = Payment.create(sdk.wish(capture=False), key())
    sdk.pay_by_card({"id": opened.id}, "4111111111111111")

    assert Payment.cancel(opened.id, key()).status == "canceled"


@pytest.mark.parametrize("method", ["bank_card", "yoo_money", "sbp", "sberbank", "tinkoff_bank"])
def test_reads_every_way_to_pay(sdk, method):
    opened = Payment.create(sdk.wish(payment_method_data={"type": method}), key())
    sdk.sim(f"/payments/{opened.id}/force", {"status": "succeeded"})

    assert Payment.find_one(opened.id).payment_method.type == method


def test_reads_lists(sdk):
    ids = [Payment.create(sdk.wish(), key()).id for _ in range(3)]

    page = Payment.list({"limit": 2})

    assert [payment.id for payment in page.items] == [ids[2], ids[1]]
    assert [p.id for p in Payment.list({"cursor": page.next_cursor}).items] == [ids[0]]


def test_reads_refunds_good_and_bad(sdk):
    payment = sdk.paid()
    amount = {"value": "100.00", "currency": "RUB"}
    good = Refund.create({"payment_id": payment["id"], "amount": amount}, key())
    sdk.sim("/refund_result", {"status": "canceled", "reason": "insufficient_funds"})

    bad = Refund.create({"payment_id": payment["id"], "amount": amount}, key())

    assert (good.status, str(good.amount.value)) == ("succeeded", "100.00")
    assert (bad.status, bad.cancellation_details.reason) == ("canceled", "insufficient_funds")
    assert [refund.id for refund in Refund.list({"payment_id": payment["id"]}).items] == [
        bad.id,
        good.id,
    ]
    assert Refund.find_one(good.id).payment_id == payment["id"]


def test_reads_receipts(sdk):
    payment = sdk.paid()
    item = {
        "description": "Tea",
        "quantity": 2,
        "amount": {"value": "500.00", "currency": "RUB"},
        "vat_code": 1,
        "payment_mode": "full_payment",
        "payment_subject": "commodity",
    }
    sent = Receipt.create(
        {
            "type": "payment",
            "payment_id": payment["id"],
            "customer": {"email": "ann@example.org"},
            "items": [item],
            "settlements": [{"type": "prepayment", "amount": payment["amount"]}],
            "send": True,
        },
        key(),
    )
    sdk.sim("/clock/advance", {"seconds": 3})

    registered = Receipt.find_one(sent.id)

    assert (sent.status, registered.status) == ("pending", "succeeded")
    assert registered.items[0].description == "Tea"
    assert Receipt.list({"payment_id": payment["id"]}).items[0].id == sent.id


def test_reads_who_the_shop_is(sdk):
    assert Settings.get_account_settings().account_id == "100500"


def test_reads_notices(sdk):
    payment = sdk.paid()
    amount = {"value": "100.00", "currency": "RUB"}
    Refund.create({"payment_id": payment["id"], "amount": amount}, key())

    paid, refunded = (WebhookNotificationFactory().create(one) for one in sdk.shop.hears(2))

    assert (paid.event, paid.object.id) == ("payment.succeeded", payment["id"])
    assert (refunded.event, refunded.object.payment_id) == ("refund.succeeded", payment["id"])


def test_reads_errors(sdk):
    with pytest.raises(BadRequestError) as wrong:
        Payment.create(sdk.wish(amount={"value": "0.50", "currency": "RUB"}), key())
    assert wrong.value.content["parameter"] == "amount.value"

    with pytest.raises(NotFoundError):
        Payment.find_one("2c8a5d0e-000f-5000-8000-1d9d5b1ad9e1")

    for action, error in (("500", InternalServerError), ("429", TooManyRequestsError)):
        sdk.sim("/faults", {"match": "list_payments", "action": action})
        with pytest.raises(error):
            Payment.list()

    Configuration.configure("100500", "wrong", api_url=f"{sdk.url}/v3")
    with pytest.raises(UnauthorizedError):
        Payment.list()
