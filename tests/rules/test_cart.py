import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.cart import MOST_OF_ONE_PRODUCT, most_allowed, quantity_of


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("1", 1), ("99", 99), ("007", 7), ("0099", 99)]
)
def test_whole_numbers_up_to_the_limit_are_read(text, number):
    assert quantity_of(text) == number


@pytest.mark.parametrize(
    "text",
    ["", " 7", "7 ", "-1", "+1", "1.0", "1e1", "1_0", "0x1", "٣", "²", "100", "00001", "9" * 5000],
)
def test_everything_else_is_no_quantity(text):
    assert quantity_of(text) is None


@given(st.text())
def test_whatever_is_typed_the_answer_is_none_or_within_the_limit(text):
    number = quantity_of(text)

    assert number is None or 0 <= number <= MOST_OF_ONE_PRODUCT


@pytest.mark.parametrize(("left", "most"), [(-1, 0), (0, 0), (2, 2), (99, 99), (500, 99)])
def test_one_may_have_what_is_left_up_to_the_limit(left, most):
    assert most_allowed(left) == most
