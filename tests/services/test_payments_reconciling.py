"""Comparing with the gateways: what is late is settled, what differs is kept until it differs no more."""

from dataclasses import replace
from datetime import timedelta

import pytest
from factories import NOON
from paying import Paying
from sqlalchemy import select

from shop.db import db
from shop.gateways.payments import GwPayment, Unknown
from shop.models import GatewayCheck, PaymentDifference, PaymentRefund
from shop.queries.audit import run_audit
from shop.queries.payments import our_payments
from shop.services.payments import reconcile

LATER = NOON + timedelta(minutes=10)
NIGHT = NOON + timedelta(hours=18)


@pytest.fixture
def paying(app, make):
    return Paying(app, make)


def compared(paying, now=LATER, **more):
    with paying.app.app_context():
        return reconcile(now=now, **more)


def kept(paying):
    with paying.app.app_context():
        rows = db.session.scalars(select(PaymentDifference).order_by(PaymentDifference.id))
        return [(row.kind, row.ours, row.theirs, row.solved_at) for row in rows]


def checks(paying):
    with paying.app.app_context():
        rows = db.session.scalars(select(GatewayCheck))
        return [
            (row.gateway, row.compared_at, row.payments, row.unasked, row.problem) for row in rows
        ]


def paid(paying):
    """An order whose payment the shop knows to have succeeded."""
    bought = paying.order()
    ref = paying.at_the_bank(bought)
    paying.bank.end(ref, "succeeded")
    compared(paying, NOON + timedelta(minutes=1))
    assert paying.order_state(bought) == "paid"
    return bought, ref


def test_nobody_is_asked_where_nobody_has_paid(paying):
    assert compared(paying) == {}
    assert paying.bank.calls == []


def test_a_payment_whose_notice_was_lost_is_settled_and_no_difference(paying):
    bought = paying.order()
    ref = paying.at_the_bank(bought)
    paying.bank.end(ref, "succeeded")

    assert compared(paying) == {"yookassa": 0}

    assert paying.order_state(bought) == "paid"
    assert kept(paying) == []
    assert checks(paying) == [("yookassa", LATER, 1, 0, "")]


def test_a_refused_payment_is_settled_too(paying):
    bought = paying.order()
    paying.bank.end(paying.at_the_bank(bought), "canceled", "insufficient_funds")

    assert compared(paying) == {"yookassa": 0}

    assert paying.attempt(bought.attempt_id).cancel_reason == "insufficient_funds"


def test_a_refund_that_arrived_quietly_is_settled(paying):
    bought, ref = paid(paying)
    refund_of(paying, bought, 100_00)
    paying.bank.next_refund = "pending"
    compared(paying)
    assert [one.state for one in paying.refunds()] == ["pending"]
    there = next(iter(paying.bank.refunds))
    paying.bank.refunds[there] = replace(paying.bank.refunds[there], status="succeeded")
    paying.bank.count_refund(there)

    assert compared(paying, NIGHT) == {"yookassa": 0}

    assert [one.state for one in paying.refunds()] == ["succeeded"]
    assert paying.bank.payments[ref].refunded_kopecks == 100_00


def refund_of(paying, bought, kopecks):
    """Money that a cancellation would send back: in the books it is owed first."""
    from shop.rules.ledger import advance, flow, refund_due
    from shop.services.ledger import post
    from shop.services.payments import owe_back

    with paying.app.app_context():
        post(
            once_key=f"test-{bought.number}",
            kind="test",
            lines=flow(advance(bought.number), refund_due(bought.number), kopecks),
            reference=bought.number,
            actor="shop",
            now=NOON,
        )
        owe_back(
            attempt_id=bought.attempt_id,
            amount_kopecks=kopecks,
            reason="test",
            once_key=f"test-{bought.number}",
            now=NOON,
        )


def test_money_that_went_back_by_hand_at_the_gateway_is_a_difference_until_it_is_none(paying):
    _, ref = paid(paying)
    paying.bank.payments[ref] = replace(paying.bank.payments[ref], refunded_kopecks=50_00)

    assert compared(paying) == {"yookassa": 1}
    assert compared(paying, LATER + timedelta(minutes=1)) == {"yookassa": 1}

    assert kept(paying) == [("refunded", "0\xa0₽", "50\xa0₽", None)]
    with paying.app.app_context():
        told = [one for one in run_audit(now=LATER) if one.rule == 15]
    assert [(one.about, one.found, one.expected) for one in told] == [
        (f"yookassa {ref}", "0\xa0₽", "50\xa0₽")
    ]
    paying.bank.payments[ref] = replace(paying.bank.payments[ref], refunded_kopecks=0)
    assert compared(paying, NIGHT) == {"yookassa": 0}
    assert kept(paying) == [("refunded", "0\xa0₽", "50\xa0₽", NIGHT)]


def test_a_payment_that_the_gateway_has_taken_back_is_a_difference_of_state(paying):
    bought, ref = paid(paying)
    paying.bank.payments[ref] = replace(paying.bank.payments[ref], status="canceled")

    assert compared(paying) == {"yookassa": 1}

    assert kept(paying) == [("status", "succeeded", "canceled", None)]
    assert paying.order_state(bought) == "paid"


def test_money_that_only_the_gateway_knows_is_a_difference_until_it_went_back(paying):
    paid(paying)
    strange = GwPayment("strange", "succeeded", 777_00, "RUB", True, {"attempt_id": "424242"})
    paying.bank.payments["strange"] = strange

    assert compared(paying) == {"yookassa": 1}
    assert kept(paying) == [("unknown_here", "", "777\xa0₽", None)]

    paying.bank.payments["strange"] = replace(strange, refunded_kopecks=777_00)
    assert compared(paying, NIGHT) == {"yookassa": 0}


def test_a_strange_payment_without_money_is_none(paying):
    paid(paying)
    paying.bank.payments["x"] = GwPayment("x", "canceled", 777_00, "RUB", True)

    assert compared(paying) == {"yookassa": 0}


def test_a_payment_that_only_the_shop_knows_is_a_difference_even_when_the_list_is_empty(paying):
    _, ref = paid(paying)
    del paying.bank.payments[ref]

    assert compared(paying) == {"yookassa": 1}

    assert kept(paying) == [("unknown_there", "succeeded", "", None)]


def test_a_gateway_without_a_list_is_asked_about_each_payment(paying, monkeypatch):
    paid(paying)
    monkeypatch.setattr(paying.bank, "list_since", lambda moment: iter(()))

    assert compared(paying) == {"yookassa": 0}

    assert paying.bank.calls[-1] == "fetch"


def test_a_list_that_breaks_off_compares_nothing_and_is_told(paying, monkeypatch):
    _, ref = paid(paying)

    def broken(moment):
        yield paying.bank.payments[ref]
        raise Unknown("its list is longer than the shop reads")

    monkeypatch.setattr(paying.bank, "list_since", broken)

    assert compared(paying, NIGHT) == {"yookassa": None}

    told = "its list is longer than the shop reads"
    assert checks(paying) == [("yookassa", NOON + timedelta(minutes=1), 1, 0, told)]


def test_what_could_not_be_asked_about_is_told_and_solves_nothing(paying, monkeypatch):
    refs = [paid(paying)[1] for _ in range(3)]
    for ref in refs:
        paying.bank.payments[ref] = replace(paying.bank.payments[ref], refunded_kopecks=50_00)
    assert compared(paying) == {"yookassa": 3}
    monkeypatch.setattr(paying.bank, "list_since", lambda moment: iter(()))
    monkeypatch.setattr("shop.services.payments.reconciling.MOST_ASKED", 2)

    assert compared(paying, NIGHT) == {"yookassa": 2}

    assert [solved_at for *_, solved_at in kept(paying)] == [None, None, None]
    assert checks(paying) == [("yookassa", NIGHT, 0, 1, "")]


def test_open_differences_are_asked_about_before_all_others(paying, monkeypatch):
    paid(paying)
    _, ref = paid(paying)
    paying.bank.payments[ref] = replace(paying.bank.payments[ref], refunded_kopecks=50_00)
    assert compared(paying) == {"yookassa": 1}
    paying.bank.payments[ref] = replace(paying.bank.payments[ref], refunded_kopecks=0)
    monkeypatch.setattr(paying.bank, "list_since", lambda moment: iter(()))
    monkeypatch.setattr("shop.services.payments.reconciling.MOST_ASKED", 1)

    assert compared(paying, NIGHT) == {"yookassa": 0}

    assert kept(paying) == [("refunded", "0\xa0₽", "50\xa0₽", NIGHT)]


def test_what_differs_stays_so_when_its_days_are_over(paying):
    _, ref = paid(paying)
    paying.bank.payments[ref] = replace(paying.bank.payments[ref], refunded_kopecks=50_00)
    compared(paying)
    month_later = NOON + timedelta(days=30)

    assert compared(paying, month_later, days=3) == {"yookassa": 1}

    assert kept(paying)[0][3] is None


def test_a_silent_gateway_leaves_all_as_it_was_and_is_told(paying):
    _, ref = paid(paying)
    paying.bank.payments[ref] = replace(paying.bank.payments[ref], refunded_kopecks=50_00)
    compared(paying)
    paying.bank.trouble("list_since", Unknown("no answer"))

    assert compared(paying, NIGHT) == {"yookassa": None}

    assert checks(paying) == [("yookassa", LATER, 1, 0, "no answer")]
    assert len(kept(paying)) == 1 and kept(paying)[0][3] is None


def test_a_mismatch_is_a_trouble_of_its_own_and_no_difference(paying):
    bought = paying.order()
    ref = paying.at_the_bank(bought)
    paying.bank.payments[ref] = replace(paying.bank.payments[ref], amount_kopecks=1)
    paying.bank.end(ref, "succeeded")

    assert compared(paying) == {"yookassa": 0}

    assert paying.attempt(bought.attempt_id).state == "mismatch"
    assert kept(paying) == []


def test_an_order_dropped_meanwhile_whose_payment_is_still_open_there_is_no_difference(paying):
    from shop.services.payments import expire_unpaid

    bought = paying.order()
    paying.at_the_bank(bought)
    with paying.app.app_context():
        expire_unpaid(now=NOON + timedelta(minutes=31))
    assert paying.order_state(bought) == "expired"

    assert compared(paying, NIGHT) == {"yookassa": 0}

    with paying.app.app_context():
        assert db.session.scalars(select(PaymentRefund)).all() == []


def test_old_payments_are_found_by_their_refs_however_many_there_are(paying, monkeypatch):
    monkeypatch.setattr("shop.queries.payments.comparing._AT_ONCE", 1)
    refs = [paying.at_the_bank(paying.order()) for _ in range(3)]

    with paying.app.app_context():
        found = our_payments(gateway="yookassa", since=NIGHT, refs=[*reversed(refs), "of others"])

    assert [one.ref for one in found] == refs
