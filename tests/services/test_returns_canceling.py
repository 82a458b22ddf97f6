"""Calling off before the hand-over: each part goes back to where it came from, once, and never after the parcel has left."""

import re
from datetime import timedelta

import pytest
from factories import NOON
from returning import CARRIAGE, bring, chosen_of, returning  # noqa: F401  (the fixture)
from signing import together
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from squaring import (  # noqa: F401  (the fixture)
    advance,
    books_are_right,
    counts,
    letters,
    owed,
    parcel_states,
    refunds,
    state_of,
    stock,
    wallet,
)

from shop.db import db
from shop.gateways import mail
from shop.models import Cancellation, PaymentAttempt
from shop.rules.funding import part_of
from shop.rules.returns import NotPossible
from shop.services.orders import StepNotPossible, dispatch_parcel
from shop.services.payments import start, sync
from shop.services.returns import SplitChanged, cancel_pieces, cancel_unpaid


def test_an_unpaid_order_is_called_off_and_everything_set_aside_comes_back(returning):  # noqa: F811
    order = returning.order(stage="unpaid")
    assert wallet(order) == (0, 0, 0)

    assert cancel_unpaid(account_id=order.account.id, number=order.number, now=NOON)

    assert state_of(order) == "canceled"
    assert parcel_states(order) == ["canceled", "canceled"]
    assert wallet(order) == (700, 50_000, 100_001)
    assert stock() == [10, 10]
    attempt = db.session.get_one(PaymentAttempt, order.attempt_id, populate_existing=True)
    assert attempt.state == "canceled"
    assert refunds() == []
    told = letters("order_canceled")[0]
    assert told["is_unpaid"] and told["outside_kopecks"] == 0
    assert (told["points"], told["promo_kopecks"], told["balance_kopecks"]) == (
        700,
        50_000,
        100_001,
    )
    for language in ("ru", "en"):
        said = mail.render(letter="order_canceled", language=language, facts=told).text
        assert not re.search("By bank transfer|банковским переводом", said)


def test_a_second_press_and_a_paid_order_are_not_called_off_as_unpaid(returning):  # noqa: F811
    order, paid = returning.order(stage="unpaid"), returning.order()
    mine = {"account_id": order.account.id, "number": order.number, "now": NOON}
    cancel_unpaid(**mine)

    assert not cancel_unpaid(**mine)
    assert not cancel_unpaid(account_id=paid.account.id, number=paid.number, now=NOON)
    assert state_of(paid) == "paid"
    assert stock()[0:2] == [10, 10]


def test_money_that_comes_for_a_called_off_order_goes_back_by_itself(returning):  # noqa: F811
    order = returning.order(stage="unpaid")
    start(attempt_id=order.attempt_id, return_to="http://localhost/", now=NOON)
    cancel_unpaid(account_id=order.account.id, number=order.number, now=NOON)

    attempt = db.session.get_one(PaymentAttempt, order.attempt_id, populate_existing=True)
    returning.paying.bank.end(attempt.gateway_ref, "succeeded")
    sync(attempt_id=order.attempt_id, now=NOON + timedelta(minutes=1))
    returning.work(NOON + timedelta(minutes=2))

    assert refunds() == [("succeeded", order.funding.outside_kopecks)]
    assert state_of(order) == "canceled"


def test_a_whole_order_goes_back_with_its_carriage(returning):  # noqa: F811
    order = returning.order()

    assert returning.cancel(order, order.everything)

    assert state_of(order) == "canceled"
    assert parcel_states(order) == ["canceled", "canceled"]
    assert counts(order) == [(3, 0), (2, 0)]
    assert wallet(order) == (700, 50_000, 100_001)
    assert owed(order) == order.funding.outside_kopecks
    assert advance(order) == 0
    assert stock() == [10, 10]
    returning.work()
    assert refunds() == [("succeeded", order.funding.outside_kopecks)]
    assert owed(order) == 0
    letter = letters("order_canceled")[0]
    assert (letter["is_whole"], letter["outside_kopecks"]) == (True, order.funding.outside_kopecks)
    assert letter["delivery_kopecks"] == 2 * CARRIAGE


def test_some_pieces_go_back_and_the_rest_stays(returning):  # noqa: F811
    order = returning.order(stage="assembled")
    line = chosen_of(order).pieces[0]
    first = part_of(line.funding, 3, 0, 1)

    returning.cancel(order, {order.teapots: 1})

    assert state_of(order) == "assembling"
    assert counts(order) == [(1, 0), (0, 0)]
    assert stock() == [8, 8]
    assert wallet(order) == (first.points, first.promo_kopecks, first.balance_kopecks)
    assert owed(order) == first.outside_kopecks
    kept = db.session.scalars(select(Cancellation)).one()
    assert (kept.pieces, kept.points, kept.outside_kopecks) == (
        1,
        first.points,
        first.outside_kopecks,
    )
    assert letters("order_canceled")[0]["lines"] == [{"name": "Чайник", "quantity": 1}]


def test_bit_by_bit_exactly_what_was_paid_goes_back(returning):  # noqa: F811
    order = returning.order()

    for number, chosen in enumerate(
        ({order.teapots: 1}, {order.cups: 1, order.teapots: 1}, {order.cups: 1}, {order.teapots: 1})
    ):
        returning.cancel(order, chosen, key=f"c{number}")

    assert state_of(order) == "canceled"
    assert wallet(order) == (700, 50_000, 100_001)
    assert owed(order) == order.funding.outside_kopecks == sum(sum_ for _, sum_ in refunds())
    assert advance(order) == 0


def test_a_parcel_called_off_leaves_the_others_on_their_way(returning):  # noqa: F811
    order = returning.order()
    first, _ = returning.make.parcel_ids(order.order_id)
    bring(first, "shipped")

    returning.cancel(order, {order.cups: 2})

    assert parcel_states(order) == ["shipped", "canceled"]
    assert state_of(order) == "shipped"


def test_what_has_left_is_not_called_off(returning):  # noqa: F811
    order = returning.order(stage="shipped")

    with pytest.raises(StepNotPossible):
        returning.cancel(order, {order.teapots: 1})

    assert counts(order) == [(0, 0), (0, 0)]
    assert refunds() == []
    assert db.session.scalar(select(Cancellation.id)) is None


def test_one_press_counts_once(returning):  # noqa: F811
    order = returning.order()

    assert returning.cancel(order, {order.teapots: 1}, key="same")
    assert not returning.cancel(order, {order.teapots: 1}, key="same")

    assert counts(order) == [(1, 0), (0, 0)]
    assert len(refunds()) == 1


def test_sums_that_were_not_shown_are_not_booked(returning):  # noqa: F811
    order = returning.order()
    choice = chosen_of(order)
    shown = choice.note(choice.cancellation({order.teapots: 1}), {order.teapots: 1})
    returning.cancel(order, {order.teapots: 1})
    press = {"account_id": order.account.id, "number": order.number, "note": shown, "now": NOON}

    with pytest.raises(SplitChanged):
        cancel_pieces(**press, chosen={order.teapots: 1}, once_key="other tab")

    assert counts(order) == [(1, 0), (0, 0)]
    with pytest.raises(NotPossible):
        cancel_pieces(**press, chosen={order.teapots: 3}, once_key="too many")
    with pytest.raises(NoResultFound):
        cancel_pieces(
            **press | {"account_id": returning.clerk.id}, chosen={order.teapots: 1}, once_key="x"
        )


def test_two_tabs_call_off_the_same_pieces_once(returning):  # noqa: F811
    order = returning.order()
    choice = chosen_of(order)
    shown = choice.note(choice.cancellation(order.everything), order.everything)

    def press(key):
        return cancel_pieces(
            account_id=order.account.id,
            number=order.number,
            chosen=order.everything,
            note=shown,
            once_key=key,
            now=NOON,
        )

    came = together(returning.app, lambda: press("one"), lambda: press("two"))

    assert [one for one in came if one is True] == [True]
    assert sum(isinstance(one, SplitChanged | NotPossible) for one in came) == 1
    assert refunds() == [("new", order.funding.outside_kopecks)]
    assert counts(order) == [(3, 0), (2, 0)]


@pytest.mark.parametrize("turn", range(3))
def test_a_parcel_either_leaves_or_is_called_off(returning, turn):  # noqa: F811
    order = returning.order(stage="assembled")
    first, _ = returning.make.parcel_ids(order.order_id)
    choice = chosen_of(order)
    shown = choice.note(choice.cancellation(order.all_teapots), order.all_teapots)

    came = together(
        returning.app,
        lambda: dispatch_parcel(parcel_id=first, track="", actor="staff:1", now=NOON),
        lambda: cancel_pieces(
            account_id=order.account.id,
            number=order.number,
            chosen=order.all_teapots,
            note=shown,
            once_key="race",
            now=NOON,
        ),
    )

    assert sum(isinstance(one, StepNotPossible) for one in came) == 1
    left = isinstance(came[1], StepNotPossible)
    assert parcel_states(order)[0] == ("shipped" if left else "canceled")
    assert counts(order)[0] == ((0, 0) if left else (3, 0))
    assert (owed(order) == 0) is left


def test_letters_of_the_way_tell_what_travels(returning):  # noqa: F811
    order = returning.order()
    first, _ = returning.make.parcel_ids(order.order_id)
    returning.cancel(order, {order.teapots: 1})

    bring(first, "shipped")

    lines = letters("order_shipped")[0]["parcels"][0]["lines"]
    assert lines == [{"name": "Чайник", "quantity": 2, "sum_kopecks": 298_000}]
