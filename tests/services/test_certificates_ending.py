"""A certificate blocked, and one that goes back for its price."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from certifying import HERE, code_of, free, on, ordered, row, sold
from factories import NOON
from sqlalchemy import select

from shop.db import db
from shop.models import OutboxItem, PaymentRefund
from shop.rules.ledger import CERTIFICATES, balance, refund_due
from shop.services.certificates import (
    CertificateRefused,
    NoLongerValid,
    NotPossible,
    activate,
    block,
    redeem,
    refund_certificate,
    unblock,
)
from shop.services.returns.certificates import take_certificate_back


def refunds():
    return db.session.scalars(select(PaymentRefund)).all()


def test_a_blocked_one_opens_for_nobody_until_it_is_unblocked(inside, make):
    anna, vera, igor = make.account(), make.employee("support"), make.account()
    mine = sold(anna)

    block(serial=mine.serial, reason="Письмо ушло не туда", actor_id=vera.id, now=NOON)

    kept = row(mine.serial)
    assert (kept.state, kept.block_reason, kept.blocked_by, kept.blocked_at) == (
        "blocked",
        "Письмо ушло не туда",
        vera.id,
        NOON,
    )
    with pytest.raises(NoLongerValid):
        activate(account_id=igor.id, code=code_of(mine), now=NOON)
    assert on(CERTIFICATES) == 3000_00
    unblock(serial=mine.serial)
    activate(account_id=igor.id, code=code_of(mine), now=NOON)
    assert on(balance(igor.id)) == 3000_00


def test_what_is_used_or_unpaid_is_not_blocked(inside, make):
    anna = make.account()
    used, unpaid = sold(anna), ordered(anna, 500_00)
    activate(account_id=anna.id, code=code_of(used), now=NOON)

    for serial in (used.serial, unpaid.serial):
        with pytest.raises(NotPossible):
            block(serial=serial, reason="Жалоба", actor_id=anna.id, now=NOON)

    assert {row(used.serial).state, row(unpaid.serial).state} == {"activated", "awaiting_payment"}


def test_its_buyer_gives_it_back_and_the_money_is_on_its_way(inside, make):
    anna = make.account()
    mine = sold(anna)
    last = NOON + timedelta(days=14, hours=12) - timedelta(seconds=1)

    back = take_certificate_back(serial=mine.serial, account_id=anna.id, now=last)

    assert back == 3000_00
    kept = row(mine.serial)
    assert (kept.state, kept.refunded_at) == ("blocked", last)
    assert (on(CERTIFICATES), on(refund_due(mine.serial))) == (0, 3000_00)
    refund = refunds()[0]
    assert (refund.amount_kopecks, refund.state, refund.once_key) == (
        3000_00,
        "new",
        f"certificate-{mine.serial}",
    )
    errands = db.session.scalars(
        select(OutboxItem.payload).where(OutboxItem.kind == "payment-refund")
    )
    assert errands.all() == [{"refund_id": refund.id}]
    with pytest.raises(NoLongerValid):
        activate(account_id=anna.id, code=code_of(mine), now=last)


def test_a_refunded_one_never_opens_again(inside, make):
    anna = make.account()
    mine = sold(anna)
    take_certificate_back(serial=mine.serial, account_id=anna.id, now=NOON)

    with pytest.raises(NotPossible):
        unblock(serial=mine.serial)
    with pytest.raises(NotPossible):
        take_certificate_back(serial=mine.serial, account_id=anna.id, now=NOON)
    with pytest.raises(NotPossible):
        take_certificate_back(serial=mine.serial, actor_id=make.account().id, now=NOON)

    assert len(refunds()) == 1


def test_after_fourteen_days_only_an_employee_gives_it_back(inside, make):
    anna, vera = make.account(), make.employee("support")
    mine = sold(anna)
    late = NOON + timedelta(days=14, hours=12)

    with pytest.raises(NotPossible):
        take_certificate_back(serial=mine.serial, account_id=anna.id, now=late)
    assert (row(mine.serial).state, refunds()) == ("sold", [])

    take_certificate_back(serial=mine.serial, actor_id=vera.id, now=late)
    assert row(mine.serial).blocked_by == vera.id


def test_somebody_elses_is_not_found_and_a_used_or_free_one_stays(inside, make):
    anna, igor = make.account(), make.account()
    mine, used, given = sold(anna), sold(anna, once_key="form-2"), free(igor)
    activate(account_id=igor.id, code=code_of(used), now=NOON)

    with pytest.raises(Exception, match="No row"):
        take_certificate_back(serial=mine.serial, account_id=igor.id, now=NOON)
    for serial in (used.serial, given.serial):
        with pytest.raises(NotPossible):
            refund_certificate(serial=serial, actor_id=igor.id, now=NOON)

    assert refunds() == []
    assert on(CERTIFICATES) == 3000_00


def test_activating_and_giving_back_at_once_is_one_of_them(inside, make, app):
    anna, igor = make.account(), make.account()
    for number in range(4):
        mine = sold(anna, once_key=f"form-{number}")
        code, before = code_of(mine), (on(balance(igor.id)), len(refunds()))
        db.session.rollback()

        def use(code=code, number=number):
            with app.app_context():
                try:
                    redeem(
                        account_id=igor.id,
                        text=code,
                        device=HERE,
                        now=NOON + timedelta(days=number),
                    )
                except CertificateRefused:
                    return False
                return True

        def give_back(serial=mine.serial):
            with app.app_context():
                try:
                    take_certificate_back(serial=serial, actor_id=igor.id, now=NOON)
                except NotPossible:
                    return False
                return True

        with ThreadPoolExecutor(2) as pool:
            used, returned = (one.result() for one in (pool.submit(use), pool.submit(give_back)))

        db.session.rollback()
        assert {used, returned} == {True, False}
        assert on(balance(igor.id)) - before[0] == (3000_00 if used else 0)
        assert len(refunds()) - before[1] == int(returned)
        assert on(CERTIFICATES) == 0
