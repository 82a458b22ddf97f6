"""Receipts on their way to a cash desk: lost answers, refusals, two at once; and those that a person prints."""

from dataclasses import replace
from datetime import timedelta

import pytest
from factories import NOON
from receipting import marks, receipts, send, told
from returning import returning  # noqa: F401  (the fixture)

from shop.gateways.payments import RateLimited, Rejected, Unauthorized, Unknown
from shop.queries.receipts import receipts_at_desk
from shop.services.notices import NotYet
from shop.services.receipts import (
    MarksTaken,
    NotForPeople,
    NotToBeSent,
    WrongMoment,
    register_by_hand,
    send_again,
)
from shop.services.security.forgetting import forget_person

LATER = NOON + timedelta(minutes=1)
NEXT_DAY = NOON + timedelta(hours=21)


@pytest.fixture
def bank(returning):  # noqa: F811
    """The gateway and its cash desk."""
    return returning.paying.bank


@pytest.fixture
def apart(returning):  # noqa: F811
    """A receipt that goes apart from its payment."""
    returning.order()
    return receipts()[0]


@pytest.fixture
def inside_payment(returning):  # noqa: F811
    """A receipt that went with its payment."""
    returning.order(points=0, promo=0, balance=0)
    return receipts()[0]


@pytest.fixture
def by_hand(returning):  # noqa: F811
    """A receipt that a person prints."""
    returning.order(points=0, promo=0, balance=573_400)
    return receipts()[0]


@pytest.mark.parametrize("happened", [True, False])
@pytest.mark.parametrize("trouble", [Unknown("no answer"), Unauthorized("key"), RateLimited(3)])
def test_after_a_lost_answer_the_same_is_asked_under_the_same_key(bank, apart, trouble, happened):
    bank.trouble("register_receipt", trouble, after=happened)
    with pytest.raises(type(trouble)):
        send(apart)
    (kept,) = receipts()
    assert (kept.state, kept.gateway_ref, kept.sent_at) == ("sending", None, NOON)
    asked = kept.request

    assert send(apart, LATER) == "registered"

    (kept,) = receipts()
    assert len(bank.desk.receipts) == len(bank.desk.keys) == 1
    assert bank.desk.keys[kept.idempotence_key][1] == asked
    assert (kept.request, kept.gateway_ref) == (None, next(iter(bank.desk.receipts)))


def test_what_is_asked_again_is_word_for_word_the_same_whatever_has_changed(bank, apart, inside):
    from sqlalchemy import select, update

    from shop.db import db
    from shop.models import Account, Order

    bank.trouble("register_receipt", Unknown("no answer"), after=True)
    with pytest.raises(Unknown):
        send(apart)
    whose = select(Order.account_id).where(Order.id == apart.order_id).scalar_subquery()
    db.session.execute(update(Account).where(Account.id == whose).values(email="new@example.ru"))
    db.session.commit()

    assert send(apart, LATER) == "registered"
    assert len(bank.desk.receipts) == 1


def test_a_key_that_the_gateway_has_forgotten_is_looked_for_in_its_list_first(bank, apart):
    bank.trouble("register_receipt", Unknown("no answer"), after=True)
    with pytest.raises(Unknown):
        send(apart)
    bank.desk.keys.clear()

    assert send(apart, NEXT_DAY) == "registered"
    assert len(bank.desk.receipts) == 1
    assert bank.calls.count("register_receipt") == 1


def test_what_never_got_there_is_asked_under_a_new_key_after_a_day(bank, apart):
    bank.trouble("register_receipt", Unknown("no answer"))
    first_key = apart.idempotence_key
    with pytest.raises(Unknown):
        send(apart)

    assert send(apart, NEXT_DAY) == "registered"

    (kept,) = receipts()
    assert (kept.sent_at, len(bank.desk.receipts)) == (NEXT_DAY, 1)
    assert kept.idempotence_key != first_key


def test_a_desk_that_needs_time_is_asked_again_and_not_told_twice(bank, apart):
    bank.desk.next_receipt = "pending"
    with pytest.raises(NotYet):
        send(apart)
    (kept,) = receipts()
    assert (kept.state, kept.document_number) == ("sending", "")
    bank.desk.end(kept.gateway_ref, "succeeded")

    assert send(apart, LATER) == "registered"
    assert bank.calls.count("register_receipt") == 1
    assert send(apart, LATER) == "registered"  # Told once more it does nothing.


@pytest.mark.parametrize("how", ["rejected", "canceled"])
def test_a_refusal_is_for_a_person_and_may_be_sent_again(bank, apart, how):
    if how == "rejected":
        bank.trouble("register_receipt", Rejected("invalid_request", "items"))
    bank.desk.next_receipt = "canceled"
    assert send(apart) == "failed"
    (kept,) = receipts()
    assert kept.problem == ("invalid_request items" if how == "rejected" else "fiscal_data_wrong")
    assert send(apart, LATER) == "failed"

    bank.desk.next_receipt = "succeeded"
    send_again(receipt_id=kept.id, now=LATER)

    assert receipts()[0].state == "queued"
    with pytest.raises(NotToBeSent):
        send_again(receipt_id=kept.id, now=LATER)
    assert send(apart, LATER) == "registered"
    assert receipts()[0].problem == ""


def test_what_rode_along_and_is_not_there_a_day_later_is_for_a_person(bank, inside_payment):
    bank.desk.receipts.clear()
    with pytest.raises(NotYet):
        send(inside_payment, LATER)

    assert send(inside_payment, NOON + timedelta(days=1)) == "failed"

    assert receipts()[0].problem == "not_found"
    send_again(receipt_id=inside_payment.id, now=NEXT_DAY)
    assert send(inside_payment, NEXT_DAY) == "registered"
    assert bank.calls.count("register_receipt") == 1


def test_a_receipt_of_another_row_is_nobody_elses(bank, returning):  # noqa: F811
    """The payment's and the hand-over's are of one payment; each finds its own."""
    returning.order(points=0, promo=0, balance=0, stage="received")
    paid, *handed = receipts()
    for one in handed:
        assert send(one) == "registered"

    assert send(paid) == "registered"

    refs = [one.gateway_ref for one in receipts()]
    assert len(set(refs)) == 3
    modes = {bank.desk.receipts[refs[0]].lines[0][3], bank.desk.receipts[refs[1]].lines[0][3]}
    assert modes == {"full_prepayment", "full_payment"}


def test_two_workers_at_once_make_one_receipt(bank, apart, returning):  # noqa: F811
    results = returning.paying.at_once([lambda: send(apart)] * 4)

    assert results == ["registered"] * 4
    assert len(bank.desk.receipts) == 1
    assert told()[0][:2] == ("payment", "registered")


def test_a_refund_under_way_is_waited_for(bank, returning):  # noqa: F811
    order = returning.order(stage="received")
    returning.give_back(order, {order.teapots: 1})
    back = receipts()[-1]

    with pytest.raises(NotYet):
        send(back)
    assert receipts()[-1].state == "queued"
    assert bank.calls.count("register_receipt") == 0


def test_nobody_is_written_to_at_an_emptied_account(returning, apart):  # noqa: F811
    from shop.db import db
    from shop.models import Order

    account_id = db.session.get_one(Order, apart.order_id).account_id
    forget_person(account_id=account_id, now=NOON)

    assert send(apart) == "by_hand"
    assert receipts()[0].problem == "no_mailbox"


def test_a_person_writes_down_what_was_printed(by_hand, returning):  # noqa: F811
    assert (by_hand.state, receipts_at_desk().counts["by_hand"]) == ("by_hand", 1)

    register_by_hand(receipt_id=by_hand.id, marks=marks(17), actor_id=returning.clerk.id, now=LATER)

    (kept,) = receipts()
    assert (kept.state, kept.document_number, kept.registered_by, kept.settled_at) == (
        "registered",
        "17",
        returning.clerk.id,
        LATER,
    )
    (row,) = receipts_at_desk(view="registered").rows
    assert row.registered_at == NOON and row.by
    with pytest.raises(NotForPeople):
        register_by_hand(
            receipt_id=by_hand.id, marks=marks(18), actor_id=returning.clerk.id, now=LATER
        )
    assert receipts()[0].document_number == "17"
    with pytest.raises(NotToBeSent):
        send_again(receipt_id=by_hand.id, now=LATER)


@pytest.mark.parametrize("at", [NOON - timedelta(days=2), LATER + timedelta(hours=1)])
def test_nothing_is_printed_before_its_time_nor_tomorrow(by_hand, returning, at):  # noqa: F811
    with pytest.raises(WrongMoment):
        register_by_hand(
            receipt_id=by_hand.id, marks=marks(at=at), actor_id=returning.clerk.id, now=LATER
        )

    assert receipts()[0].state == "by_hand"


def test_no_two_receipts_have_the_same_number(by_hand, returning):  # noqa: F811
    returning.order(points=0, promo=0, balance=573_400)
    actor = {"actor_id": returning.clerk.id, "now": LATER}
    register_by_hand(receipt_id=by_hand.id, marks=marks(17), **actor)
    other = receipts()[-1]

    with pytest.raises(MarksTaken):
        register_by_hand(receipt_id=other.id, marks=marks(17), **actor)
    assert receipts()[-1].state == "by_hand"

    elsewhere = replace(marks(17), storage_number="1" * 16)
    register_by_hand(receipt_id=other.id, marks=elsewhere, **actor)
    assert receipts()[-1].state == "registered"


def test_what_a_gateway_is_at_is_not_for_people(apart, returning):  # noqa: F811
    with pytest.raises(NotForPeople):
        register_by_hand(receipt_id=apart.id, marks=marks(), actor_id=returning.clerk.id, now=LATER)

    assert receipts()[0].state == "queued"


def test_two_people_at_once_print_one(by_hand, returning):  # noqa: F811
    def deed(number):
        return lambda: register_by_hand(
            receipt_id=by_hand.id, marks=marks(number), actor_id=returning.clerk.id, now=LATER
        )

    results = returning.paying.at_once([deed(number) for number in range(1, 5)])

    assert sorted(type(one).__name__ for one in results) == ["NoneType"] + ["NotForPeople"] * 3
