"""The order of the shelves, discounts that are true, tints that stay."""

import pytest

from shop.rules.catalog import IN_STOCK_FIRST, TINTS, discount_percent, rank, tint


def test_what_can_be_bought_stands_before_all_that_is_sold_out():
    assert rank(5, True) == 1_000_000_005
    assert rank(5, False) == 5
    assert rank(2 * IN_STOCK_FIRST, False) == 999_999_999 < rank(0, True)


@pytest.mark.parametrize(
    ("price", "old_price", "percent"),
    [
        (149_000, 199_000, 25),
        (100, 10_000, 99),
        (99, 100, 1),
        (9_999, 10_000, 0),
        (100, 100, 0),
        (100, 99, 0),
        (100, 0, 0),
        (100, None, 0),
        (0, 1, 100),
    ],
)
def test_a_discount_is_never_more_than_the_truth(price, old_price, percent):
    assert discount_percent(price, old_price) == percent


def test_a_product_keeps_its_tint():
    assert [tint(external_id) for external_id in ("1", "2", "чай")] == ["sky", "peach", "rose"]
    assert {tint(str(number)) for number in range(50)} == set(TINTS)
