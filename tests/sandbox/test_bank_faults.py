"""The troubles a test can order, and the back door itself."""

import time

import pytest
import requests


def count(bank, table="payment"):
    return len(bank.dump()[table])


def test_the_back_door_is_closed_without_the_token(bank):
    address = f"{bank.url}/_sim/dump"

    stranger = requests.get(address, timeout=5)
    guesser = requests.get(address, headers={"X-Sandbox-Token": "guess"}, timeout=5)

    assert stranger.status_code == guesser.status_code == 403


@pytest.mark.parametrize(
    ("action", "status", "code"),
    [("500", 500, "internal_server_error"), ("429", 429, "too_many_requests")],
)
def test_answers_an_error_and_does_nothing(bank, action, status, code):
    bank.sim("/faults", {"match": "POST /v3/payments", "action": action})

    refused = bank.post("/payments", bank.wish(), key="one")
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert count(bank) == 0

    assert bank.post("/payments", bank.wish(), key="one").status_code == 200


def test_answers_202_and_expects_to_be_asked_again(bank):
    bank.sim("/faults", {"match": "create_payment", "action": "202", "times": 2})

    statuses = [bank.post("/payments", bank.wish(), key="one").status_code for _ in range(3)]

    assert statuses == [202, 202, 200]
    assert count(bank) == 1


def test_answers_with_a_page_that_is_no_json(bank):
    bank.sim("/faults", {"action": "502html"})

    answer = bank.get("/me")

    assert answer.status_code == 502
    assert answer.headers["Content-Type"].startswith("text/html")


def test_drops_the_line_before_doing_anything(bank):
    bank.sim("/faults", {"match": "create_payment", "action": "drop_before"})

    with pytest.raises(requests.ConnectionError):
        bank.post("/payments", bank.wish(), key="one")

    assert count(bank) == 0


@pytest.mark.parametrize("operation", ["create_payment", "capture_payment", "create_refund"])
def test_drops_the_line_after_the_deed_and_the_same_key_finds_it_done(bank, operation):
    path, body, table, before = prepared(bank, operation)
    bank.sim("/faults", {"match": operation, "action": "drop_after_commit"})

    with pytest.raises(requests.ConnectionError):
        bank.post(path, body, key="lost-answer")
    again = bank.post(path, body, key="lost-answer")

    assert again.status_code == 200
    assert again.json()["status"] in ("pending", "succeeded")
    assert count(bank, table) == before


def prepared(bank, operation):
    """Return the request of an operation, its table, and how many rows there are after it."""
    if operation == "create_payment":
        return "/payments", bank.wish(), "payment", 1
    if operation == "create_refund":
        payment = bank.paid()
        body = {"payment_id": payment["id"], "amount": payment["amount"]}
        return "/refunds", body, "refund", 1
    payment = bank.open(capture=False)
    bank.pay_by_card(payment, "4111111111111111")
    return f"/payments/{payment['id']}/capture", None, "payment", 1


def test_breaks_after_the_deed(bank):
    bank.sim("/faults", {"match": "create_payment", "action": "500_after_commit"})

    broken = bank.post("/payments", bank.wish(), key="one")
    again = bank.post("/payments", bank.wish(), key="one")

    assert (broken.status_code, again.status_code) == (500, 200)
    assert count(bank) == 1


def test_hangs_longer_than_a_shop_waits_and_does_nothing(bank):
    bank.sim("/faults", {"match": "create_payment", "action": "hang", "seconds": 0.6})

    with pytest.raises(requests.Timeout):
        bank.post("/payments", bank.wish(), key="one", timeout=0.2)

    assert bank.post("/payments", bank.wish(), key="one").status_code == 200
    assert count(bank) == 1


def test_is_slow(bank):
    bank.sim("/faults", {"match": "GET /v3/me", "action": "delay", "seconds": 0.2})

    begun = time.monotonic()
    answer = bank.get("/me")

    assert answer.status_code == 200
    assert time.monotonic() - begun >= 0.2


def test_faults_wait_for_what_they_match_one_after_the_other(bank):
    faults = [
        {"match": "GET /v3/payments/*", "action": "500"},
        {"match": "GET /v3/payments/*", "action": "429"},
    ]
    bank.sim("/faults", faults)
    payment = bank.open()

    statuses = [bank.get(f"/payments/{payment['id']}").status_code for _ in range(3)]

    assert statuses == [500, 429, 200]


def test_an_unknown_action_is_refused(bank):
    headers = {"X-Sandbox-Token": bank.settings.token}

    answer = requests.post(
        f"{bank.url}/_sim/faults", json={"action": "explode"}, headers=headers, timeout=5
    )

    assert answer.status_code == 400
    assert bank.dump()["faults"] == []


def test_payments_can_be_put_into_a_state_no_honest_bank_would(bank):
    payment = bank.open()
    bank.sim(f"/payments/{payment['id']}/force", {"status": "canceled", "reason": "call_issuer"})

    bank.sim(f"/payments/{payment['id']}/force", {"status": "succeeded"})

    assert bank.status(payment) == "succeeded"


def test_a_reset_forgets_everything(bank):
    bank.sim("/faults", {"action": "500", "match": "create_refund"})
    bank.sim("/hooks", {"mode": "lost"})
    bank.sim("/clock/advance", {"seconds": 60})
    bank.paid()

    bank.sim("/reset")

    dump = bank.dump()
    assert (dump["payment"], dump["notice"], dump["faults"]) == ([], [], [])
    assert (dump["hooks"], dump["ahead_seconds"]) == ({"mode": "normal"}, 0)
