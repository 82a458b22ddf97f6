"""Money that comes through a gateway and goes back through it, as the books tell it."""

from datetime import timedelta

from factories import NOON
from sqlalchemy import select

from shop.db import db
from shop.models import LedgerAccount, LedgerEntry
from shop.queries.ledger import balance_of
from shop.rules import ledger
from shop.rules.ledger import UNAPPLIED
from shop.services.ledger import Came, keep_surplus, pay_out


def test_money_that_nobody_waited_for_is_kept_apart_once(inside):
    came = Came(attempt_id=5, gateway="sber", amount_kopecks=1000, bonus_kopecks=300)

    assert keep_surplus(came=came, now=NOON) is True
    assert keep_surplus(came=came, now=NOON + timedelta(days=1)) is False

    assert told() == [("att:5:surplus", "surplus", "", "gateway", NOON)]
    assert balance_of(UNAPPLIED) == 1000
    assert balance_of(ledger.clearing("sber")) == 700
    assert balance_of(ledger.bonus_clearing("sber")) == 300


def test_a_refund_leaves_the_books_the_way_the_money_came(inside):
    came = Came(attempt_id=5, gateway="sber", amount_kopecks=1000, bonus_kopecks=300)
    keep_surplus(came=came, now=NOON)
    out = Came(attempt_id=5, gateway="sber", amount_kopecks=400, bonus_kopecks=100)
    later = NOON + timedelta(days=1)

    paid = [
        pay_out(refund_id=8, owed=UNAPPLIED, out=out, reference="0001-0002", now=later)
        for _ in range(2)
    ]

    assert paid == [True, False]
    assert told()[1:] == [("rf:8:ok", "refund", "0001-0002", "gateway", later)]
    assert balance_of(UNAPPLIED) == 600
    assert balance_of(ledger.clearing("sber")) == 400
    assert balance_of(ledger.bonus_clearing("sber")) == 200


def test_money_without_a_banks_bonuses_is_money_alone(inside):
    keep_surplus(came=Came(attempt_id=5, gateway="yookassa", amount_kopecks=1000), now=NOON)

    codes = db.session.scalars(select(LedgerAccount.code).order_by(LedgerAccount.code)).all()
    assert codes == ["gateway:yookassa:clearing", "unapplied"]


def told():
    entries = db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.id)).all()
    return [(one.once_key, one.kind, one.reference, one.actor, one.happened_at) for one in entries]
