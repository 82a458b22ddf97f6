"""YooKassa's cash desk, as the test bank has it: receipts within payments and apart from them, each made once."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shop.gateways.payments import Intent, ReceiptWish, Rejected, Unknown
from shop.gateways.payments.yookassa import YooKassa
from shop.rules.receipts import Line, Settlement

LINES = (Line("Чайник заварочный", 2, 149_000), Line("Доставка", 1, 29_900, "service"))
INTENT = Intent(
    "0042-1187", 7, 327_900, "bank_card", "http://localhost/back", "anna@example.ru", LINES
)
HANDED = tuple(replace(line, mode="full_payment", vat=11) for line in LINES)


@pytest.fixture
def gateway(yookassa_settings):
    return YooKassa(yookassa_settings)


@pytest.fixture
def paid(gateway, bank):
    """Return the ref of a payment that succeeded, with its receipt in it or not."""

    def paid(lines=LINES):
        request = gateway.request_of(replace(INTENT, lines=lines))
        ref = gateway.create(request, str(uuid.uuid4())).ref
        bank.sim(f"/payments/{ref}/force", {"status": "succeeded"})
        return ref

    return paid


def wish(payment_ref, refund_ref="", lines=HANDED):
    parts = (Settlement("prepayment", 300_000), Settlement("cashless", 27_900))
    return ReceiptWish(payment_ref, refund_ref, "anna@example.ru", lines, parts)


def test_what_rode_in_a_payment_is_found_and_gets_its_marks(gateway, paid, bank):
    ref = paid()
    (receipt,) = gateway.receipts_of(payment_ref=ref)
    assert (receipt.status, receipt.marks, receipt.refund_ref) == ("pending", None, "")
    assert receipt.lines == (
        ("Чайник заварочный", 2, 149_000, "full_prepayment"),
        ("Доставка", 1, 29_900, "full_prepayment"),
    )

    bank.sim("/clock/advance", {"seconds": 5})

    made = gateway.fetch_receipt(receipt.ref)
    assert made.status == "succeeded"
    assert made.marks.storage_number == "9288000100115785"
    assert made.marks.document_number.isdigit() and made.marks.fiscal_attribute.isdigit()
    assert abs((made.marks.registered_at - datetime.now(UTC)).total_seconds()) < 60


def test_a_payment_without_lines_has_no_receipt(gateway, paid):
    assert "receipt" not in gateway.request_of(replace(INTENT, lines=()))
    assert list(gateway.receipts_of(payment_ref=paid(()))) == []


def test_a_receipt_apart_says_how_it_was_settled(gateway, paid):
    ref = paid(())
    request = gateway.receipt_request_of(wish(ref))
    assert request["settlements"] == [
        {"type": "prepayment", "amount": {"value": "3000.00", "currency": "RUB"}},
        {"type": "cashless", "amount": {"value": "279.00", "currency": "RUB"}},
    ]
    assert {item["vat_code"] for item in request["items"]} == {11}

    made = gateway.register_receipt(request, "receipt-key")

    assert gateway.register_receipt(request, "receipt-key") == made
    assert [one.ref for one in gateway.receipts_of(payment_ref=ref)] == [made.ref]
    assert {line[3] for line in made.lines} == {"full_payment"}


def test_the_receipts_of_a_payment_come_oldest_first(gateway, paid):
    ref = paid()
    made = gateway.register_receipt(gateway.receipt_request_of(wish(ref)), "a")

    assert [one.ref for one in gateway.receipts_of(payment_ref=ref)][1:] == [made.ref]


def test_a_refund_has_its_receipt_with_it_or_apart(gateway, paid):
    with_it, apart = paid(), paid(())
    refs = []
    for payment_ref, lines in ((with_it, LINES[:1]), (apart, ())):
        request = gateway.refund_request_of(
            payment_ref=payment_ref, amount_kopecks=298_000, refund_id=3, payment_request={}
        )
        if lines:
            request = gateway.with_receipt(request, lines, gateway.request_of(INTENT))
        refs.append(gateway.refund(request, str(uuid.uuid4())).ref)

    (inside,) = gateway.receipts_of(refund_ref=refs[0])
    assert (inside.refund_ref, inside.lines) == (
        refs[0],
        (("Чайник заварочный", 2, 149_000, "full_prepayment"),),
    )
    made = gateway.register_receipt(gateway.receipt_request_of(wish(apart, refs[1])), "b")
    assert (made.refund_ref, made.payment_ref) == (refs[1], apart)


def test_what_does_not_add_up_or_was_not_paid_is_refused(gateway, paid):
    short = replace(wish(paid()), settlements=(Settlement("cashless", 1),))
    with pytest.raises(Rejected, match="settlements"):
        gateway.register_receipt(gateway.receipt_request_of(short), "c")
    unpaid = gateway.create(gateway.request_of(INTENT), str(uuid.uuid4())).ref
    with pytest.raises(Rejected, match="payment_id"):
        gateway.register_receipt(gateway.receipt_request_of(wish(unpaid)), "d")


@pytest.mark.parametrize("action", ["drop_after_commit", "500_after_commit"])
def test_a_lost_answer_is_one_receipt_under_the_same_key(gateway, paid, bank, action):
    ref = paid(())
    request = gateway.receipt_request_of(wish(ref))
    bank.sim("/faults", {"action": action, "match": "create_receipt"})

    with pytest.raises(Unknown):
        gateway.register_receipt(request, "e")

    made = gateway.register_receipt(request, "e")
    assert [one.ref for one in gateway.receipts_of(payment_ref=ref)] == [made.ref]


@pytest.mark.parametrize("ref", ["../payments", "a/b", "", "x" * 65])
def test_a_strange_name_changes_no_address(gateway, ref):
    with pytest.raises(Rejected):
        gateway.fetch_receipt(ref)
