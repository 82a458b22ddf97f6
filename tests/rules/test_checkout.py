from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.checkout import (
    Change,
    Seen,
    SeenLine,
    SeenParcel,
    changes_between,
    note_of,
    read_note,
)

PARCEL = SeenParcel(1, "2026-11-26", 29900, 9900, ((7, 2), (8, 1)))
SEEN = Seen("Москва", (SeenLine(7, 2, 149000), SeenLine(8, 1, 99000)), (PARCEL,))


def test_a_note_says_what_was_written():
    assert note_of(SEEN) == "Москва|7x2@149000,8x1@99000|1:2026-11-26:29900:9900:7x2+8x1"
    assert read_note(note_of(SEEN)) == SEEN


def test_a_note_tells_where_no_counter_takes_a_parcel():
    heavy = replace(SEEN, parcels=(replace(PARCEL, pickup_kopecks=None),))

    assert read_note(note_of(heavy)) == heavy
    assert heavy.delivery_kopecks("pickup") is None
    assert heavy.delivery_kopecks("courier") == 29900


@pytest.mark.parametrize("note", ["", "|", "a|b|c", "Москва|7x2|", "Москва|7x2@1|1:2:3"])
def test_a_note_that_is_not_ours_is_none(note):
    assert read_note(note) is None


@given(st.text(max_size=200))
def test_no_text_is_too_strange_to_read(text):
    read_note(text)


def test_nothing_changed_is_nothing_to_tell():
    assert changes_between(SEEN, SEEN, "courier") == []


def test_an_unknown_page_is_told_as_such():
    assert changes_between(None, SEEN, "courier") == [Change("unknown")]


def test_changes_of_goods_are_told_one_by_one():
    now = replace(SEEN, lines=(SeenLine(7, 1, 149000), SeenLine(8, 1, 89000), SeenLine(9, 3, 1000)))

    assert changes_between(SEEN, now, "courier") == [
        Change("quantity", 7, 2, 1),
        Change("price", 8, 99000, 89000),
        Change("added", 9, now=3),
    ]


def test_what_is_gone_is_told_with_how_many_there_were():
    now = replace(SEEN, lines=SEEN.lines[1:])

    assert changes_between(SEEN, now, "courier") == [Change("gone", 7, was=2)]


def test_another_price_of_delivery_is_told_for_the_way_chosen():
    now = replace(SEEN, parcels=(replace(PARCEL, courier_kopecks=39900),))

    assert changes_between(SEEN, now, "courier") == [Change("delivery", was=29900, now=39900)]
    assert changes_between(SEEN, now, "pickup") == []


def test_another_day_is_told():
    now = replace(SEEN, parcels=(replace(PARCEL, promised_on="2026-11-27"),))

    assert changes_between(SEEN, now, "courier") == [Change("parcels")]


def test_another_town_is_told():
    assert changes_between(SEEN, replace(SEEN, place="Тверь"), "courier") == [Change("place")]
