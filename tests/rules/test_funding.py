"""What pays for an order adds up, whole and in parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.funding import (
    Funding,
    allocate,
    compose,
    part_of,
    share_of_units,
    unit_shares,
)

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
    assert compose(**wanted, promo_kopecks=0, balance_kopecks=99_999) == Funding(0, 0, 99_900, 100)
    assert compose(**wanted, promo_kopecks=99_950, balance_kopecks=0) == Funding(0, 99_900, 0, 100)
    assert compose(
        **wanted, promo_kopecks=0, balance_kopecks=99_950, least_outside=10_000
    ) == Funding(0, 0, 90_000, 10_000)
    assert compose(**wanted, promo_kopecks=0, balance_kopecks=100_000) == Funding(0, 0, 100_000, 0)
    assert compose(**wanted, promo_kopecks=0, balance_kopecks=99_900) == Funding(0, 0, 99_900, 100)


def test_what_the_gateway_lacks_is_taken_from_the_bought_balance_before_the_given_one():
    wanted = {"goods_kopecks": 100_000, "delivery_kopecks": 0, "points": 0}

    assert compose(**wanted, promo_kopecks=50_000, balance_kopecks=49_950) == Funding(
        0, 50_000, 49_900, 100
    )
    assert compose(**wanted, promo_kopecks=99_930, balance_kopecks=20) == Funding(0, 99_900, 0, 100)


def test_own_money_is_the_bought_balance_and_what_comes_from_outside():
    assert Funding(5, 70, 200, 3000).money_kopecks == 3200
    assert Funding(5, 70, 200, 3000).total_kopecks == 3770
    assert Funding(5, 70, 200, 3000) + Funding(1, 2, 3, 4) == Funding(6, 72, 203, 3004)


def test_each_part_falls_on_the_lines_by_their_sums_to_the_kopeck():
    of_lines, of_deliveries = allocate(
        Funding(points=5, promo_kopecks=1000, balance_kopecks=700, outside_kopecks=2800),
        lines=[3000, 1500, 250],
        deliveries=[250, 0],
    )

    assert of_lines == [
        Funding(points=3, promo_kopecks=600, balance_kopecks=420, outside_kopecks=1680),
        Funding(points=2, promo_kopecks=289, balance_kopecks=202, outside_kopecks=809),
        Funding(points=0, promo_kopecks=56, balance_kopecks=39, outside_kopecks=155),
    ]
    assert of_deliveries == [
        Funding(promo_kopecks=55, balance_kopecks=39, outside_kopecks=156),
        Funding(),
    ]


def test_of_equal_lines_the_first_takes_what_is_left_over():
    of_lines, _ = allocate(
        Funding(promo_kopecks=200, outside_kopecks=100), lines=[100, 100, 100], deliveries=[]
    )

    assert [part.promo_kopecks for part in of_lines] == [67, 67, 66]


def test_points_that_a_small_line_cannot_hold_go_to_the_next():
    of_lines, _ = allocate(
        Funding(points=3, outside_kopecks=280), lines=[190, 190, 200], deliveries=[]
    )

    assert [part.points for part in of_lines] == [1, 1, 1]
    of_lines, _ = allocate(
        Funding(points=4, outside_kopecks=180), lines=[190, 190, 200], deliveries=[]
    )
    assert [part.points for part in of_lines] == [1, 1, 2]


def test_no_line_is_paid_with_a_point_more_than_it_holds():
    of_lines, _ = allocate(Funding(points=9, outside_kopecks=99), lines=[199, 800], deliveries=[])

    assert of_lines == [Funding(points=1, outside_kopecks=99), Funding(points=8)]


def test_an_order_of_nothing_is_paid_by_nothing():
    assert allocate(Funding(), lines=[0], deliveries=[0]) == ([Funding()], [Funding()])


def test_pieces_of_a_line_take_turns_with_what_does_not_divide():
    assert unit_shares(100, 3) == [33, 33, 34]
    assert [share_of_units(100, 3, before, 2) for before in (0, 1)] == [66, 67]
    assert part_of(Funding(1, 10, 100, 1000), 3, 1, 2) == Funding(1, 7, 67, 667)


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
    with pytest.raises(ValueError, match=r"^the funding is of another sum$"):
        allocate(Funding(outside_kopecks=99), lines=[100], deliveries=[0])
    with pytest.raises(ValueError, match=r"^more than fits$"):
        allocate(Funding(points=2, outside_kopecks=30), lines=[80], deliveries=[150])
