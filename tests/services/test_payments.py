"""Attempts at paying: opened once, asked for once, believed only from the gateway's own mouth."""

from dataclasses import replace
from datetime import timedelta

import pytest
from conftest import NOON
from paying import BACK

from shop.gateways.payments import Unauthorized, Unknown
from shop.queries.payments import open_payment_of, payment_of
from shop.services.payments import (
    expire_unpaid,
    open_attempt,
    poll_pending,
    start,
    sync,
)

LATER = NOON + timedelta(minutes=1)


def test_an_order_has_one_open_attempt_however_often_it_is_opened(paying):
    bought = paying.order()

    again = open_attempt(
        order_id=bought.order_id, amount_kopecks=bought.total_kopecks, method="bank_card", now=LATER
    )

    assert again == bought.attempt_id
    assert open_payment_of(order_id=bought.order_id) == bought.attempt_id
    assert paying.attempts(bought) == ["new"]


def test_starting_opens_a_payment_at_the_gateway_and_tells_where_to_pay(paying):
    bought = paying.order()

    pay_at = start(attempt_id=bought.attempt_id, return_to=BACK, now=NOON)

    attempt = paying.attempt(bought.attempt_id)
    assert pay_at == f"http://bank.example/{attempt.gateway_ref}"
    assert (attempt.state, attempt.pay_at) == ("pending", pay_at)
    assert paying.bank.payments[attempt.gateway_ref].amount_kopecks == 2 * 149_000 + 29_900


def test_starting_twice_asks_once(paying):
    bought = paying.order()

    first = start(attempt_id=bought.attempt_id, return_to=BACK, now=NOON)
    second = start(attempt_id=bought.attempt_id, return_to="http://elsewhere/", now=LATER)

    assert first == second
    assert paying.bank.calls == ["create"]


def test_the_key_and_the_wish_are_kept_before_the_gateway_is_asked(paying, monkeypatch):
    bought = paying.order()
    seen = []

    def create(request, key):
        attempt = paying.attempt(bought.attempt_id)
        seen.append((attempt.state, attempt.request == request, attempt.idempotence_key == key))
        raise Unknown("hung up")

    monkeypatch.setattr(paying.bank, "create", create)

    assert start(attempt_id=bought.attempt_id, return_to=BACK, now=NOON) is None
    assert seen == [("sending", True, True)]
    assert paying.attempts(bought) == ["unknown"]


@pytest.mark.parametrize("happened", [True, False])
@pytest.mark.parametrize("trouble", [Unknown("no answer"), Unauthorized("a wrong key")])
def test_after_a_lost_answer_the_worker_asks_again_under_the_same_key(paying, happened, trouble):
    bought = paying.order()
    paying.bank.trouble("create", trouble, after=happened)
    assert start(attempt_id=bought.attempt_id, return_to=BACK, now=NOON) is None

    poll_pending(now=LATER)

    assert paying.attempts(bought) == ["pending"]
    assert paying.bank.calls == ["create", "create"]
    assert len(paying.bank.payments) == 1


def test_a_process_that_died_while_sending_is_made_up_for(paying, monkeypatch):
    bought = paying.order()

    class Killed(BaseException):
        pass

    def die(_request, _key):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(paying.bank, "create", die)
        with pytest.raises(Killed):
            start(attempt_id=bought.attempt_id, return_to=BACK, now=NOON)
    assert paying.attempts(bought) == ["sending"]

    poll_pending(now=NOON + timedelta(seconds=20))
    assert paying.attempts(bought) == ["sending"]
    poll_pending(now=NOON + timedelta(seconds=40))
    assert paying.attempts(bought) == ["pending"]


def test_a_key_the_gateway_has_forgotten_is_not_used_again(paying):
    bought = paying.order(minutes=3 * 24 * 60)
    paying.bank.trouble("create", Unknown("no answer"), after=True)
    start(attempt_id=bought.attempt_id, return_to=BACK, now=NOON)

    poll_pending(now=NOON + timedelta(hours=23))

    assert paying.bank.calls == ["create", "list_since"]
    assert paying.attempts(bought) == ["pending"]


def test_a_paid_order_is_paid_with_one_letter_and_the_card_noted(paying):
    bought = paying.order()
    ref = paying.at_the_bank(bought)
    paying.bank.end(ref, "succeeded")

    assert sync(attempt_id=bought.attempt_id, now=LATER) == "succeeded"

    assert paying.order_state(bought) == "paid"
    assert paying.letters() == ["order_accepted", "order_paid"]
    stands = payment_of(account_id=bought.account.id, number=bought.number)
    assert (stands.stands, stands.card_last4, stands.card_scheme) == ("paid", "4477", "MasterCard")


def test_a_decided_attempt_is_not_asked_about_again(paying):
    bought = paying.order()
    paying.bank.end(paying.at_the_bank(bought), "succeeded")
    sync(attempt_id=bought.attempt_id, now=LATER)
    paying.bank.calls.clear()

    assert sync(attempt_id=bought.attempt_id, now=LATER) == "succeeded"
    assert poll_pending(now=LATER + timedelta(hours=1)) == 0
    assert paying.bank.calls == []


@pytest.mark.parametrize(
    ("forgery", "wrong"),
    [
        ({"amount_kopecks": 100}, "amount"),
        ({"currency": "USD"}, "currency"),
        ({"metadata": {"attempt_id": "999"}}, "attempt"),
        ({"is_test": False}, "test"),
        ({"ref": "another"}, "ref"),
    ],
)
def test_money_that_does_not_fit_buys_nothing(paying, forgery, wrong):
    bought = paying.order()
    ref = paying.at_the_bank(bought)
    paying.bank.end(ref, "succeeded")
    paying.bank.payments[ref] = replace(paying.bank.payments[ref], **forgery)

    assert sync(attempt_id=bought.attempt_id, now=LATER) == "mismatch"

    assert paying.order_state(bought) == "awaiting_payment"
    assert paying.attempt(bought.attempt_id).cancel_reason == wrong
    assert paying.letters() == ["order_accepted"]


def test_while_the_gateway_is_away_the_known_state_is_told(paying):
    bought = paying.order()
    paying.at_the_bank(bought)
    paying.bank.trouble("fetch", Unknown("hung"))

    assert sync(attempt_id=bought.attempt_id, now=LATER) == "pending"


def test_nobody_is_asked_again_too_soon(paying):
    bought = paying.order()
    paying.at_the_bank(bought)
    paying.bank.calls.clear()

    soon = timedelta(seconds=1)
    sync(attempt_id=bought.attempt_id, now=NOON + soon / 2, not_sooner_than=soon)
    assert paying.bank.calls == []
    sync(attempt_id=bought.attempt_id, now=NOON + soon, not_sooner_than=soon)
    assert paying.bank.calls == ["fetch"]


def test_one_that_cannot_be_looked_at_keeps_no_other_from_it(paying):
    lost, paid = paying.order(), paying.order()
    del paying.bank.payments[paying.at_the_bank(lost)]
    paying.bank.end(paying.at_the_bank(paid), "succeeded")

    assert poll_pending(now=LATER) == 2

    assert paying.order_state(lost) == "awaiting_payment"
    assert paying.order_state(paid) == "paid"


def test_nothing_is_asked_for_an_order_whose_time_is_over(paying):
    bought = paying.order()

    assert (
        start(attempt_id=bought.attempt_id, return_to=BACK, now=NOON + timedelta(hours=1)) is None
    )

    assert paying.bank.calls == []
    assert paying.attempts(bought) == ["new"]
    assert expire_unpaid(now=NOON + timedelta(hours=1)) == 1
    assert paying.attempts(bought) == ["canceled"]
