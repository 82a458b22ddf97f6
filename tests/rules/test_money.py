"""Sums are written for people and for machines, and read without losing a kopeck."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.money import decimal, kopecks_of, written


@pytest.mark.parametrize(
    ("kopecks", "text"),
    [
        (0, "0 ₽"),
        (5, "0,05 ₽"),
        (100, "1 ₽"),
        (149_000, "1 490 ₽"),
        (149_050, "1 490,50 ₽"),
        (123_456_789, "1 234 567,89 ₽"),
        (-1, "−0,01 ₽"),
        (-149_000, "−1 490 ₽"),
    ],
)
def test_a_sum_is_written_with_spaces_that_do_not_break(kopecks, text):
    assert written(kopecks) == text.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("kopecks", "text"), [(0, "0.00"), (5, "0.05"), (149_000, "1490.00"), (1_234_567, "12345.67")]
)
def test_gateways_are_told_two_decimals(kopecks, text):
    assert decimal(kopecks) == text


@pytest.mark.parametrize(
    ("text", "kopecks"),
    [
        ("0", 0),
        ("1490", 149_000),
        ("1490.", 149_000),
        ("1490.5", 149_050),
        ("1490,50", 149_050),
        ("0.01", 1),
        (" 7\n", 700),
    ],
)
def test_a_sum_is_read_exactly(text, kopecks):
    assert kopecks_of(text) == kopecks


@pytest.mark.parametrize(
    "text", ["", ".5", "-1", "1.234", "1.2.3", "1,2,3", "1e3", "1 490", "²", "1.²", "1.-5", "1.x"]
)
def test_what_is_no_sum_is_refused(text):
    with pytest.raises(ValueError) as fault:
        kopecks_of(text)

    assert str(fault.value) == f"not a sum of money: {text!r}"


def test_an_essay_in_place_of_a_sum_is_told_by_its_beginning():
    with pytest.raises(ValueError) as fault:
        kopecks_of("я" * 41)

    assert str(fault.value) == f"not a sum of money: {'я' * 40!r}"


@given(st.integers(0, 10**14))
def test_what_is_written_for_gateways_is_read_as_it_was(kopecks):
    assert kopecks_of(decimal(kopecks)) == kopecks
