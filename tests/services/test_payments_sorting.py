"""A payment that isn't what was asked for: looked into by a person, told to its payer, and out of the way."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from mismatching import LATER, is_in_order, mismatched, settled
from paying import BACK
from sqlalchemy.exc import NoResultFound

from shop.gateways import mail
from shop.queries.audit import differences, run_audit
from shop.queries.ledger import balance_of
from shop.queries.payments import money_troubles, payment_of
from shop.queries.staff import figures_of
from shop.rules.ledger import UNAPPLIED
from shop.rules.staff import OwnMoney
from shop.services.payments import (
    pay_again,
    reconcile,
    sort_out,
)


def test_a_payment_that_does_not_fit_is_sorted_out_once_and_its_payer_reads_how(paying):
    bought = mismatched(paying)
    owner = paying.make.employee("owner")
    deed = {"attempt_id": bought.attempt_id, "actor_id": owner.id, "now": LATER}
    assert [one.what for one in money_troubles()] == ["mismatch"]
    assert figures_of(now=LATER, zone=UTC).mismatches == 1

    assert sort_out(**deed, words="Банк вернул рубль на карту.") is True
    assert sort_out(**deed, words="Что-то ещё") is False

    assert money_troubles() == [] and figures_of(now=LATER, zone=UTC).mismatches == 0
    assert paying.letters() == ["order_accepted", "payment_sorted"]
    facts = paying.facts("payment_sorted")
    assert facts["words"] == "Банк вернул рубль на карту." and facts["number"] == bought.number
    text = mail.render(letter="payment_sorted", language="ru", facts=facts).text
    assert "Банк вернул рубль на карту." in text and f"/my/orders/{bought.number}" in text
    assert not [one for one in run_audit(now=LATER, log_files=()) if one.kind != "not_compared"]


def test_only_another_sorts_out_an_employees_own_payment_and_only_what_does_not_fit(paying):
    bought = mismatched(paying)
    with pytest.raises(OwnMoney):
        sort_out(attempt_id=bought.attempt_id, words="Всё", actor_id=bought.account.id, now=LATER)
    other = paying.order()
    with pytest.raises(NoResultFound):
        sort_out(attempt_id=other.attempt_id, words="Всё", actor_id=1, now=LATER)

    assert "payment_sorted" not in paying.letters()


def test_after_it_is_sorted_out_the_order_is_paid_in_another_try(paying):
    bought = mismatched(paying)
    sort_out(attempt_id=bought.attempt_id, words="Не было", actor_id=0, now=LATER)
    stands = payment_of(account_id=bought.account.id, number=bought.number)
    assert (stands.stands, stands.sorted_words) == ("sorted", "Не было")

    pay_at = pay_again(paying=stands, return_to=BACK, now=LATER)

    assert pay_at and paying.attempts(bought) == ["mismatch", "pending"]


@pytest.mark.parametrize(
    "told",
    [
        {"amount_kopecks": 900, "status": "pending"},
        {"amount_kopecks": 900, "refunded_kopecks": 900},
        {"amount_kopecks": 30_00, "currency": "USD"},
    ],
)
def test_where_nothing_is_left_there_nothing_is_booked(paying, told):
    bought = mismatched(paying, **told)

    assert settled(paying, bought, 0, "Деньги вернул банк.") is True

    assert paying.refunds() == [] and balance_of(UNAPPLIED) == 0
    assert paying.attempt(bought.attempt_id).sorted_at == LATER


def test_money_that_comes_when_nothing_had_come_is_a_difference_until_it_went_back(paying):
    bought = mismatched(paying, amount_kopecks=900, status="pending")
    settled(paying, bought, 0, "Не приходило")
    assert is_in_order()
    ref = paying.attempt(bought.attempt_id).gateway_ref
    there = paying.bank.payments[ref]

    paying.bank.payments[ref] = replace(there, status="succeeded")
    assert reconcile(now=LATER) == {"yookassa": 1}
    (found,) = differences()
    assert (found.kind, found.number, found.theirs) == ("unknown_here", bought.number, "9\xa0₽")

    paying.bank.payments[ref] = replace(there, status="succeeded", refunded_kopecks=900)
    assert reconcile(now=LATER + timedelta(minutes=1)) == {"yookassa": 0}
    assert differences() == []
