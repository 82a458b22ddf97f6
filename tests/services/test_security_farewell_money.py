"""An account with money: nobody's money is burnt; what the shop gave to spend ends with the account, once that was agreed to."""

from datetime import timedelta

import pytest
from certifying import sold
from factories import NOON
from receipting import lines, receipts, told
from returning import give, returning  # noqa: F401  (the fixture)
from sqlalchemy import select
from squaring import books_are_right, letters  # noqa: F401  (the fixture)

from shop.db import db
from shop.gateways import mail
from shop.models import Account, AccountEvent, PaymentRefund
from shop.queries.audit import run_audit
from shop.queries.ledger import balance_of, balances_of
from shop.queries.receipts import receipts_at_desk, receipts_of_payout
from shop.queries.security.farewell import due_accounts, farewell_of
from shop.rules import ledger
from shop.rules.devices import NO_DEVICE
from shop.rules.ledger import BANK, PROMO_COST
from shop.services.payments import (
    NothingToPayOut,
    pay_out_balance,
    settle_by_hand,
    take_to_balance,
)
from shop.services.security.farewell import ask_to_end, end_due_accounts

LATER = NOON + timedelta(days=30)


@pytest.fixture
def anna(inside, make):
    """Anna has 100 points, 50 roubles of promo balance and 30 roubles and 1 kopeck of her own."""
    account = make.account("anna@example.ru")
    give(account, 100, 5_000, 3_001)
    return account


def leave(account):
    ask_to_end(account_id=account.id, session_id=0, device=NO_DEVICE, now=NOON)


def test_the_page_knows_what_there_is(anna, returning):  # noqa: F811
    order = returning.order(
        account=anna, points=0, promo=0, balance=0, stage="received", is_given=False
    )
    number = returning.ask(order, {order.cups: 1})

    has = farewell_of(account_id=anna.id).has

    # The order has brought points that are still to count.
    pending = balances_of(account_id=anna.id).points_pending
    assert (has.balance, has.promo, has.points) == (3_001, 5_000, 100 + pending) and pending > 0
    assert (has.returns, has.payouts, has.certificates) == ((number,), (), ())
    assert has.is_losing


def test_an_account_waits_while_there_is_bought_money(anna):
    leave(anna)

    assert due_accounts(now=LATER) == []
    assert end_due_accounts(now=LATER) == 0
    assert balances_of(account_id=anna.id).balance == 3_001
    facts = letters("account_ends")[0]
    assert facts["balance_kopecks"] == 3_001
    for language in ("ru", "en"):
        letter = mail.render(letter="account_ends", language=language, facts=facts)
        assert "30,01" in letter.text or "30.01" in letter.text
    event = db.session.scalars(
        select(AccountEvent).where(AccountEvent.kind == "deletion_asked")
    ).one()
    assert (event.facts["points"], event.facts["promo_kopecks"]) == (100, 5_000)


def test_the_balance_is_paid_out_once_and_then_the_account_ends(anna, returning):  # noqa: F811
    leave(anna)
    bank = balance_of(BANK)

    refund_id = pay_out_balance(account_id=anna.id, now=NOON)
    again = pay_out_balance(account_id=anna.id, now=NOON + timedelta(seconds=1))

    assert again == refund_id
    assert balances_of(account_id=anna.id).balance == 0
    assert balance_of(ledger.payout_due(anna.id)) == 3_001
    assert [letter["is_balance"] for letter in letters("payout_wanted")] == [True]
    assert due_accounts(now=LATER) == []  # It is owed still.
    settle_by_hand(refund_id=refund_id, actor_id=returning.clerk.id, note="17", now=NOON)
    assert balance_of(BANK) == bank - 3_001
    assert balance_of(ledger.payout_due(anna.id)) == 0
    assert told() == [("balance_refund", "by_hand", 3_001)]
    assert lines(receipts()[0]) == [("Остаток на личном счёте", 1, 3_001)]
    assert [one.number for one in receipts_at_desk().rows] == [""]
    assert [one.amount_kopecks for one in receipts_of_payout(refund_id=refund_id)] == [3_001]
    assert run_audit(now=NOON) == []
    assert end_due_accounts(now=LATER) == 1
    # What the shop had given is the shop's again.
    assert balance_of(ledger.promo(anna.id)) == balance_of(PROMO_COST) == 0
    assert db.session.get_one(Account, anna.id, populate_existing=True).ended_at == LATER


def test_money_asked_for_may_be_left_on_the_balance_after_all(anna):
    refund_id = pay_out_balance(account_id=anna.id, now=NOON)

    take_to_balance(refund_id=refund_id, now=NOON)

    assert balances_of(account_id=anna.id).balance == 3_001
    assert balance_of(ledger.payout_due(anna.id)) == 0
    second = pay_out_balance(account_id=anna.id, now=NOON)
    assert second != refund_id
    assert balances_of(account_id=anna.id).balance == 0
    assert balance_of(ledger.payout_due(anna.id)) == 3_001


def test_nothing_is_paid_out_of_nothing_nor_of_what_was_given(inside, make):
    igor = make.account()
    give(igor, 100, 5_000, 0)

    with pytest.raises(NothingToPayOut):
        pay_out_balance(account_id=igor.id, now=NOON)

    assert db.session.scalar(select(PaymentRefund.id)) is None
    assert balances_of(account_id=igor.id).promo == 5_000


def test_a_certificate_bought_and_unused_is_shown(inside, make):
    igor = make.account()
    serial = sold(igor).serial

    has = farewell_of(account_id=igor.id).has

    assert [(one.serial, one.nominal_kopecks) for one in has.certificates] == [(serial, 300_000)]
    assert not has.is_losing
