from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.delivery import (
    Tariff,
    days_on_the_way,
    distance_km,
    promised_day,
    tariff,
    town_as_searched,
)

MOSCOW, VLADIVOSTOK, TVER = (55.752, 37.6178), (43.1056, 131.874), (56.86, 35.9)


def test_distances_are_those_of_the_globe():
    assert round(distance_km(*MOSCOW, *TVER), 3) == 162.494
    assert round(distance_km(*MOSCOW, *VLADIVOSTOK), 3) == 6415.849
    assert distance_km(*MOSCOW, *MOSCOW) == 0


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180))
def test_there_and_back_are_equally_far_and_never_beyond_the_antipode(a, b, c, d):
    there = distance_km(a, b, c, d)

    assert there == pytest.approx(distance_km(c, d, a, b))
    assert 0 <= there <= 20_016


@pytest.mark.parametrize(
    ("km", "days"),
    [(0, 1), (250, 1), (251, 2), (900, 2), (1800, 3), (3000, 5), (5000, 7), (6417, 9)],
)
def test_the_farther_the_more_days(km, days):
    assert days_on_the_way(km) == days


def test_the_promise_counts_dispatch_and_the_way():
    assert promised_day(date(2026, 11, 30), dispatch_days=1, km=162) == date(2026, 12, 2)


def test_a_light_parcel_costs_the_plain_price():
    price = tariff(
        weight_g=5_000, is_oversize=False, goods_kopecks=1_000_00, counter_takes_g=20_000
    )

    assert price == Tariff(courier_kopecks=299_00, pickup_kopecks=99_00)


def test_each_kilogram_begun_beyond_the_light_ones_costs_more():
    price = tariff(
        weight_g=7_001, is_oversize=False, goods_kopecks=1_000_00, counter_takes_g=20_000
    )

    assert price == Tariff(courier_kopecks=299_00 + 3 * 25_00, pickup_kopecks=99_00 + 3 * 10_00)


@pytest.mark.parametrize(
    ("goods", "price"),
    [
        (1_999_99, Tariff(299_00, 99_00)),
        (2_000_00, Tariff(299_00, 0)),
        (4_999_99, Tariff(299_00, 0)),
        (5_000_00, Tariff(0, 0)),
    ],
)
def test_from_a_sum_on_parcels_travel_for_nothing(goods, price):
    found = tariff(weight_g=900, is_oversize=False, goods_kopecks=goods, counter_takes_g=20_000)

    assert found == price


@pytest.mark.parametrize("counter", [0, 8_999])
def test_a_counter_that_isnt_there_or_takes_less_is_not_offered(counter):
    price = tariff(
        weight_g=9_000, is_oversize=False, goods_kopecks=9_000_00, counter_takes_g=counter
    )

    assert price.pickup_kopecks is None


def test_a_counter_takes_as_much_as_it_says():
    price = tariff(weight_g=9_000, is_oversize=False, goods_kopecks=100, counter_takes_g=9_000)

    assert price.pickup_kopecks == 99_00 + 4 * 10_00


def test_an_oversize_thing_is_never_for_nothing_and_never_at_a_counter():
    price = tariff(
        weight_g=40_000, is_oversize=True, goods_kopecks=90_000_00, counter_takes_g=50_000
    )

    assert price == Tariff(courier_kopecks=299_00 + 990_00 + 35 * 25_00, pickup_kopecks=None)


@pytest.mark.parametrize(
    "typed", ["Орёл", "орел", " ОРЁЛ ", "г. Орел", "г.Орёл", "г орел", "город орел"]
)
def test_a_town_is_found_however_it_is_typed(typed):
    assert town_as_searched(typed) == "орел"


def test_a_town_named_gorod_something_keeps_its_second_word():
    assert town_as_searched("Нижний  Новгород") == "нижний новгород"
    assert town_as_searched("Ростов–на–Дону") == "ростов-на-дону"
    assert town_as_searched(" ") == ""
