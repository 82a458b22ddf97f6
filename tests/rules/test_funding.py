"""What pays for an order adds up, whole and in parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.funding import Funding, allocate, compose, part_of, unit_shares

sums = st.integers(1, 5_000_000)
basket = st.lists(sums, min_size=1, max_size=8)


@st.composite
def orders(draw):
    lines = draw(basket)
    deliveries = draw(st.lists(st.integers(0, 90_000), min_size=1, max_size=3))
    points = draw(st.integers(0, sum(lines) // 400))
    return (
        lines,
        deliveries,
        points,
        draw(st.integers(0, 9_000_000)),
        draw(st.integers(0, 9_000_000)),
    )


def test_points_go_first_then_what_was_given_then_what_was_bought_then_the_card():
    assert compose(
        goods_kopecks=100_000,
        delivery_kopecks=20_000,
        points=250,
        promo_kopecks=30_000,
        balance_kopecks=40_000,
    ) == Funding(250, 30_000, 40_000, 25_000)


def test_less_than_a_gateway_takes_is_left_on_the_balance_instead():
    wanted = {"goods_kopecks": 100_000, "delivery_kopecks": 0, "points": 0}

    assert compose(**wanted, promo_kopecks=0, balance_kopecks=99_950) == Funding(0, 0, 99_900, 100)
    assert compose(**wanted, promo_kopecks=99_950, balance_kopecks=0) == Funding(0, 99_900, 0, 100)
    assert compose(
        **wanted, promo_kopecks=0, balance_kopecks=99_950, least_outside=10_000
    ) == Funding(0, 0, 90_000, 10_000)
    assert compose(**wanted, promo_kopecks=0, balance_kopecks=100_000) == Funding(0, 0, 100_000, 0)


@given(orders())
def test_all_parts_together_are_the_whole(order):
    lines, deliveries, points, promo, balance = order
    funding = compose(
        goods_kopecks=sum(lines),
        delivery_kopecks=sum(deliveries),
        points=points,
        promo_kopecks=promo,
        balance_kopecks=balance,
    )
    of_lines, of_deliveries = allocate(funding, lines=lines, deliveries=deliveries)

    assert funding.outside_kopecks == 0 or funding.outside_kopecks >= min(
        100, sum(lines) + sum(deliveries) - points * 100
    )
    assert sum([*of_lines, *of_deliveries], Funding()) == funding
    assert [part.total_kopecks for part in of_lines] == lines
    assert [part.total_kopecks for part in of_deliveries] == deliveries
    assert not any(part.points for part in of_deliveries)
    for part in (*of_lines, *of_deliveries):
        assert min(part.points, part.promo_kopecks, part.balance_kopecks, part.outside_kopecks) >= 0


@given(sums, st.integers(1, 40), st.data())
def test_pieces_given_back_in_any_portions_add_up_to_the_line(amount, quantity, data):
    line = Funding(amount // 300, amount // 5, amount // 7, amount)
    portions, before = Funding(), 0
    while before < quantity:
        units = data.draw(st.integers(1, quantity - before))
        portions += part_of(line, quantity, before, units)
        before += units

    assert portions == line
    assert sum(unit_shares(amount, quantity)) == amount
    assert len(set(unit_shares(amount, quantity))) <= 2


def test_a_funding_of_another_sum_is_refused():
    with pytest.raises(ValueError, match="another sum"):
        allocate(Funding(outside_kopecks=99), lines=[100], deliveries=[0])
    with pytest.raises(ValueError, match="more than fits"):
        allocate(Funding(points=2, outside_kopecks=30), lines=[80], deliveries=[150])
