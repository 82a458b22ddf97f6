"""The notices the bank sends, honest and otherwise."""

import json

import pytest
import requests

from sandbox.bank.courier import PAUSES


def force(bank, payment, status="succeeded", **more):
    return bank.sim(f"/payments/{payment['id']}/force", {"status": status} | more)


def kept(bank, state):
    return [notice for notice in bank.dump()["notice"] if notice["state"] == state]


def test_tells_the_shop_with_the_whole_payment(bank, eventually):
    payment = bank.open(metadata={"order_no": "17"})

    force(bank, payment)

    (notice,) = bank.shop.hears(1)
    assert notice["type"] == "notification"
    assert notice["event"] == "payment.succeeded"
    assert notice["object"] == bank.get(f"/payments/{payment['id']}").json()
    eventually(lambda: kept(bank, "delivered"))


@pytest.mark.parametrize("status", ["succeeded", "canceled", "waiting_for_capture"])
def test_tells_of_every_end(bank, status):
    force(bank, bank.open(), status)

    assert bank.shop.hears(1)[0]["event"] == f"payment.{status}"


def test_a_forced_cancellation_says_what_it_was_told(bank):
    forced = force(bank, bank.open(), "canceled", party="yoo_money", reason="fraud_suspected")

    assert forced["cancellation_details"] == {"party": "yoo_money", "reason": "fraud_suspected"}


def test_tells_of_a_refund(bank):
    payment = bank.paid()
    bank.post("/refunds", {"payment_id": payment["id"], "amount": payment["amount"]})

    refund = bank.shop.hears(2)[1]

    assert refund["event"] == "refund.succeeded"
    assert refund["object"]["payment_id"] == payment["id"]


def test_tells_of_a_payment_that_ran_out_of_time_without_being_asked(bank):
    bank.open()

    bank.sim("/clock/advance", {"seconds": 3601})

    notice = bank.shop.hears(1)[0]
    assert notice["object"]["cancellation_details"]["reason"] == "expired_on_confirmation"


def test_tries_again_until_the_shop_says_200(bank, eventually):
    bank.shop.answers = [500, 302, 204]

    bank.paid()

    assert bank.shop.hears(4)[3]["event"] == "payment.succeeded"
    (notice,) = eventually(lambda: kept(bank, "delivered"))
    assert (notice["attempts"], notice["answer"]) == (4, "200")


def test_waits_longer_before_every_try():
    assert PAUSES == (1, 2, 5, 10, 30, 60, 300)


def test_gives_up_after_a_day(bank, eventually):
    bank.shop.answers = [500] * 1000
    bank.paid()
    bank.shop.hears(1)

    bank.sim("/clock/advance", {"seconds": 24 * 3600})

    (notice,) = eventually(lambda: kept(bank, "given_up"))
    assert notice["answer"] == "500"


def test_an_unreachable_shop_is_tried_again(bank, eventually):
    bank.sim("/hooks", {"url": "http://127.0.0.1:1/notices"})
    bank.paid()
    eventually(lambda: [n for n in kept(bank, "queued") if n["answer"] == "ConnectionError"])

    bank.sim("/hooks", {"url": bank.shop.notices_url})

    assert bank.shop.hears(1)[0]["event"] == "payment.succeeded"


def test_doubles_notices(bank):
    bank.sim("/hooks", {"mode": "duplicate", "copies": 3})

    bank.paid()

    first, second, third = bank.shop.hears(3)
    assert first == second == third


def test_delays_notices(bank):
    bank.sim("/hooks", {"mode": "delay", "seconds": 600})
    bank.paid()
    assert bank.shop.events == []

    bank.sim("/clock/advance", {"seconds": 601})

    assert bank.shop.hears(1)[0]["event"] == "payment.succeeded"


def test_swaps_two_notices(bank):
    bank.sim("/hooks", {"mode": "reorder"})
    payment = bank.open(capture=False)
    bank.pay_by_card(payment, "4111111111111111")
    assert bank.shop.events == []

    bank.post(f"/payments/{payment['id']}/capture")

    bank.shop.hears(2)
    assert bank.shop.events == ["payment.succeeded", "payment.waiting_for_capture"]


def test_loses_notices(bank):
    bank.sim("/hooks", {"mode": "lost", "times": 1})

    lost, told = bank.paid(), bank.paid()

    assert bank.shop.hears(1)[0]["object"]["id"] == told["id"]
    assert [notice["object_id"] for notice in kept(bank, "lost")] == [lost["id"]]


def test_lies_about_the_state(bank):
    bank.sim("/hooks", {"mode": "forged_status", "status": "succeeded"})
    payment = bank.open()

    force(bank, payment, "canceled")

    notice = bank.shop.hears(1)[0]
    assert (notice["event"], notice["object"]["status"]) == ("payment.succeeded", "succeeded")
    assert bank.status(payment) == "canceled"


def test_lies_about_the_sum(bank):
    bank.sim("/hooks", {"mode": "forged_amount", "value": "1.00"})

    payment = bank.paid()

    assert bank.shop.hears(1)[0]["object"]["amount"]["value"] == "1.00"
    assert payment["amount"]["value"] == "1000.00"


def test_cuts_notices_short(bank, eventually):
    bank.sim("/hooks", {"mode": "truncated"})
    bank.paid()
    eventually(lambda: bank.shop.bodies)

    with pytest.raises(json.JSONDecodeError):
        json.loads(bank.shop.bodies[0])


def test_sends_a_forged_notice_on_demand_and_changes_nothing(bank):
    payment = bank.open()

    forged = {"event": "payment.succeeded", "object": {"status": "succeeded", "paid": True}}
    sent = bank.sim(f"/payments/{payment['id']}/notice", forged)

    assert sent == {"answered": 200}
    assert bank.shop.notices[0]["object"]["status"] == "succeeded"
    assert bank.status(payment) == "pending"


def test_an_unknown_mode_is_refused(bank):
    headers = {"X-Sandbox-Token": bank.settings.token}
    address = f"{bank.url}/_sim/hooks"

    answer = requests.post(address, json={"mode": "nonsense"}, headers=headers, timeout=5)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
