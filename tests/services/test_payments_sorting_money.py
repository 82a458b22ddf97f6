"""Money that came otherwise than it was asked for: booked as a surplus, and sent back whole."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from certifying import ordered
from factories import NOON
from flask import current_app
from mismatching import LATER, is_in_order, mismatched, settled, work
from paying import BACK
from sqlalchemy import select

from shop.db import db
from shop.gateways import mail
from shop.gateways.payments import Rejected, Unknown
from shop.models import PaymentAttempt, Receipt
from shop.queries.ledger import balance_of
from shop.queries.payments import money_troubles, payment_of, payout_of
from shop.queries.staff import figures_of
from shop.rules.ledger import UNAPPLIED, bonus_clearing, clearing
from shop.rules.staff import NeedsAnother
from shop.services.payments import (
    ToldOtherwise,
    expire_unpaid,
    open_attempt,
    pay_again,
    settle_by_hand,
    settle_mismatch,
    sort_out,
    start,
    sync,
)


@pytest.mark.parametrize("has_receipt", [True, False])
def test_money_that_came_wrong_is_booked_and_goes_back_with_receipts_and_letters(
    paying, has_receipt
):
    bought = mismatched(paying)
    if has_receipt:
        row = db.session.get_one(PaymentAttempt, bought.attempt_id)
        row.request = dict(row.request) | {"receipt": {"items": []}}
        db.session.commit()

    assert settled(paying, bought, 1000_50, "Пришла другая сумма.") is True
    assert settled(paying, bought, 1000_50) is False

    assert money_troubles() == [] and figures_of(now=LATER, zone=UTC).mismatches == 0
    assert (balance_of(UNAPPLIED), balance_of(clearing("yookassa"))) == (1000_50, 1000_50)
    work(paying)
    assert (balance_of(UNAPPLIED), balance_of(clearing("yookassa"))) == (0, 0)
    assert [(one.state, one.amount_kopecks) for one in paying.refunds()] == [("succeeded", 1000_50)]
    receipts = db.session.execute(select(Receipt.kind, Receipt.amount_kopecks)).all()
    assert sorted(receipts) == [("payment", 1000_50), ("refund", 1000_50)]
    assert paying.letters() == ["order_accepted", "payment_sorted", "payment_returned"]
    sorted_out = mail.render(
        letter="payment_sorted", language="ru", facts=paying.facts("payment_sorted")
    )
    assert (
        "Пришла другая сумма." in sorted_out.text and "пришло 1\xa0000,50\xa0₽" in sorted_out.html
    )
    back = mail.render(
        letter="payment_returned", language="ru", facts=paying.facts("payment_returned")
    )
    assert "но не так, как должно было прийти" in back.text
    assert is_in_order()


def test_the_sum_that_was_asked_for_goes_back_as_late_money_does(paying):
    bought = mismatched(paying, is_test=False)

    assert settled(paying, bought, bought.total_kopecks) is True

    work(paying)
    assert [one.state for one in paying.refunds()] == ["succeeded"]
    assert paying.attempt(bought.attempt_id).is_surplus
    assert is_in_order()


def test_a_letter_without_words_tells_the_sum(paying):
    settled(paying, mismatched(paying), 1000_50)

    text = mail.render(
        letter="payment_sorted", language="ru", facts=paying.facts("payment_sorted")
    ).text

    assert "Вот что выяснилось" not in text and "От вас пришло 1\xa0000,50\xa0₽." in text


def test_a_refund_that_the_gateway_refuses_is_paid_by_hand(paying):
    bought = mismatched(paying)
    owner = paying.make.employee("owner")
    settle_mismatch(
        attempt_id=bought.attempt_id, came_kopecks=1000_50, words="", actor_id=owner.id, now=LATER
    )
    paying.bank.trouble("refund", Rejected("insufficient_funds"))

    work(paying)

    assert [one.what for one in money_troubles()] == ["refund_failed"]
    waiting = payout_of(refund_id=paying.refunds()[0].id)
    assert (waiting.amount_kopecks, waiting.decided_by) == (1000_50, {owner.id})
    assert payment_of(account_id=bought.account.id, number=bought.number).back == "manual_due"
    settle_by_hand(refund_id=waiting.refund_id, actor_id=owner.id, note="п/п 7", now=LATER)
    assert balance_of(UNAPPLIED) == 0 and money_troubles() == []
    assert is_in_order()


@pytest.mark.parametrize(
    ("said", "told", "wrong"),
    [
        (900, {"amount_kopecks": 1000_50}, (1000_50, 0)),
        (900, {"amount_kopecks": 900, "refunded_kopecks": 200}, (900, 200)),
        (900, {"amount_kopecks": 900, "status": "pending"}, (0, 0)),
        (0, {"amount_kopecks": 900, "refunded_kopecks": 200}, (900, 200)),
        (0, {"amount_kopecks": 900}, (900, 0)),
    ],
)
def test_what_the_gateway_tells_otherwise_is_not_booked(paying, said, told, wrong):
    bought = mismatched(paying, **told)

    with pytest.raises(ToldOtherwise) as problem:
        settled(paying, bought, said, "Не приходило")

    assert (problem.value.came_kopecks, problem.value.back_kopecks) == wrong
    assert paying.attempt(bought.attempt_id).sorted_at is None
    assert paying.refunds() == [] and balance_of(UNAPPLIED) == 0
    assert [one.what for one in money_troubles()] == ["mismatch"]


@pytest.mark.parametrize("problem", [Unknown("away"), Rejected("not_found")])
def test_where_the_gateway_cannot_say_the_owner_knows(paying, problem):
    bought = mismatched(paying)
    paying.bank.trouble("fetch", problem)

    assert settled(paying, bought, 1000_50) is True


def test_a_payment_found_again_after_a_lost_answer_is_known_by_its_number(paying):
    """Or nothing could be sent back, and the comparison would call it unknown for ever."""
    bought = paying.order()
    paying.bank.trouble("create", Unknown("no answer"), after=True)
    paying.at_the_bank(bought)
    ref = next(iter(paying.bank.payments))
    paying.bank.end(ref, "succeeded")
    paying.bank.payments[ref] = replace(paying.bank.payments[ref], amount_kopecks=1000_50)
    sync(attempt_id=bought.attempt_id, now=LATER)
    found = paying.attempt(bought.attempt_id)
    assert (found.state, found.gateway_ref) == ("mismatch", ref)

    settled(paying, bought, 1000_50)

    work(paying)
    assert [one.payment_ref for one in paying.bank.refunds.values()] == [ref]
    assert is_in_order()


def test_a_banks_own_bonuses_go_back_as_such(paying):
    bought = mismatched(paying, amount_kopecks=1000_00, bonus_kopecks=300_00)

    settled(paying, bought, 1000_00)

    came = (balance_of(clearing("yookassa")), balance_of(bonus_clearing("yookassa")))
    assert came == (700_00, 300_00)
    assert [one.bonus_kopecks for one in paying.refunds()] == [300_00]
    work(paying)
    assert balance_of(bonus_clearing("yookassa")) == 0
    assert is_in_order()


def test_money_in_another_currency_is_written_in_roubles(paying):
    bought = mismatched(paying, amount_kopecks=12_00, currency="USD")

    assert settled(paying, bought, 1000_50) is True

    assert balance_of(UNAPPLIED) == 1000_50


def test_a_large_sum_is_not_for_one_who_is_no_owner(paying):
    bought = mismatched(paying)
    clerk = paying.make.employee("support")
    large = current_app.extensions["shop_config"].two_people_from * 100

    with pytest.raises(NeedsAnother):
        sort_out(
            attempt_id=bought.attempt_id,
            came_kopecks=large,
            words="",
            actor_id=clerk.id,
            now=LATER,
        )

    assert paying.attempt(bought.attempt_id).state == "mismatch"


def test_of_two_who_settle_at_once_one_does(paying):
    bought = mismatched(paying)
    owner = paying.make.employee("owner").id
    deed = {"attempt_id": bought.attempt_id, "actor_id": owner, "now": LATER}

    done = paying.at_once(
        [
            lambda: settle_mismatch(**deed, came_kopecks=1000_50, words=""),
            lambda: settle_mismatch(**deed, came_kopecks=1000_50, words=""),
            lambda: sort_out(**deed, came_kopecks=0, words="Не было"),
        ]
    )

    assert sorted(done) == [False, False, True]
    assert paying.letters().count("payment_sorted") == 1
    db.session.rollback()
    assert len(paying.refunds()) == (balance_of(UNAPPLIED) == 1000_50)


@pytest.mark.parametrize("kopecks", [None, 1000_50])
def test_the_order_is_paid_in_another_try_before_and_after(paying, kopecks):
    bought = mismatched(paying)
    if kopecks:
        settled(paying, bought, kopecks)
    stands = payment_of(account_id=bought.account.id, number=bought.number)
    assert stands.stands == ("sorted" if kopecks else "mismatch") and stands.is_awaited

    pay_again(paying=stands, return_to=BACK, now=LATER)
    stands = payment_of(account_id=bought.account.id, number=bought.number)
    assert (stands.stands, stands.attempt_id) == ("waiting", bought.attempt_id + 1)
    paying.bank.end(paying.attempt(stands.attempt_id).gateway_ref, "succeeded")
    sync(attempt_id=stands.attempt_id, now=LATER)

    assert paying.order_state(bought) == "paid"
    if not kopecks:
        settled(paying, bought, 1000_50)
    work(paying)
    assert payment_of(account_id=bought.account.id, number=bought.number).stands == "paid"
    assert [one.amount_kopecks for one in paying.refunds()] == [1000_50]
    assert is_in_order()


def test_an_order_that_is_dropped_meanwhile_shows_where_the_money_is(paying):
    bought = mismatched(paying)
    settled(paying, bought, 1000_50)
    pay_again(
        paying=payment_of(account_id=bought.account.id, number=bought.number),
        return_to=BACK,
        now=LATER,
    )
    expire_unpaid(now=NOON + timedelta(hours=2))
    assert paying.order_state(bought) == "expired"

    stands = payment_of(account_id=bought.account.id, number=bought.number)

    assert (stands.stands, stands.attempt_kopecks, stands.back) == ("sorted", 1000_50, "new")


def test_money_for_a_certificate_goes_back_too(paying):
    buyer = paying.make.account()
    certificate = ordered(buyer, 500_00)
    attempt_id = open_attempt(
        certificate_id=certificate.certificate_id,
        amount_kopecks=500_00,
        method="bank_card",
        now=NOON,
    )
    start(attempt_id=attempt_id, return_to=BACK, now=NOON)
    ref = paying.attempt(attempt_id).gateway_ref
    paying.bank.end(ref, "succeeded")
    paying.bank.payments[ref] = replace(paying.bank.payments[ref], amount_kopecks=50_00)
    sync(attempt_id=attempt_id, now=LATER)

    owner = paying.make.employee("owner").id
    settle_mismatch(attempt_id=attempt_id, came_kopecks=50_00, words="", actor_id=owner, now=LATER)

    work(paying)
    assert [(one.state, one.amount_kopecks) for one in paying.refunds()] == [("succeeded", 50_00)]
    text = mail.render(
        letter="payment_returned", language="ru", facts=paying.facts("payment_returned")
    ).text
    assert f"За сертификат {certificate.serial} пришло 50\xa0₽, но не так" in text
    assert is_in_order()
