"""What news may move an attempt, and how much each way to pay takes."""

import pytest

from shop.rules.payments import METHODS, OPEN, bonus_back, sends_back, states_below


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
    found = []
    for number, part in enumerate(parts):
        gone = {"before_kopecks": sum(parts[:number]), "bonus_before_kopecks": sum(found)}
        given = {"whole_kopecks": whole, "bonus_kopecks": bonus, **gone}
        found.append(bonus_back(**given, kopecks=part))
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


def test_bonuses_are_whole_kopecks_however_large_the_sum():
    """Floats round sums of this size up."""
    whole = 10**15 + 100
    found = bonus_back(
        whole_kopecks=whole,
        bonus_kopecks=whole - 100,
        before_kopecks=0,
        bonus_before_kopecks=0,
        kopecks=whole - 1,
    )

    assert type(found) is int
    assert found == (whole - 100) * (whole - 1) // whole // 100 * 100


def test_which_ways_send_money_back():
    assert {code for code in METHODS if not sends_back(code)} == {"webmoney", "on_receipt"}
    assert sends_back("") and sends_back("a way of long ago")


def test_money_alone_brings_no_bonuses_back():
    assert gone_in([500_00, 500_00], bonus=0) == [0, 0]
    assert gone_in([0], whole=0, bonus=0) == [0]


def test_no_part_comes_back_in_more_bonuses_than_it_is():
    assert gone_in([1_11, 1], bonus=900_00) == [0, 1]
    assert gone_in([1_11, 2], bonus=900_00) == [0, 2]


def test_what_a_part_was_too_small_for_comes_back_with_the_next():
    parts = [1_11, 1, 1_10, 1, 1_10, 1]
    assert sum(gone_in([*parts, 1000_00 - sum(parts)], bonus=900_00)) == 900_00
    assert gone_in(parts, bonus=900_00) == [0, 1, 99, 1, 99, 1]


def test_a_part_reckoned_after_one_that_was_refused_takes_none_too_many():
    given = {"whole_kopecks": 1000_00, "bonus_kopecks": 333_00, "bonus_before_kopecks": 100_00}
    assert bonus_back(**given, before_kopecks=300_00, kopecks=50) == 0
    assert bonus_back(**given, before_kopecks=300_00, kopecks=700_00) == 233_00
