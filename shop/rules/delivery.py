"""How far, how soon, how much: the promise that goes with a parcel."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0
# The road is longer than the straight line; carriers promise by the straight line, in steps.
DAYS_BY_KM = ((250, 1), (900, 2), (1800, 3), (3000, 5), (5000, 7))
DAYS_BEYOND = 9

COURIER_KOPECKS = 299_00
PICKUP_KOPECKS = 99_00
# So much is carried for the plain price; each kilogram begun beyond it costs more.
LIGHT_G = 5_000
COURIER_KOPECKS_A_KG = 25_00
PICKUP_KOPECKS_A_KG = 10_00
# Two people and a van, instead of one and a bag.
OVERSIZE_KOPECKS = 990_00
# From these sums of goods on, ordinary parcels travel for nothing.
FREE_COURIER_FROM_KOPECKS = 5_000_00
FREE_PICKUP_FROM_KOPECKS = 2_000_00


@dataclass(frozen=True, slots=True)
class Tariff:
    """What one parcel costs to bring. `pickup_kopecks` is None when no counter takes it."""

    courier_kopecks: int
    pickup_kopecks: int | None


def distance_km(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float
) -> float:
    """Return the length of the straight way between two points on the globe."""
    first, second = radians(latitude), radians(other_latitude)
    across = sin((second - first) / 2) ** 2
    along = cos(first) * cos(second) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(across + along)))


def days_on_the_way(km: float) -> int:
    """Return how many days a carrier needs for a distance."""
    return next((days for limit, days in DAYS_BY_KM if km <= limit), DAYS_BEYOND)


def promised_day(today: date, *, dispatch_days: int, km: float) -> date:
    """Return the day on which what is ordered `today` arrives."""
    return today + timedelta(days=dispatch_days + days_on_the_way(km))


def tariff(*, weight_g: int, is_oversize: bool, goods_kopecks: int, counter_takes_g: int) -> Tariff:
    """Return what a parcel costs, in an order of so many kopecks' worth of goods.

    `counter_takes_g` is what the strongest pickup point of the town accepts; 0 where there is none.
    An oversize thing is never brought for nothing, and never to a counter.
    """
    if is_oversize:
        courier = COURIER_KOPECKS + OVERSIZE_KOPECKS + _for_weight(weight_g, COURIER_KOPECKS_A_KG)
        return Tariff(courier_kopecks=courier, pickup_kopecks=None)
    courier = COURIER_KOPECKS + _for_weight(weight_g, COURIER_KOPECKS_A_KG)
    pickup = PICKUP_KOPECKS + _for_weight(weight_g, PICKUP_KOPECKS_A_KG)
    return Tariff(
        courier_kopecks=0 if goods_kopecks >= FREE_COURIER_FROM_KOPECKS else courier,
        pickup_kopecks=_at_a_counter(pickup, weight_g, goods_kopecks, counter_takes_g),
    )


def _for_weight(weight_g: int, kopecks_a_kg: int) -> int:
    extra_kg = max(0, -(-(weight_g - LIGHT_G) // 1000))
    return extra_kg * kopecks_a_kg


def _at_a_counter(
    kopecks: int, weight_g: int, goods_kopecks: int, counter_takes_g: int
) -> int | None:
    if not counter_takes_g or weight_g > counter_takes_g:
        return None
    return 0 if goods_kopecks >= FREE_PICKUP_FROM_KOPECKS else kopecks


def town_as_searched(name: str) -> str:
    """Return a town's name as it is compared: «г. Орёл» and «орел» are the same."""
    words = name.lower().replace("ё", "е").replace("–", "-").split()
    if words and words[0] in {"г.", "г", "город"}:
        words = words[1:]
    return " ".join(words).removeprefix("г.")
