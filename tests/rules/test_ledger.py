"""Entries add up before anybody writes them."""

import pytest

from shop.rules import ledger
from shop.rules.ledger import (
    BANK,
    GOODS_REVENUE,
    POINTS_ISSUED,
    PTS,
    Book,
    Line,
    advance,
    balance,
    clearing,
    flow,
    merged,
    points,
)


@pytest.mark.parametrize(
    ("account", "about", "as_written"),
    [
        ("clearing", "sber", Book("gateway:sber:clearing", "A")),
        ("bonus_clearing", "sber", Book("gateway:sber:bonuses", "A")),
        ("balance", 7, Book("customer:7:balance", "L", floor=0, owner_id=7)),
        ("balance_held", 7, Book("customer:7:balance:held", "L", floor=0, owner_id=7)),
        ("promo", 7, Book("customer:7:promo", "L", floor=0, owner_id=7)),
        ("promo_held", 7, Book("customer:7:promo:held", "L", floor=0, owner_id=7)),
        ("points", 7, Book("customer:7:points", "L", PTS, floor=0, owner_id=7)),
        ("points_held", 7, Book("customer:7:points:held", "L", PTS, floor=0, owner_id=7)),
        ("points_pending", 7, Book("customer:7:points:pending", "L", PTS, floor=0, owner_id=7)),
        ("advance", "0042-1187", Book("order:0042-1187:advance", "L", floor=0)),
        ("refund_due", "0042-1187", Book("order:0042-1187:refund-due", "L", floor=0)),
        ("payout_due", 7, Book("customer:7:payout", "L", floor=0, owner_id=7)),
    ],
)
def test_the_accounts_of_customers_orders_and_gateways(account, about, as_written):
    assert getattr(ledger, account)(about) == as_written


def test_money_flows_from_a_debit_to_a_credit():
    assert list(flow(BANK, balance(3), 700)) == [Line(BANK, 700), Line(balance(3), -700)]
    assert list(flow(BANK, balance(3), 700, is_forced=True)) == [
        Line(BANK, 700, is_forced=True),
        Line(balance(3), -700, is_forced=True),
    ]


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


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([Line(BANK, 5)], "the entry is out by 5 RUB"),
        ([Line(POINTS_ISSUED, -2)], "the entry is out by -2 PTS"),
        ([Line(BANK, 5), Line(POINTS_ISSUED, -5)], "the entry is out by 5 RUB"),
    ],
)
def test_what_does_not_add_up_is_refused_in_each_currency_by_itself(lines, problem):
    with pytest.raises(ValueError) as fault:
        merged(lines)

    assert str(fault.value) == problem


def test_each_kind_of_account_grows_its_own_way():
    assert BANK.natural(5) == 5
    assert balance(1).natural(-5) == 5
    assert points(1).natural(5) == -5


def test_a_forced_line_stays_forced_when_merged_and_forces_no_other():
    entry = merged(
        [
            *flow(points(1), POINTS_ISSUED, 2),
            *flow(points(1), POINTS_ISSUED, 3, is_forced=True),
            *flow(balance(1), GOODS_REVENUE, 9),
        ]
    )

    assert entry == (
        Line(balance(1), 9),
        Line(points(1), 5, is_forced=True),
        Line(POINTS_ISSUED, -5, is_forced=True),
        Line(GOODS_REVENUE, -9),
    )
