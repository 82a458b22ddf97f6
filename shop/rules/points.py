"""The status programme: levels, how many points an order may use and brings, and how long points live.

One point takes 100 kopecks off. Points are whole; what doesn't make a whole one is dropped.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from shop.rules.funding import POINT
from shop.rules.terms import day_is_over, next_midnight, years_later

# So much of the goods' price may be paid with points.
MOST_PERCENT = 25
# Points live for so many years from the day on which they count.
LIFE_YEARS = 1
# The letter before points end comes so long before.
WARN = timedelta(days=14)
# Points that come back after their end may be used for so long.
GRACE = timedelta(days=30)

STATUS_TIERS = "Базовый:0:1,Серебряный:30000:3,Золотой:100000:5"


@dataclass(frozen=True, slots=True)
class Tier:
    """A level: reached by goods for so many kopecks within a year, it brings so many percent in points."""

    name: str
    from_kopecks: int
    percent: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a customer stands: the level, the next one (None at the top), and kopecks that are missing to it."""

    tier: Tier
    spent_kopecks: int
    next_tier: Tier | None
    missing_kopecks: int

    @property
    def percent_of_way(self) -> int:
        """How much of the way to the next level is behind, 0 to 100."""
        if self.next_tier is None:
            return 100
        return self.spent_kopecks * 100 // self.next_tier.from_kopecks


def tiers_of(text: str) -> tuple[Tier, ...]:
    """Read «name:from roubles:percent», one after the other by commas, the lowest first.

    :raises ValueError: with what is wrong, as the end of a sentence that begins with the setting.
    """
    tiers = tuple(_tier(part) for part in text.split(",") if part.strip())
    if not tiers or tiers[0].from_kopecks:
        raise ValueError("the first level must begin at 0 roubles")
    sums = [tier.from_kopecks for tier in tiers]
    if sums != sorted(set(sums)):
        raise ValueError("each level must begin at more roubles than the one before")
    if len({tier.name for tier in tiers}) < len(tiers):
        raise ValueError("no two levels may have the same name")
    return tiers


def _tier(text: str) -> Tier:
    parts = [part.strip() for part in text.split(":")]
    if len(parts) != 3 or not parts[0] or not all(_is_number(part) for part in parts[1:]):
        raise ValueError(
            "each level must be written as name:roubles:percent, such as Silver:30000:3"
        )
    if int(parts[2]) > 100:
        raise ValueError("no level may bring more than 100 percent")
    return Tier(parts[0], int(parts[1]) * 100, int(parts[2]))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10


def standing_of(tiers: Sequence[Tier], spent_kopecks: int) -> Standing:
    """Return the level that goods for so much bring, and how far it is to the next."""
    spent = max(spent_kopecks, 0)
    reached = [tier for tier in tiers if tier.from_kopecks <= spent]
    above = tiers[len(reached)] if len(reached) < len(tiers) else None
    return Standing(reached[-1], spent, above, above.from_kopecks - spent if above else 0)


def most_points(goods: Iterable[tuple[int, int]], available: int) -> int:
    """Return how many points may be used for these goods (price in kopecks, pieces) by who has so many; a debt uses none.

    Each line of an order takes whole points, and its pieces may travel, and be given back, apart: what costs less than
    a point apiece takes none.
    """
    goods = tuple(goods)
    a_share = sum(price * pieces for price, pieces in goods) * MOST_PERCENT // 100 // POINT
    that_fit = sum(price // POINT * pieces for price, pieces in goods)
    return max(0, min(available, a_share, that_fit))


def earned_of(money_kopecks: int, percent: int) -> int:
    """Return the points that the money part of a line brings."""
    return money_kopecks * percent // 100 // POINT


def after_debt(points: int, balance: int) -> int:
    """Return how many of the points that come may be spent: a debt (a balance below zero) is paid off first."""
    return max(0, points + min(balance, 0))


def life_ends(now: datetime, zone: tzinfo) -> datetime:
    """Return when points end that begin to count now: a year later, when that day is over where the shop is."""
    return next_midnight(years_later(now.astimezone(zone), LIFE_YEARS))


def grace_ends(now: datetime, zone: tzinfo) -> datetime:
    """Return until when points may be used that come back after their end."""
    return next_midnight(now.astimezone(zone) + GRACE)


def last_day(ends_at: datetime) -> datetime:
    """Return a moment of the last day of what ends then, at midnight: «until» that day."""
    return ends_at - timedelta(microseconds=1)


def matures_at(now: datetime, return_days: int, zone: tzinfo) -> datetime:
    """Return when points count that were earned by what is handed over now: the last day of return is over then."""
    return day_is_over(now + timedelta(days=return_days), zone)
