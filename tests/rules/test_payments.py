"""What news may move an attempt, and how much each way to pay takes."""

import pytest

from shop.rules.payments import METHODS, OPEN, bonus_back, states_below


@pytest.mark.parametrize(
    ("news", "moved"),
    [
        ("new", ()),
        ("sending", ("new",)),
        ("unknown", ("new",)),
        ("pending", ("new", "sending", "unknown")),
        ("held", ("new", "sending", "unknown", "pending")),
        ("succeeded", OPEN),
        ("canceled", OPEN),
        ("mismatch", OPEN),
    ],
)
def test_news_move_an_attempt_only_up(news, moved):
    assert states_below(news) == moved


@pytest.mark.parametrize(
    ("kopecks", "takes"), [(99, False), (100, True), (350_000_00, True), (350_000_01, False)]
)
def test_a_way_to_pay_takes_sums_within_its_limits(kopecks, takes):
    assert METHODS["bank_card"].takes(kopecks) is takes


def gone_in(parts, *, whole=1000_00, bonus=333_00):
    before, found = 0, []
    for part in parts:
        given = {"whole_kopecks": whole, "bonus_kopecks": bonus, "before_kopecks": before}
        found.append(bonus_back(**given, kopecks=part))
        before += part
    return found


@pytest.mark.parametrize(
    ("parts", "bonuses"),
    [
        ([1000_00], [333_00]),
        ([100_00] * 10, [33_00, 33_00, 33_00, 34_00, 33_00, 33_00, 34_00, 33_00, 33_00, 34_00]),
        ([333_33, 666_67], [110_00, 223_00]),
        ([1, 999_99], [0, 333_00]),
    ],
)
def test_bonuses_go_back_whole_and_all_of_them_together(parts, bonuses):
    assert gone_in(parts) == bonuses
    assert sum(bonuses) == 333_00


def test_money_alone_brings_no_bonuses_back():
    assert gone_in([500_00, 500_00], bonus=0) == [0, 0]
    assert gone_in([0], whole=0, bonus=0) == [0]


def test_no_part_comes_back_in_more_bonuses_than_it_is():
    assert gone_in([1_11, 1], bonus=900_00) == [0, 1]
    assert gone_in([1_11, 2], bonus=900_00) == [0, 2]
