from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.funding import allocate, compose
from shop.rules.points import (
    STATUS_TIERS,
    Tier,
    after_debt,
    earned_of,
    grace_ends,
    last_day,
    life_ends,
    matures_at,
    most_points,
    standing_of,
    tiers_of,
)
from shop.rules.returns import may_be_returned

MOSCOW = ZoneInfo("Europe/Moscow")
TIERS = tiers_of(STATUS_TIERS)
BASE, SILVER, GOLD = TIERS
WRITTEN = "each level must be written as name:roubles:percent, such as Silver:30000:3"


def test_three_levels_are_known_from_the_start():
    assert (
        Tier("Базовый", 0, 1),
        Tier("Серебряный", 3_000_000, 3),
        Tier("Золотой", 10_000_000, 5),
    ) == TIERS


def test_the_most_a_setting_may_hold_is_read():
    assert tiers_of("One:0:100,Two:1234567890:0") == (
        Tier("One", 0, 100),
        Tier("Two", 123_456_789_000, 0),
    )


def test_spaces_around_the_parts_do_no_harm():
    assert tiers_of(" One : 0 : 2 , Two:10: 4,") == (Tier("One", 0, 2), Tier("Two", 1000, 4))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the first level must begin at 0 roubles"),
        ("One:10:1", "the first level must begin at 0 roubles"),
        ("One:0:1,Two:0:2", "each level must begin at more roubles than the one before"),
        (
            "One:0:1,Two:50:2,Three:40:3",
            "each level must begin at more roubles than the one before",
        ),
        ("One:0:1,One:50:2", "no two levels may have the same name"),
        ("One:0:101", "no level may bring more than 100 percent"),
        ("One:0:12345678901", WRITTEN),
        ("One:0", WRITTEN),
        (":0:1", WRITTEN),
        ("One:0:1,Two:x:2", WRITTEN),
        ("One:0:1.5", WRITTEN),
        ("One:0:-1", WRITTEN),
        ("One:0:¹", WRITTEN),
        ("One:0:1:2", WRITTEN),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_with_a_sentence(text, problem):
    with pytest.raises(ValueError) as fault:
        tiers_of(text)

    assert str(fault.value) == problem


@pytest.mark.parametrize(
    ("spent", "tier", "following", "missing", "percent"),
    [
        (-500, BASE, SILVER, 3_000_000, 0),
        (0, BASE, SILVER, 3_000_000, 0),
        (1_500_000, BASE, SILVER, 1_500_000, 50),
        (2_999_999, BASE, SILVER, 1, 99),
        (3_000_000, SILVER, GOLD, 7_000_000, 30),
        (10_000_000, GOLD, None, 0, 100),
        (99_000_000, GOLD, None, 0, 100),
    ],
)
def test_a_level_is_reached_by_what_was_spent(spent, tier, following, missing, percent):
    standing = standing_of(TIERS, spent)

    assert (standing.tier, standing.next_tier) == (tier, following)
    assert (standing.missing_kopecks, standing.percent_of_way) == (missing, percent)


@pytest.mark.parametrize(
    ("goods", "available", "points"),
    [
        (149_000, 1000, 372),  # 25 % are 372.50 roubles.
        (149_000, 100, 100),
        (399, 1000, 0),
        (400, 1000, 1),
        (0, 1000, 0),
        (149_000, 0, 0),
        (149_000, -20, 0),
    ],
)
def test_a_quarter_of_the_goods_at_most_is_paid_with_points(goods, available, points):
    assert most_points([(goods, 1)], available) == points


@given(st.integers(100, 10**8), st.integers(1, 100), st.integers(-(10**6), 10**9))
def test_points_never_pay_more_than_a_quarter_nor_more_than_there_are(price, pieces, available):
    goods = price * pieces
    points = most_points([(price, pieces)], available)

    assert isinstance(points, int)
    assert 0 <= points <= max(available, 0)
    assert points * 100 * 4 <= goods
    assert points == max(available, 0) or (points + 1) * 100 * 4 > goods


def test_goods_cheaper_than_a_point_take_none():
    assert most_points([(99, 9)], 1000) == 0
    assert most_points([(99, 900), (250, 2)], 1000) == 4


@given(st.lists(st.tuples(st.integers(1, 400), st.integers(1, 4)), min_size=1, max_size=12))
def test_what_may_be_used_always_fits_the_lines_however_the_pieces_travel(goods):
    """Every piece as a line of its own is the worst that parcels can do."""
    lines = [price for price, pieces in goods for _ in range(pieces)]
    points = most_points(goods, 10**6)
    funding = compose(
        goods_kopecks=sum(lines),
        delivery_kopecks=29_900,
        points=points,
        promo_kopecks=0,
        balance_kopecks=0,
    )

    parts, _ = allocate(funding, lines=lines, deliveries=[29_900])

    assert sum(part.points for part in parts) == points


@pytest.mark.parametrize(
    ("money", "percent", "points"),
    [(149_000, 1, 14), (149_000, 3, 44), (149_000, 5, 74), (9_999, 1, 0), (0, 5, 0)],
)
def test_whole_points_are_earned_on_money(money, percent, points):
    assert earned_of(money, percent) == points


@given(st.integers(0, 10**10), st.integers(0, 100))
def test_what_is_earned_is_never_more_than_the_percent_nor_a_point_less(money, percent):
    points = earned_of(money, percent)

    assert isinstance(points, int)
    assert points * 10_000 <= money * percent < (points + 1) * 10_000


@given(st.integers(0, 10**6), st.integers(-(10**6), 10**6))
def test_a_debt_is_paid_off_before_points_can_be_spent(points, balance):
    spendable = after_debt(points, balance)

    assert 0 <= spendable <= points
    assert max(balance, 0) + spendable == max(balance + points, 0)


def test_points_live_a_year_to_the_end_of_the_day_where_the_shop_is():
    ends = life_ends(datetime(2026, 11, 24, 9, 0, tzinfo=UTC), MOSCOW)

    assert ends == datetime(2027, 11, 25, tzinfo=MOSCOW)
    assert last_day(ends) == datetime(2027, 11, 24, 23, 59, 59, 999_999, tzinfo=MOSCOW)


def test_points_that_come_back_late_may_be_used_for_thirty_days_to_the_end_of_the_last():
    ends = grace_ends(datetime(2026, 11, 24, 22, 30, 15, 99, tzinfo=UTC), MOSCOW)

    assert ends == datetime(2026, 12, 26, tzinfo=MOSCOW)


def test_late_in_the_evening_the_shops_day_counts():
    late = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)  # Half past one on the 25th in Moscow.

    assert life_ends(late, MOSCOW) == datetime(2027, 11, 26, tzinfo=MOSCOW)


def test_a_leap_day_has_its_anniversary_too():
    ends = life_ends(datetime(2028, 2, 29, 9, 0, tzinfo=UTC), MOSCOW)

    assert ends == datetime(2029, 3, 2, tzinfo=MOSCOW)


@given(st.integers(0, 40 * 366 * 24 * 60))
def test_nobody_loses_a_day(minutes):
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    assert timedelta(days=365) <= life_ends(now, MOSCOW) - now <= timedelta(days=367, hours=1)
    assert timedelta(days=30) <= grace_ends(now, MOSCOW) - now <= timedelta(days=31, hours=1)


def test_points_count_when_the_days_of_return_are_over():
    now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    assert matures_at(now, 7, MOSCOW) == datetime(2026, 12, 2, 0, 0, tzinfo=MOSCOW)


@given(st.integers(0, 366 * 24 * 60), st.integers(0, 60))
def test_nothing_that_may_still_be_given_back_has_points_that_count(minutes, days):
    received = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ripe = matures_at(received, days, MOSCOW)
    day = received.astimezone(MOSCOW).date()
    before = (ripe - timedelta(microseconds=1)).astimezone(MOSCOW).date()

    assert may_be_returned(day, before, "changed_mind", days)
    assert not may_be_returned(day, ripe.astimezone(MOSCOW).date(), "changed_mind", days)
