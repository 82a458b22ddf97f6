"""Money of returns that no gateway sends: paid by hand, once, and written down; and the thread beside it."""

import pytest
from factories import NOON
from returning import CARRIAGE, bring, chosen_of, return_lines, returning  # noqa: F401  (the fixture)
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from squaring import (  # noqa: F401  (the fixture)
    books_are_right,
    letters,
    owed,
    refunds,
    the_return,
    wallet,
)

from shop.db import db
from shop.gateways.payments import Rejected
from shop.models import PaymentRefund, ReturnMessage
from shop.queries.ledger import balance_of
from shop.queries.payments import money_troubles
from shop.rules.ledger import BANK, CASH_DESK
from shop.services.returns import (
    NotOwedByHand,
    answer_customer,
    settle_manually,
    write_to_shop,
)


@pytest.fixture
def order(returning):  # noqa: F811
    """Three teapots and two cups that the customer has."""
    return returning.order(stage="received")


def test_what_the_gateway_refuses_is_paid_by_hand(returning, order):  # noqa: F811
    number = returning.give_back(order, {order.teapots: 1})
    returning.paying.bank.trouble("refund", Rejected("insufficient_funds"))
    returning.work()
    amount = owed(order)
    assert refunds() == [("manual_due", amount)]
    trouble = money_troubles()[0]
    assert (trouble.number, trouble.what, trouble.problem) == (
        order.number,
        "refund_failed",
        "insufficient_funds",
    )
    bank = balance_of(BANK)
    refund_id = the_return(number).refund_id
    pay = {"refund_id": refund_id, "actor_id": returning.clerk.id, "now": NOON}

    settle_manually(**pay, note="Платёжное поручение 17")

    kept = db.session.get_one(PaymentRefund, refund_id, populate_existing=True)
    assert (kept.state, kept.paid_by, kept.note) == (
        "paid_manually",
        returning.clerk.id,
        "Платёжное поручение 17",
    )
    assert owed(order) == 0
    assert balance_of(BANK) == bank - amount
    assert the_return(number).state == "closed"
    assert letters("payment_returned") == []
    (told,) = letters("payout_done")
    assert (told["number"], told["amount_kopecks"], told["end"]) == (order.number, amount, "")
    assert money_troubles() == []
    with pytest.raises(NotOwedByHand):
        settle_manually(**pay, note="ещё раз")
    assert balance_of(BANK) == bank - amount


def test_money_given_at_the_door_is_paid_back_by_hand(returning):  # noqa: F811
    order = returning.order(method="on_receipt", stage="received")
    assert balance_of(CASH_DESK) == order.funding.outside_kopecks

    number = returning.give_back(order, order.everything, "wrong_item")

    assert refunds() == [("manual_due", order.funding.outside_kopecks)]
    (trouble,) = money_troubles()
    assert (trouble.number, trouble.what, trouble.problem) == (order.number, "by_hand", "")
    settle_manually(
        refund_id=the_return(number).refund_id,
        actor_id=returning.clerk.id,
        note="Переводом",
        now=NOON,
    )
    assert owed(order) == 0
    assert the_return(number).state == "closed"


def test_a_refusal_without_a_reason_is_one(returning, order):  # noqa: F811
    """Pages and letters tell by it whether somebody was asked in vain."""
    returning.give_back(order, {order.teapots: 1})
    returning.paying.bank.trouble("refund", Rejected(""))

    returning.work()

    (trouble,) = money_troubles()
    assert (trouble.what, trouble.problem) == ("refund_failed", "canceled")


def test_money_that_nothing_sends_back_is_paid_by_hand_and_no_trouble(returning):  # noqa: F811
    order = returning.order(method="webmoney", stage="received")
    number = returning.give_back(order, {order.teapots: 1}, "defect")
    returning.work()

    assert "refund" not in returning.paying.bank.calls
    (trouble,) = money_troubles()
    assert (trouble.number, trouble.what, trouble.problem) == (order.number, "by_hand", "")
    told = {"actor_id": returning.clerk.id, "note": "Переводом", "now": NOON}
    settle_manually(refund_id=the_return(number).refund_id, **told)
    assert (owed(order), the_return(number).state) == (0, "closed")


def test_what_no_gateway_took_part_in_is_closed_at_once(returning):  # noqa: F811
    order = returning.order(points=1000, promo=50_000, balance=500_000, stage="received")

    number = returning.give_back(order, order.everything, "defect")

    assert the_return(number).state == "closed"
    assert wallet(order) == (1000, 50_000, 500_000)


def test_messages_stand_once_in_the_thread_and_the_answer_is_mailed(returning, order):  # noqa: F811
    number = returning.ask(order, {order.teapots: 1})
    mine = {"account_id": order.account.id, "number": number, "text": "Куда везти?"}

    for _ in range(2):
        write_to_shop(**mine, once_key="m1", now=NOON)
        answer_customer(
            number=number, text="На склад", actor_id=returning.clerk.id, once_key="m2", now=NOON
        )

    thread = db.session.execute(
        select(ReturnMessage.text, ReturnMessage.staff_id).order_by(ReturnMessage.id)
    ).all()
    assert [tuple(row) for row in thread] == [
        ("Куда везти?", None),
        ("На склад", returning.clerk.id),
    ]
    assert [letter["text"] for letter in letters("return_answered")] == ["На склад"]
    with pytest.raises(NoResultFound):
        write_to_shop(**mine | {"account_id": returning.clerk.id}, once_key="m3", now=NOON)
