import itertools
import string
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.orders import (
    ORDER_STEPS,
    PARCEL_STEPS,
    last_of_all,
    like_pattern,
    marked,
    number_of,
    search_text_of,
    search_words,
    searchable,
    state_by_parcels,
    states_before,
    track_of,
)

NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_a_number_is_two_halves_of_four_digits_and_stays_what_it_was():
    assert [number_of(order_id) for order_id in (1, 2, 3)] == [
        "0158-4793",
        "0525-6808",
        "1307-3398",
    ]


def test_a_hundred_thousand_orders_have_as_many_numbers():
    assert len({number_of(order_id) for order_id in range(100_000)}) == 100_000


@given(st.integers(0, 10**8 - 1), st.integers(0, 10**8 - 1))
def test_no_two_orders_share_a_number(one, other):
    assert (number_of(one) == number_of(other)) == (one == other)


def test_neighbours_differ_by_something_else_each_time():
    numbers = [int(number_of(order_id).replace("-", "")) for order_id in range(1, 1001)]

    steps = {(after - before) % 10**8 for before, after in itertools.pairwise(numbers)}

    assert len(steps) > 990


def test_steps_of_an_order():
    assert states_before(ORDER_STEPS, "paid") == ("awaiting_payment",)
    assert states_before(ORDER_STEPS, "expired") == ("awaiting_payment",)
    assert states_before(ORDER_STEPS, "canceled") == (
        "awaiting_payment",
        "accepted",
        "paid",
        "assembling",
        "shipped",
    )
    assert states_before(ORDER_STEPS, "awaiting_payment") == ()


def test_steps_of_a_parcel():
    assert states_before(PARCEL_STEPS, "shipped") == ("assembled",)
    assert states_before(PARCEL_STEPS, "received") == ("shipped",)
    assert states_before(PARCEL_STEPS, "canceled") == ("waiting", "assembled", "shipped")


@pytest.mark.parametrize(
    ("parcels", "order"),
    [
        (["waiting", "waiting"], "paid"),
        (["assembled", "waiting"], "assembling"),
        (["shipped", "waiting"], "assembling"),
        (["shipped", "assembled"], "assembling"),
        (["received", "assembled"], "assembling"),
        (["shipped", "shipped"], "shipped"),
        (["received", "shipped"], "shipped"),
        (["received", "received"], "received"),
        (["received", "canceled"], "received"),
    ],
)
def test_an_order_goes_as_far_as_its_parcels(parcels, order):
    assert state_by_parcels(parcels) == order


def test_what_is_searched_is_lower_case_with_e_for_yo():
    assert search_text_of("0042-1187", ["Ёлка  «Зелёная»", "Чай"]) == (
        "0042-1187 00421187 елка «зеленая» чай"
    )


def test_the_words_of_a_search():
    assert search_words("  Заказ № 0042-1187, ЁЛКА ёлка! ") == ("заказ", "0042-1187", "елка")
    assert search_words(" «» ") == ()
    assert len(search_words(" ".join(string.ascii_letters))) == 8


def test_signs_of_like_mean_themselves():
    assert like_pattern("100%_a\\b") == "%100\\%\\_a\\\\b%"


def test_what_was_looked_for_is_marked_as_it_is_written():
    assert marked("Ёлка и ЁЛОЧНЫЕ", ("ел",)) == [
        ("Ёл", True),
        ("ка и ", False),
        ("ЁЛ", True),
        ("ОЧНЫЕ", False),
    ]


def test_overlapping_words_make_one_mark():
    assert marked("абвг", ("аб", "бв")) == [("абв", True), ("г", False)]


def test_every_place_of_a_word_is_marked_even_where_places_overlap():
    assert marked("чай, чай и чай", ("чай",)) == [
        ("чай", True),
        (", ", False),
        ("чай", True),
        (" и ", False),
        ("чай", True),
    ]
    assert marked("ааа", ("аа",)) == [("ааа", True)]


def test_a_letter_that_would_grow_stays_as_it_is():
    assert searchable("İ Ё") == "İ е"
    assert marked("İÇ чай", ("чай",)) == [("İÇ ", False), ("чай", True)]


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=3), max_size=3))
def test_the_pieces_are_the_text_again(text, words):
    pieces = marked(text, tuple(searchable(word) for word in words if searchable(word)))

    assert "".join(piece for piece, _ in pieces) == text


def test_a_parcel_under_way_is_at_its_last_step():
    track = track_of(
        placed_at=NOON, paid_at=NOON, assembled_at=NOON, shipped_at=None, received_at=None
    )

    assert [(step.code, step.is_done, step.is_now) for step in track] == [
        ("placed", True, False),
        ("paid", True, False),
        ("assembled", False, True),
        ("shipped", False, False),
        ("received", False, False),
    ]


def test_what_is_paid_at_the_door_has_no_step_of_paying():
    track = track_of(
        placed_at=NOON,
        paid_at=NOON,
        assembled_at=NOON,
        shipped_at=None,
        received_at=None,
        is_paid_at_the_door=True,
    )

    assert [(step.code, step.is_now) for step in track] == [
        ("placed", False),
        ("assembled", True),
        ("shipped", False),
        ("received", False),
    ]


def test_a_received_parcel_has_all_steps_behind_it():
    track = track_of(
        placed_at=NOON, paid_at=NOON, assembled_at=NOON, shipped_at=NOON, received_at=NOON
    )

    assert all(step.is_done for step in track)
    assert not any(step.is_now for step in track)


def test_a_step_of_an_order_is_that_of_its_last_parcel():
    later = NOON.replace(hour=12)

    assert last_of_all([NOON, later]) == later
    assert last_of_all([NOON, None]) is None
    assert last_of_all([]) is None
