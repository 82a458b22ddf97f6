"""Whatever is called off and given back, the audit finds the books in order after each step."""

from datetime import timedelta

import pytest
from auditing import broken
from factories import NOON
from receipting import print_all
from returning import returning  # noqa: F401  (the fixture)

from shop.queries.audit import run_audit
from shop.services.points import mature_due
from shop.services.returns import cancel_by_shop, cancel_unpaid, settle_manually

SOON = NOON + timedelta(minutes=5)
WEEKS_LATER = NOON + timedelta(days=15)


def is_right(returning, now=SOON):  # noqa: F811
    found = run_audit(now=now)
    assert found == []
    returning.work()
    assert run_audit(now=now) == []


@pytest.mark.parametrize("method", ["bank_card", "on_receipt"])
def test_pieces_called_off_one_by_one(returning, method):  # noqa: F811
    order = returning.order(method=method)

    for turn, chosen in enumerate([{order.teapots: 1}, {order.cups: 2}, {order.teapots: 2}]):
        returning.cancel(order, chosen, key=f"c{turn}")
        is_right(returning)


@pytest.mark.parametrize("stage", ["paid", "assembled", "shipped"])
def test_an_order_called_off_by_the_shop(returning, stage):  # noqa: F811
    order = returning.order(stage=stage)

    cancel_by_shop(number=order.number, reason="out_of_stock", actor_id=1, once_key="c", now=NOON)

    is_right(returning)


def test_an_order_that_nobody_paid_called_off(returning):  # noqa: F811
    order = returning.order(stage="unpaid")

    cancel_unpaid(account_id=order.account.id, number=order.number, now=NOON)

    is_right(returning)


@pytest.mark.parametrize("method", ["bank_card", "on_receipt"])
@pytest.mark.parametrize("reason", ["unsuitable", "defect"])
def test_goods_given_back_in_two_turns(returning, method, reason):  # noqa: F811
    order = returning.order(method=method, stage="received")
    is_right(returning)

    returning.give_back(order, {order.teapots: 1, order.cups: 1}, reason, key="r1")
    is_right(returning)
    returning.give_back(order, {order.teapots: 2, order.cups: 1}, reason, key="r2")
    is_right(returning)


def test_goods_given_back_after_some_were_called_off(returning):  # noqa: F811
    from shop.models import Parcel

    order = returning.order()
    returning.cancel(order, {order.teapots: 1})
    from returning import bring
    from sqlalchemy import select

    from shop.db import db

    for parcel_id in db.session.scalars(select(Parcel.id).order_by(Parcel.id)).all():
        bring(parcel_id, "received")
    is_right(returning)

    returning.give_back(order, {order.teapots: 1})
    is_right(returning)


def test_goods_given_back_after_their_points_were_spent_leave_a_debt_and_no_finding(
    returning,  # noqa: F811
):
    order = returning.order(stage="received")
    mature_due(now=WEEKS_LATER)
    returning.work()
    assert run_audit(now=WEEKS_LATER) == []

    number = returning.ask(order, order.everything, "defect", now=WEEKS_LATER)
    assert run_audit(now=WEEKS_LATER) == []
    returning.bring_back(number, now=WEEKS_LATER)

    assert run_audit(now=WEEKS_LATER) == []


def test_money_that_a_gateway_refuses_is_owed_until_a_person_pays_it(returning):  # noqa: F811
    order = returning.order(stage="received")
    returning.paying.bank.next_refund = "canceled"
    returning.give_back(order, order.everything, "defect")
    is_right(returning)
    refund = returning.paying.refunds()[0]
    assert refund.state == "manual_due"
    late = [one.kind for one in run_audit(now=NOON + timedelta(days=9))]
    assert late == ["receipt_not_printed", "refund_late"]

    print_all()
    settle_manually(refund_id=refund.id, actor_id=1, note="п/п 17", now=SOON)

    assert run_audit(now=NOON + timedelta(days=9)) == []


def test_of_a_return_whose_sum_was_changed_it_tells_what_must_be(returning):  # noqa: F811
    order = returning.order(stage="received")
    returning.give_back(order, {order.teapots: 1})

    with broken("UPDATE return_request SET outside_kopecks = outside_kopecks - 1"):
        found = run_audit(now=SOON)

    assert [(one.rule, one.kind, one.about) for one in found] == [
        (11, "money_back", order.number),
        (11, "refunds", order.number),
    ]
