"""Entries add up before anybody writes them."""

import pytest

from shop.rules.ledger import (
    BANK,
    GOODS_REVENUE,
    POINTS_ISSUED,
    Line,
    advance,
    balance,
    clearing,
    flow,
    merged,
    points,
)


def test_lines_of_one_account_become_one_and_nothing_becomes_none():
    entry = merged(
        [
            *flow(clearing("yookassa"), advance("1"), 700),
            *flow(balance(3), advance("1"), 300),
            *flow(BANK, GOODS_REVENUE, 0),
        ]
    )

    assert entry == (
        Line(balance(3), 300),
        Line(clearing("yookassa"), 700),
        Line(advance("1"), -1000),
    )


def test_what_does_not_add_up_is_refused_in_each_currency_by_itself():
    with pytest.raises(ValueError, match="out by 5 RUB"):
        merged([Line(BANK, 5)])
    with pytest.raises(ValueError, match="out by 5 RUB"):
        merged([Line(BANK, 5), Line(POINTS_ISSUED, -5)])


def test_each_kind_of_account_grows_its_own_way():
    assert BANK.natural(5) == 5
    assert balance(1).natural(-5) == 5
    assert points(1).natural(5) == -5


def test_a_forced_line_stays_forced_when_merged():
    [line, _other] = merged(
        [*flow(points(1), POINTS_ISSUED, 2), *flow(points(1), POINTS_ISSUED, 3, is_forced=True)]
    )

    assert (line.amount, line.is_forced) == (5, True) or (line.amount, line.is_forced) == (-5, True)
