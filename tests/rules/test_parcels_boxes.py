"""Where the limits of a box lie, and in what order things are taken, packed and told."""

from collections import Counter

import pytest

from shop.rules.parcels import (
    DATE,
    OVERSIZE,
    SIZE,
    WAREHOUSE,
    WEIGHT,
    Item,
    Parcel,
    Plan,
    Source,
    plan,
)
from shop.rules.parcels.boxes import BOX_ROOM_MM3, Box, largest_first, packed
from shop.rules.parcels.warehouses import parting, shares

NEAR, FAR, FARTHEST = 1, 2, 3


@pytest.mark.parametrize(
    ("weight_g", "sides", "is_oversize"),
    [
        (20_000, (0, 0, 0), False),
        (20_001, (0, 0, 0), True),
        (0, (1200, 450, 100), False),
        (0, (1201, 1, 1), True),
        (0, (1200, 451, 1), True),
        (0, (401, 401, 401), True),
        (0, (400, 450, 450), False),  # All the room there is: 81 litres.
        (0, (451, 450, 400), True),
    ],
)
def test_where_a_box_ends(weight_g, sides, is_oversize):
    assert Item(1, 1, weight_g, sides).is_oversize is is_oversize


def test_the_room_of_a_thing_is_its_sides_multiplied():
    assert Item(1, 1, 0, (2, 3, 5)).volume_mm3 == 30
    assert BOX_ROOM_MM3 == 81_000_000


def test_a_box_takes_as_much_as_it_holds():
    box = Box()

    assert box.put(Item(1, 9, 7_000, (100, 100, 100)), 9) == 2
    assert box.put(Item(2, 9, 2_000, (100, 100, 100)), 9) == 3
    assert box.put(Item(3, 9, 1, (100, 100, 100)), 9) == 0
    assert box.put(Item(4, 9, 0, (100, 100, 100)), 4) == 4
    assert (box.weight_g, box.volume_mm3) == (20_000, 9_000_000)
    assert box.quantities == Counter({1: 2, 2: 3, 4: 4})
    assert 3 not in box.quantities


def test_a_box_is_full_when_its_room_is():
    box = Box()

    assert box.put(Item(1, 1, 10, (450, 450, 200)), 5) == 2
    assert box.put(Item(2, 1, 10, (1, 1, 1)), 5) == 0
    assert box.put(Item(3, 1, 10), 5) == 5
    assert (box.weight_g, box.volume_mm3) == (70, 81_000_000)


def test_the_largest_is_packed_first_then_the_heaviest_then_the_oldest():
    items = [
        Item(5, 1, 10, (1, 1, 1)),
        Item(4, 1, 20, (1, 1, 1)),
        Item(3, 1, 10, (1, 1, 1)),
        Item(2, 1, 5, (2, 1, 1)),
    ]

    assert [item.product_id for item in largest_first(items)] == [2, 4, 3, 5]


def test_a_small_thing_goes_into_the_first_box_with_room_for_it():
    boxes = packed([Item(1, 2, 15_000, (300, 300, 300)), Item(2, 3, 2_500, (10, 10, 10))])

    assert [dict(box.quantities) for box in boxes] == [{1: 1, 2: 2}, {1: 1, 2: 1}]


def test_the_same_product_twice_is_one_line_and_none_of_it_is_none():
    sources = [Source(NEAR, 1, {1: 9, 2: 9})]
    items = [Item(1, 2, 100), Item(2, 0, 100), Item(1, 3, 100), Item(3, -1, 100)]

    assert plan(items, sources) == Plan((Parcel(NEAR, 1, {1: 5}, 500),), (), {})


def test_what_is_held_travels_and_the_rest_is_missing():
    sources = [Source(NEAR, 1, {1: 2}), Source(FAR, 2, {1: 1, 2: 0})]

    found = plan([Item(1, 5, 100), Item(2, 1, 100)], sources)

    assert [(one.warehouse_id, dict(one.quantities)) for one in found.parcels] == [
        (NEAR, {1: 2}),
        (FAR, {1: 1}),
    ]
    assert found.missing == {1: 2, 2: 1}


def test_goods_of_a_boxs_whole_weight_are_one_parcel():
    sources = [Source(NEAR, 1, {1: 9})]

    assert plan([Item(1, 2, 10_000)], sources).reasons == ()
    assert plan([Item(1, 3, 10_000)], sources).reasons == (WEIGHT,)
    assert plan([Item(1, 2, 10, (450, 450, 200))], sources).reasons == ()
    assert plan([Item(1, 3, 10, (450, 450, 200))], sources).reasons == (SIZE,)


def test_each_oversize_piece_is_a_parcel_with_its_weight():
    found = plan([Item(1, 2, 30_000)], [Source(NEAR, 1, {1: 1}), Source(FAR, 4, {1: 5})])

    assert [(one.warehouse_id, one.days, one.weight_g, dict(one.quantities), one.is_oversize)
            for one in found.parcels] == [
        (NEAR, 1, 30_000, {1: 1}, True),
        (FAR, 4, 30_000, {1: 1}, True),
    ]  # fmt: skip


def test_parcels_are_told_the_soonest_first_then_the_fuller():
    near, far = Source(FAR, 1, {1: 3, 2: 1}), Source(NEAR, 3, {3: 1})

    found = plan([Item(1, 3, 9_000), Item(2, 1, 1_000), Item(3, 1, 30_000)], [far, near])

    assert [(one.warehouse_id, dict(one.quantities)) for one in found.parcels] == [
        (FAR, {1: 2, 2: 1}),
        (FAR, {1: 1}),
        (NEAR, {3: 1}),
    ]


def test_pieces_part_from_the_fullest_or_from_the_nearest():
    sources = [Source(NEAR, 1, {1: 1}), Source(FAR, 2, {1: 4}), Source(FARTHEST, 3, {1: 4})]
    item = Item(1, 6)

    def sent(*, nearest_first):
        return [
            (one.warehouse_id, count)
            for one, count in parting(item, sources, nearest_first=nearest_first)
        ]

    assert sent(nearest_first=False) == [(FAR, 4), (FARTHEST, 2)]
    assert sent(nearest_first=True) == [(NEAR, 1), (FAR, 4), (FARTHEST, 1)]


def test_few_warehouses_send_what_one_could_not():
    sources = [
        Source(NEAR, 1, {1: 1}),
        Source(FAR, 2, {1: 1, 2: 1}),
        Source(FARTHEST, 3, {2: 1, 3: 1, 4: 1}),
    ]
    items = [Item(number, 1) for number in (1, 2, 3, 4)]

    together = shares(items, sources, together=True)
    faster = shares(items, sources, together=False)

    def numbers(found):
        return {place: sorted(item.product_id for item in sent) for place, sent in found.items()}

    assert numbers(together) == {NEAR: [1], FAR: [], FARTHEST: [2, 3, 4]}
    assert numbers(faster) == {NEAR: [1], FAR: [2], FARTHEST: [3, 4]}


def test_of_equally_near_warehouses_few_send():
    sources = [Source(NEAR, 1, {1: 1}), Source(FAR, 1, {1: 1, 2: 1})]

    found = plan([Item(1, 1, 10), Item(2, 1, 10)], sources, together=False)

    assert [(one.warehouse_id, dict(one.quantities)) for one in found.parcels] == [
        (FAR, {1: 1, 2: 1})
    ]


def test_what_could_be_one_parcel_but_comes_apart_for_speed_blames_the_date():
    sources = [Source(NEAR, 1, {1: 1}), Source(FAR, 2, {1: 1, 2: 1})]

    found = plan([Item(1, 1, 10), Item(2, 1, 10)], sources, together=False)

    assert [one.reasons for one in found.parcels] == [(), (DATE,)]
    assert WAREHOUSE not in found.reasons


def test_pieces_that_must_part_come_from_the_fullest_or_from_the_nearest():
    sources = [Source(NEAR, 1, {1: 3}), Source(FAR, 2, {1: 4})]
    cups = [Item(1, 5, 100, (10, 10, 10))]

    def sent(**how):
        return {one.warehouse_id: one.quantities[1] for one in plan(cups, sources, **how).parcels}

    assert sent(together=True) == {NEAR: 1, FAR: 4}
    assert sent(together=False) == {NEAR: 3, FAR: 2}


def test_what_is_missing_is_no_reason_for_parting():
    found = plan([Item(1, 5, 100, (10, 10, 10))], [Source(NEAR, 1, {1: 3})])

    assert (found.missing, found.reasons) == ({1: 2}, ())


def test_a_sofa_and_one_cup_are_two_parcels_for_the_sofas_size():
    goods = [Item(1, 1, 40_000, (2000, 900, 900)), Item(2, 1, 100, (10, 10, 10))]

    assert plan(goods, [Source(NEAR, 1, {1: 1, 2: 1})]).reasons == (OVERSIZE,)


def test_a_box_counts_all_that_was_put_into_it():
    box, cup = Box(), Item(1, 9, 100, (10, 10, 10))
    box.put(cup, 2)
    box.put(cup, 3)

    assert box.quantities == Counter({1: 5})
