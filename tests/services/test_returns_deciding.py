"""The shop's people about a return: each step once and in its turn, no more taken back than was asked."""

from datetime import timedelta

import pytest
from factories import NOON
from returning import CARRIAGE, bring, chosen_of, return_lines, returning  # noqa: F401  (the fixture)
from signing import together
from squaring import books_are_right, counts, letters, owed, refunds, stock, the_return  # noqa: F401  (the fixture)

from shop.db import db
from shop.gateways import mail
from shop.queries.audit import run_audit
from shop.rules.funding import part_of
from shop.rules.returns import NotPossible
from shop.services.returns import (
    Looked,
    NothingSaid,
    ReturnMovedOn,
    approve,
    inspect,
    mark_in_transit,
    receive,
    refund,
    reject,
    withdraw,
)


@pytest.fixture
def order(returning):  # noqa: F811
    """Three teapots and two cups that the customer has."""
    return returning.order(stage="received")


def test_fewer_pieces_accepted_than_asked_are_paid_for(returning, order):  # noqa: F811
    first = part_of(chosen_of(order).pieces[0].funding, 3, 0, 1)
    number = returning.ask(order, {order.teapots: 2})
    approve(number=number, actor_id=returning.clerk.id, now=NOON)
    mark_in_transit(account_id=order.account.id, number=number, track="RA1", now=NOON)
    receive(number=number, now=NOON)
    line = return_lines(number)[0]

    look = {"found": {line.id: Looked(1, False)}, "actor_id": returning.clerk.id, "now": NOON}
    with pytest.raises(NothingSaid):
        inspect(number=number, remark="", **look)
    inspect(number=number, remark="Один с трещиной", **look)
    refund(number=number, actor_id=returning.clerk.id, now=NOON)

    kept = the_return(number)
    assert (kept.state, kept.outside_kopecks, kept.track) == (
        "refunded",
        first.outside_kopecks,
        "RA1",
    )
    assert counts(order)[0] == (0, 1)
    assert stock() == [7, 8]
    assert owed(order) == first.outside_kopecks
    sent = mail.render(letter="return_refunded", language="ru", facts=letters("return_refunded")[0])
    for body in (sent.text, sent.html):
        assert "Что мы увидели: Один с трещиной" in body


def test_nothing_accepted_is_a_refusal_with_its_reason(returning, order):  # noqa: F811
    number = returning.ask(order, {order.teapots: 2})
    approve(number=number, actor_id=returning.clerk.id, now=NOON)
    receive(number=number, now=NOON)
    found = {return_lines(number)[0].id: Looked(0, True)}
    look = {"number": number, "found": found, "actor_id": returning.clerk.id, "now": NOON}

    with pytest.raises(NothingSaid):
        inspect(**look, remark="")
    inspect(**look, remark="Следы пользования")

    assert (the_return(number).state, the_return(number).refusal) == (
        "rejected",
        "Следы пользования",
    )
    assert letters("return_rejected")[0]["refusal"] == "Следы пользования"
    assert stock() == [7, 8]
    with pytest.raises(ReturnMovedOn):
        refund(number=number, actor_id=returning.clerk.id, now=NOON)


def test_a_look_must_be_at_every_line_and_at_no_more_than_was_asked(returning, order):  # noqa: F811
    number = returning.ask(order, order.everything)
    approve(number=number, actor_id=returning.clerk.id, now=NOON)
    receive(number=number, now=NOON)
    one, other = return_lines(number)

    for found in ({one.id: Looked(1, True)}, {one.id: Looked(4, True), other.id: Looked(1, True)}):
        with pytest.raises(NotPossible):
            inspect(number=number, found=found, remark="", actor_id=returning.clerk.id, now=NOON)

    assert the_return(number).state == "received"
    assert [line.accepted for line in return_lines(number)] == [None, None]


def test_steps_are_taken_in_their_order_and_once(returning, order):  # noqa: F811
    number = returning.ask(order, {order.teapots: 1})
    clerk = returning.clerk.id

    with pytest.raises(ReturnMovedOn):
        receive(number=number, now=NOON)
    with pytest.raises(ReturnMovedOn):
        refund(number=number, actor_id=clerk, now=NOON)
    approve(number=number, actor_id=clerk, now=NOON)
    with pytest.raises(ReturnMovedOn):
        approve(number=number, actor_id=clerk, now=NOON)
    receive(number=number, now=NOON)
    with pytest.raises(ReturnMovedOn):
        withdraw(account_id=order.account.id, number=number, now=NOON)

    assert letters("return_approved")[0]["number"] == number
    assert refunds() == []


def test_a_refused_demand_says_why(returning, order):  # noqa: F811
    number = returning.ask(order, {order.teapots: 1})

    reject(number=number, refusal="Чек другого магазина", actor_id=returning.clerk.id, now=NOON)

    kept = the_return(number)
    assert (kept.state, kept.refusal, kept.decided_by) == (
        "rejected",
        "Чек другого магазина",
        returning.clerk.id,
    )
    assert letters("return_rejected")[0]["refusal"] == "Чек другого магазина"


def test_two_clerks_pay_once(returning, order):  # noqa: F811
    number = returning.ask(order, {order.teapots: 1})
    approve(number=number, actor_id=returning.clerk.id, now=NOON)
    receive(number=number, now=NOON)
    found = {return_lines(number)[0].id: Looked(1, True)}
    inspect(number=number, found=found, remark="", actor_id=returning.clerk.id, now=NOON)
    db.session.rollback()

    def press():
        return refund(number=number, actor_id=returning.clerk.id, now=NOON)

    came = together(returning.app, press, press)

    assert sum(isinstance(one, ReturnMovedOn) for one in came) == 1
    assert counts(order)[0] == (0, 1)
    assert len(refunds()) == 1


@pytest.mark.parametrize("is_on_its_way", [False, True])
def test_goods_that_never_come_don_t_keep_a_return_open(returning, order, is_on_its_way):  # noqa: F811
    number = returning.ask(order, order.all_teapots, "defect")
    approve(number=number, actor_id=returning.clerk.id, now=NOON)
    if is_on_its_way:
        mark_in_transit(account_id=order.account.id, number=number, track="RA1", now=NOON)
    later = NOON + timedelta(days=60)

    reject(number=number, refusal="Товар не пришёл", actor_id=returning.clerk.id, now=later)

    assert (the_return(number).state, the_return(number).refusal) == (
        "rejected",
        "Товар не пришёл",
    )
    assert letters("return_rejected")[-1]["refusal"] == "Товар не пришёл"
    assert not [one for one in run_audit(now=later, log_files=()) if one.rule == 16]
    again = returning.ask(order, order.all_teapots, "defect", key="r2", now=later)
    returning.bring_back(again, now=later)
    assert counts(order)[0] == (0, 3)
