"""Whatever is called off and given back in whatever order, exactly what was paid goes back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.funding import Funding, allocate, compose
from shop.rules.returns import (
    FAULTS,
    OPEN,
    REASONS,
    STEPS,
    NotPossible,
    Piece,
    before,
    is_urgent,
    last_day,
    may_be_returned,
    note_of,
    pay_by,
    reasons_for,
    split_of,
)

DAY = date(2026, 11, 20)
DEMANDED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def piece(line_id=1, quantity=3, *, parcel_id=1, canceled=0, returned=0, earns=0, **funding):
    return Piece(
        line_id, parcel_id, quantity, canceled, returned, Funding(**funding), earns_points=earns
    )


@st.composite
def orders(draw):
    """An order paid by everything at once: its pieces, the funding of each parcel's carriage, and the whole."""
    quantities = draw(st.lists(st.integers(1, 6), min_size=1, max_size=5))
    prices = [draw(st.integers(1, 300_000)) for _ in quantities]
    parcels = [draw(st.integers(1, 3)) for _ in quantities]
    fees = {one: draw(st.integers(0, 60_000)) for one in sorted(set(parcels))}
    lines = [price * count for price, count in zip(prices, quantities, strict=True)]
    points = draw(st.integers(0, sum(line // 100 for line in lines)))
    funding = compose(
        goods_kopecks=sum(lines),
        delivery_kopecks=sum(fees.values()),
        points=points,
        promo_kopecks=draw(st.integers(0, 400_000)),
        balance_kopecks=draw(st.integers(0, 400_000)),
    )
    of_lines, of_fees = allocate(funding, lines=lines, deliveries=list(fees.values()))
    pieces = [
        Piece(number, parcel, count, 0, 0, own, earns_points=own.money_kopecks // 2000)
        for number, (parcel, count, own) in enumerate(
            zip(parcels, quantities, of_lines, strict=True), 1
        )
    ]
    return pieces, dict(zip(fees, of_fees, strict=True)), funding


def moved(one, units, *, is_return):
    gone = {"returned": one.returned + units} if is_return else {"canceled": one.canceled + units}
    facts = {name: getattr(one, name) for name in Piece.__slots__}
    return Piece(**facts | gone)


@given(orders(), st.data())
def test_any_order_of_cancels_and_returns_adds_up_to_what_was_paid(order, data):
    pieces, carriage, whole = order
    back, earned, seen = Funding(), 0, 0
    is_return = False
    while any(one.left for one in pieces):
        # Pieces are called off before the hand-over, and given back after it.
        is_return = is_return or data.draw(st.booleans())
        chosen = {one.line_id: data.draw(st.integers(0, one.left)) for one in pieces}
        if not any(chosen.values()):
            chosen = {one.line_id: one.left for one in pieces if one.left}
        split = split_of(pieces, chosen, carriage, with_carriage=True)
        sums = split.funding
        assert min(sums.points, sums.promo_kopecks, sums.balance_kopecks, sums.outside_kopecks) >= 0
        assert split.goods.total_kopecks + split.delivery_kopecks == sums.total_kopecks
        pieces = [moved(one, chosen.get(one.line_id, 0), is_return=is_return) for one in pieces]
        back, earned, seen = back + sums, earned + split.earned_points, seen + len(split.emptied)

    assert back == whole
    assert earned == sum(one.earns_points for one in pieces)
    assert seen == len(carriage)


@given(orders())
def test_without_carriage_the_goods_come_back_and_nothing_of_the_delivery(order):
    pieces, carriage, whole = order
    everything = {one.line_id: one.left for one in pieces}

    split = split_of(pieces, everything, carriage, with_carriage=False)

    assert split.delivery_kopecks == 0
    assert split.funding + sum(carriage.values(), Funding()) == whole


def test_carriage_goes_back_with_the_last_piece_of_a_parcel():
    pieces = [piece(1, 2, outside_kopecks=200), piece(2, 1, parcel_id=2, outside_kopecks=50)]
    carriage = {1: Funding(outside_kopecks=299), 2: Funding(outside_kopecks=199)}

    some = split_of(pieces, {1: 1}, carriage, with_carriage=True)
    rest = split_of(pieces, {1: 2}, carriage, with_carriage=True)

    assert (some.emptied, some.delivery_kopecks, some.funding.outside_kopecks) == ((), 0, 100)
    assert (rest.emptied, rest.delivery_kopecks, rest.funding.outside_kopecks) == ((1,), 299, 499)


def test_what_was_to_be_paid_at_the_door_does_not_go_back_before():
    pieces = [piece(1, 1, points=2, balance_kopecks=300, outside_kopecks=500)]
    carriage = {1: Funding(balance_kopecks=10, outside_kopecks=90)}

    split = split_of(pieces, {1: 1}, carriage, with_carriage=True, is_unpaid_outside=True)

    assert split.funding == Funding(points=2, balance_kopecks=310)
    assert split.goods == Funding(points=2, balance_kopecks=300)
    assert split.delivery_kopecks == 10


def test_a_split_tells_whether_anything_goes_back():
    paid = split_of([piece(1, 2, points=1)], {1: 1}, {}, with_carriage=False)
    rest = split_of(
        [piece(1, 2, canceled=1, points=1)], {1: 1}, {1: Funding()}, with_carriage=False
    )
    kopeck = split_of([piece(1, 1, outside_kopecks=1)], {1: 1}, {1: Funding()}, with_carriage=False)

    assert (paid.pays_back, rest.pays_back, kopeck.pays_back) == (False, True, True)


@pytest.mark.parametrize("chosen", [{}, {1: 0}, {1: 4}, {1: -1}, {9: 1}, {1: 1, 9: 0}], ids=str)
def test_what_is_not_there_cannot_be_chosen(chosen):
    with pytest.raises(NotPossible):
        split_of([piece(quantity=3, outside_kopecks=300)], chosen, {}, with_carriage=False)


def test_pieces_gone_before_count():
    one = piece(1, 3, canceled=1, returned=1, outside_kopecks=100)

    split = split_of([one], {1: 1}, {1: Funding()}, with_carriage=False)

    assert split.funding.outside_kopecks == 100 - 100 * 2 // 3
    with pytest.raises(NotPossible):
        split_of([one], {1: 2}, {1: Funding()}, with_carriage=False)


def test_a_note_tells_apart_whatever_differs():
    pieces = [piece(1, 3, outside_kopecks=300)]
    gone = [piece(1, 3, canceled=1, outside_kopecks=300)]
    one = split_of(pieces, {1: 1}, {1: Funding()}, with_carriage=False)
    later = split_of(gone, {1: 1}, {1: Funding()}, with_carriage=False)

    assert note_of(one, pieces, {1: 1}) == "0.0.0.100-0-0-1:0:1"
    # The same sum of another piece: somebody called one off in between.
    assert note_of(later, gone, {1: 1}) == "0.0.0.100-0-0-1:1:1"


def test_a_note_tells_apart_what_goes_back_in_bonuses():
    pieces = [piece(1, 3, outside_kopecks=300)]
    split = split_of(pieces, {1: 1}, {1: Funding()}, with_carriage=False)

    some, more = (replace(split, bonus_kopecks=kopecks) for kopecks in (50, 60))

    assert note_of(some, pieces, {1: 1}) == "0.0.0.100.50-0-0-1:0:1"
    assert note_of(more, pieces, {1: 1}) == "0.0.0.100.60-0-0-1:0:1"


def test_a_note_holds_every_sum_and_the_lines_in_their_order():
    pieces = [
        piece(1, 2, canceled=1, points=2, promo_kopecks=40, earns=6),
        piece(2, 1, balance_kopecks=30),
        piece(3, 1, outside_kopecks=500),
    ]
    carriage = {1: Funding(outside_kopecks=99)}
    chosen = {3: 1, 2: 1, 1: 1}
    split = split_of(pieces, chosen, carriage, with_carriage=True)

    assert note_of(split, pieces, chosen) == "1.20.30.599-99-3-1:1:1,2:0:1,3:0:1"
    some = split_of(pieces, {1: 0, 2: 1}, carriage, with_carriage=True)
    assert note_of(some, pieces, {1: 0, 2: 1}) == "0.0.30.0-0-0-2:0:1"


def test_goods_that_do_not_suit_may_come_back_for_seven_days():
    assert last_day(DAY, "unsuitable", 7) == date(2026, 11, 27)
    assert may_be_returned(DAY, date(2026, 11, 27), "unsuitable", 7)
    assert not may_be_returned(DAY, date(2026, 11, 28), "unsuitable", 7)
    assert not may_be_returned(None, DAY, "unsuitable", 7)
    assert may_be_returned(DAY, date(2026, 12, 4), "changed_mind", 14)


def test_a_fault_may_be_told_of_until_the_warranty_is_over():
    assert set(reasons_for(DAY, DAY, 7)) == set(REASONS)
    assert set(reasons_for(DAY, date(2026, 11, 28), 7)) == FAULTS
    assert set(reasons_for(DAY, DAY + timedelta(days=730), 7)) == FAULTS
    assert reasons_for(DAY, DAY + timedelta(days=731), 7) == ()
    assert set(reasons_for(DAY, date(2026, 11, 28), 8)) == set(REASONS)


def test_the_money_is_due_in_ten_days_and_urgent_after_eight():
    eight = timedelta(days=8)

    assert pay_by(DEMANDED) == datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    assert not is_urgent(DEMANDED, DEMANDED + eight - timedelta(minutes=1))
    assert is_urgent(DEMANDED, DEMANDED + eight)


def test_a_return_takes_only_these_steps():
    assert before("received") == ("approved", "in_transit")
    assert before("withdrawn") == ("requested", "approved")
    assert before("requested") == ()
    assert {state for state, after in STEPS.items() if not after} == {
        "rejected",
        "closed",
        "withdrawn",
    }
    assert set(OPEN) | {"refunded", "rejected", "closed", "withdrawn"} == set(STEPS)
