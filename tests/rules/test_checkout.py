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


def test_a_note_tells_apart_parcels_and_lines_and_keeps_its_bars():
    two = replace(SEEN, place="Мо|сква", parcels=(PARCEL, replace(PARCEL, warehouse_id=2)))

    assert note_of(two) == (
        "Мо сква|7x2@149000,8x1@99000"
        "|1:2026-11-26:29900:9900:7x2+8x1;2:2026-11-26:29900:9900:7x2+8x1"
    )
    assert read_note(note_of(two)) == replace(two, place="Мо сква")


def test_no_more_of_a_note_is_read_than_our_pages_write():
    place = "М" * 7980

    assert read_note(f"{place}|7x2@149000|") == Seen(place, (SeenLine(7, 2, 149_000),), ())
    assert read_note(f"{place}|7x2@149000|1:2026-11-26:29900:9900:7x2") is None


def test_delivery_costs_what_all_parcels_cost_by_the_way_chosen():
    two = replace(SEEN, parcels=(PARCEL, replace(PARCEL, courier_kopecks=100, pickup_kopecks=0)))

    assert two.delivery_kopecks("courier") == 30000
    assert two.delivery_kopecks("pickup") == 9900


def test_a_page_is_compared_by_the_way_chosen_only():
    assert SEEN.by("courier") == replace(SEEN, parcels=(replace(PARCEL, pickup_kopecks=None),))
    assert SEEN.by("pickup") == replace(SEEN, parcels=(replace(PARCEL, courier_kopecks=0),))


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


def test_delivery_that_could_not_be_had_and_now_can_has_cost_nothing_before():
    heavy = replace(SEEN, parcels=(replace(PARCEL, pickup_kopecks=None),))

    assert changes_between(heavy, SEEN, "pickup") == [Change("delivery", was=0, now=9900)]
    assert changes_between(SEEN, heavy, "pickup") == [Change("parcels")]


def test_goods_are_told_before_the_delivery_they_change():
    now = Seen("Москва", SEEN.lines[1:], (replace(PARCEL, courier_kopecks=100),))

    assert changes_between(SEEN, now, "courier") == [
        Change("gone", 7, was=2),
        Change("delivery", was=29900, now=100),
    ]
    assert changes_between(SEEN, replace(now, place="Тверь"), "courier") == [
        Change("gone", 7, was=2),
        Change("place"),
    ]


def test_another_day_is_told():
    now = replace(SEEN, parcels=(replace(PARCEL, promised_on="2026-11-27"),))

    assert changes_between(SEEN, now, "courier") == [Change("parcels")]


def test_another_town_is_told():
    assert changes_between(SEEN, replace(SEEN, place="Тверь"), "courier") == [Change("place")]
