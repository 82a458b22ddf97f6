"""After a mailbox was moved through the support nobody gets at the account's money for a week."""

from dataclasses import replace
from datetime import timedelta

import pytest
from factories import NOON
from lost_mailboxes import approved, asked, events
from ordering import HOME, count, place
from returning import give, returning  # noqa: F401  (the fixture)
from signing import NEW_PASSWORD, letters, token_of
from sqlalchemy import select, update
from squaring import books_are_right  # noqa: F401  (the fixture)

from shop.db import db
from shop.models import Account, Order, PaymentRefund, PayoutDetails
from shop.queries.checkout import checkout_of
from shop.queries.delivery import CAPITAL
from shop.queries.ledger import Balances, balances_of
from shop.services.checkout import FundingChanged, TooManyPoints
from shop.services.payments import (
    MoneyFrozen,
    NothingToPayOut,
    Whereto,
    pay_out_balance,
    tell_whereto,
)
from shop.services.recovery import finish_move, move_on
from shop.services.returns import take_to_balance_at_once

ACCOUNT = Whereto("account", "Петрова Анна Игоревна", "044525225", "40817810838123456789")
MOVED = NOON + timedelta(hours=72)
THAWED = MOVED + timedelta(days=7)
LAST_MOMENT = THAWED - timedelta(seconds=1)


def freeze(account, until=THAWED):
    db.session.execute(update(Account).where(Account.id == account.id).values(frozen_until=until))
    db.session.commit()


@pytest.fixture
def rich(make, inside):
    """Somebody with points, presents and money, and a kettle in the cart."""
    rich = make.account("rich@example.ru")
    give(rich, 300, 10_000, 50_000)
    make.in_cart(rich, make.product(price=1490, in_stock=5), 2)
    return rich


def test_the_move_freezes_the_money_and_says_so(make, inside):
    igor = make.account("igor@example.ru", patronymic="Валерьянович")
    number = asked()
    approved(number, make.employee("support"), make.employee("support"))
    move_on(now=MOVED)

    finish_move(
        token=token_of(letters("lost_mailbox_confirm")[0]), password=NEW_PASSWORD, now=MOVED
    )

    kept = db.session.scalar(select(Account.frozen_until).where(Account.id == igor.id))
    assert kept == THAWED
    for letter in ("lost_mailbox_done", "lost_mailbox_moved"):
        assert letters(letter)[0]["facts"]["frozen_until"] == THAWED.isoformat()
    (done,) = events("lost_mailbox_done")
    assert done.facts["frozen_until"] == THAWED.isoformat()


def test_frozen_money_is_not_paid_out(rich):
    freeze(rich)

    with pytest.raises(MoneyFrozen) as refusal:
        pay_out_balance(account_id=rich.id, now=LAST_MOMENT)

    assert refusal.value.until == THAWED
    assert balances_of(account_id=rich.id).balance == 50_000
    assert count(PaymentRefund) == 0
    refund_id = pay_out_balance(account_id=rich.id, now=THAWED)
    assert balances_of(account_id=rich.id).balance == 0
    # What waits already is what it was; where to is asked of its owner.
    freeze(rich, THAWED + timedelta(days=7))
    assert pay_out_balance(account_id=rich.id, now=THAWED) == refund_id


def test_who_has_nothing_hears_that_first(make, inside):
    poor = make.account()
    freeze(poor)

    with pytest.raises(NothingToPayOut):
        pay_out_balance(account_id=poor.id, now=NOON)


def test_nobody_tells_where_frozen_money_goes(returning, make):  # noqa: F811
    order = returning.order(method="on_receipt", stage="received")
    returning.give_back(order, {order.teapots: 1}, "defect")
    refund_id = db.session.scalars(select(PaymentRefund.id)).one()
    tell_whereto(refund_id=refund_id, whereto=ACCOUNT, now=NOON)
    before = balances_of(account_id=order.account.id).balance
    freeze(order.account)
    other = Whereto("sbp", "Чужой", phone="+79160000000", bank="Сбер")

    with pytest.raises(MoneyFrozen):
        tell_whereto(refund_id=refund_id, whereto=other, now=LAST_MOMENT)
    with pytest.raises(MoneyFrozen):
        take_to_balance_at_once(refund_id=refund_id, now=LAST_MOMENT)

    db.session.rollback()
    assert db.session.scalars(select(PayoutDetails.name)).all() == [ACCOUNT.name]
    assert db.session.scalars(select(PaymentRefund.state)).all() == ["manual_due"]
    assert balances_of(account_id=order.account.id).balance == before
    take_to_balance_at_once(refund_id=refund_id, now=THAWED)
    assert db.session.scalars(select(PaymentRefund.state)).all() == ["to_balance"]


def checkout(account, now):
    return checkout_of(account_id=account.id, place=CAPITAL, today=now.date(), now=now)


def test_a_checkout_has_nothing_of_it_to_use(rich):
    freeze(rich)

    frozen, thawed = checkout(rich, LAST_MOMENT), checkout(rich, THAWED)

    assert (frozen.most_points, frozen.balances, frozen.frozen_until) == (0, Balances(), THAWED)
    assert (thawed.most_points, thawed.balances.spendable_kopecks) == (300, 60_000)
    assert thawed.frozen_until is None


def test_who_has_nothing_is_not_told_of_it(make, inside):
    poor = make.account()
    make.in_cart(poor, make.product())
    freeze(poor)

    assert checkout(poor, NOON).frozen_until is None


@pytest.mark.parametrize(
    "funds", [{"points": 1}, {"use_balance": True, "balance_seen": 60_000}], ids=["points", "money"]
)
def test_an_order_is_not_paid_with_frozen_money(rich, funds):
    freeze(rich)

    with pytest.raises((FundingChanged, TooManyPoints)):
        place(rich, wishes=replace(HOME, **funds))

    assert count(Order) == 0
    assert balances_of(account_id=rich.id).balance == 50_000


def test_a_card_pays_as_ever(rich):
    freeze(rich)

    place(rich)

    order = db.session.scalars(select(Order)).one()
    assert (order.points, order.balance_kopecks, order.promo_kopecks) == (0, 0, 0)
    assert order.outside_kopecks == 298_000 + 29_900
    has = balances_of(account_id=rich.id)
    assert (has.points, has.promo, has.balance) == (300, 10_000, 50_000)
