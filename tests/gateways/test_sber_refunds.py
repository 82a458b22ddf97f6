"""Money and bonuses on their way back through Sber, which keeps no numbers of refunds: once each, whatever is lost."""

import time

import pytest
from sber_gate import SberGate

from shop.config import read_config
from shop.gateways.payments import Intent, Rejected, Unknown
from shop.gateways.payments.sber import Sber

INTENT = Intent("0042-1187", 7, 100_000, "spasibo", "http://localhost/back", "a@example.ru", ())


@pytest.fixture
def bank(tmp_path):
    bank = SberGate(tmp_path / "sber")
    yield bank
    bank.stop()


@pytest.fixture
def gateway(tmp_path, bank):
    settings = {"SHOP_DATA": str(tmp_path / "shop"), "SHOP_ENV": "test", "SBER_API_URL": bank.url}
    return Sber(read_config(settings))


@pytest.fixture
def paid(gateway, bank):
    """A payment of 1 000 roubles, 800 of them in bonuses."""
    payment = gateway.create(gateway.request_of(INTENT), "key-1")
    bank.pay(payment.ref, bonuses=800)
    return gateway.fetch(payment.ref)


def send(gateway, paid, kopecks, refund_id=1, before=None):
    request = gateway.refund_request_of(
        payment_ref=paid.ref,
        amount_kopecks=kopecks,
        refund_id=refund_id,
        payment_request={},
        returned_before_kopecks=before,
    )
    return gateway.refund(request, f"key-of-{refund_id}")


def returned(bank):
    rows = bank.house.store.all("SELECT amount_kopecks, bonus_kopecks FROM refund ORDER BY number")
    return [(row["amount_kopecks"], row["bonus_kopecks"]) for row in rows]


def test_all_of_it_goes_back_as_it_was_paid(gateway, bank, paid):
    refund = send(gateway, paid, 100_000)

    assert returned(bank) == [(100_000, 80_000)]
    assert (refund.status, refund.amount_kopecks) == ("succeeded", 100_000)
    assert (refund.ref, refund.payment_ref) == (f"{paid.ref}.1", paid.ref)
    assert refund.metadata == {"refund_id": "1"}
    found = gateway.fetch(paid.ref)
    assert (found.status, found.amount_kopecks) == ("succeeded", 100_000)
    assert (found.refunded_kopecks, found.bonus_kopecks) == (100_000, 80_000)


def test_parts_go_back_in_the_proportion_of_the_payment(gateway, bank, paid):
    send(gateway, paid, 33_333, 1, before=0)
    send(gateway, paid, 33_333, 2, before=33_333)
    send(gateway, paid, 33_334, 3, before=66_666)

    assert returned(bank) == [(33_333, 26_600), (33_333, 26_700), (33_334, 26_700)]
    assert sorted(refund.amount_kopecks for refund in gateway.refunds_of(paid.ref)) == [
        33_333,
        33_333,
        33_334,
    ]


@pytest.mark.parametrize("action", ["drop_after_commit", "500_after_commit"])
@pytest.mark.parametrize(("kopecks", "before"), [(100_000, None), (100_000, 0), (30_000, 0)])
def test_a_lost_answer_returns_nothing_twice(gateway, bank, paid, action, kopecks, before):
    bank.sim("/faults", {"match": "auto_refund", "action": action})

    with pytest.raises(Unknown):
        send(gateway, paid, kopecks, before=before)
    again = send(gateway, paid, kopecks, before=before)

    assert again.status == "succeeded"
    assert [amount for amount, _bonus in returned(bank)] == [kopecks]


def test_a_lost_answer_to_the_second_of_two_equal_parts_is_its_own(gateway, bank, paid):
    send(gateway, paid, 30_000, 1, before=0)
    bank.sim("/faults", {"match": "auto_refund", "action": "drop_after_commit"})
    with pytest.raises(Unknown):
        send(gateway, paid, 30_000, 2, before=30_000)

    send(gateway, paid, 30_000, 2, before=30_000)
    send(gateway, paid, 30_000, 1, before=0)

    assert [amount for amount, _bonus in returned(bank)] == [30_000, 30_000]


@pytest.mark.parametrize("action", ["drop_before", "500", "502html"])
def test_what_has_not_happened_happens_when_asked_again(gateway, bank, paid, action):
    bank.sim("/faults", {"match": "auto_refund", "action": action})

    with pytest.raises(Unknown):
        send(gateway, paid, 30_000, before=0)
    assert returned(bank) == []
    send(gateway, paid, 30_000, before=0)

    assert returned(bank) == [(30_000, 24_000)]


def test_a_later_refund_waits_for_the_one_before_it(gateway, bank, paid):
    with pytest.raises(Unknown, match="comes first"):
        send(gateway, paid, 30_000, 2, before=20_000)
    assert returned(bank) == []

    send(gateway, paid, 20_000, 1, before=0)
    send(gateway, paid, 30_000, 2, before=20_000)

    assert [amount for amount, _bonus in returned(bank)] == [20_000, 30_000]


def test_a_refund_somebody_made_by_hand_is_left_to_people(gateway, bank, paid):
    bank.ask("autoRefund", orderId=paid.ref, amount="10000")

    with pytest.raises(Unknown, match="by hand"):
        send(gateway, paid, 30_000, before=0)
    assert [amount for amount, _bonus in returned(bank)] == [10_000]


def test_without_the_sum_before_it_only_what_is_certain_is_done(gateway, bank, paid):
    send(gateway, paid, 20_000, 1)
    send(gateway, paid, 30_000, 2)

    with pytest.raises(Unknown, match="nobody can tell"):
        send(gateway, paid, 30_000, 3)
    assert [amount for amount, _bonus in returned(bank)] == [20_000, 30_000]


def test_more_than_was_paid_is_rejected(gateway, bank, paid):
    with pytest.raises(Rejected, match="not_now"):
        send(gateway, paid, 100_001, before=0)
    assert returned(bank) == []


def test_a_refusal_of_the_bank_is_for_people(gateway, bank, paid):
    bank.sim("/refund_result", {"status": "canceled"})

    with pytest.raises(Rejected, match="not_now"):
        send(gateway, paid, 30_000, before=0)
    assert returned(bank) == []


def test_an_order_that_was_not_paid_gives_nothing_back(gateway, bank):
    payment = gateway.create(gateway.request_of(INTENT), "key-1")

    with pytest.raises(Rejected, match="not_paid"):
        send(gateway, payment, 100_000)


def test_a_refund_that_hangs_takes_no_more_than_six_seconds(gateway, bank, paid):
    bank.sim("/faults", {"match": "auto_refund", "action": "hang", "seconds": 20})
    started = time.monotonic()

    with pytest.raises(Unknown):
        send(gateway, paid, 100_000)

    assert time.monotonic() - started < 6
    assert returned(bank) == []


def test_a_refund_has_no_number_to_be_looked_up_by(gateway):
    with pytest.raises(Rejected):
        gateway.fetch_refund("e3e3c538-4d08-4201-bc1d-783c9cdf82a3.1")
