from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from shop.rules.parcels import DATE, OVERSIZE, SIZE, WAREHOUSE, WEIGHT, Item, Source, plan
from shop.rules.parcels.boxes import BOX_ROOM_MM3, BOX_WEIGHT_G, packed

TVER, PODOLSK, URALS = 1, 2, 3
TEAPOT, CUP, SOFA, BRICKS, PILLOW = 10, 11, 12, 13, 14

teapot = Item(TEAPOT, 1, 500, (200, 150, 100))
cup = Item(CUP, 2, 300, (100, 100, 100))
sofa = Item(SOFA, 1, 40_000, (2000, 900, 800))
bricks = Item(BRICKS, 3, 9_000, (250, 120, 65))
pillows = Item(PILLOW, 4, 700, (500, 400, 150))


def source(warehouse, days=1, **stock):
    numbers = {"teapot": TEAPOT, "cup": CUP, "sofa": SOFA, "bricks": BRICKS, "pillow": PILLOW}
    return Source(warehouse, days, {numbers[name]: count for name, count in stock.items()})


def contents(found):
    return [(parcel.warehouse_id, dict(parcel.quantities)) for parcel in found.parcels]


def test_goods_of_one_warehouse_that_fit_a_box_are_one_parcel():
    found = plan([teapot, cup], [source(TVER, teapot=5, cup=5)])

    assert contents(found) == [(TVER, {TEAPOT: 1, CUP: 2})]
    assert found.parcels[0].weight_g == 1100
    assert found.reasons == found.parcels[0].reasons == ()


def test_nothing_is_no_parcel():
    found = plan([], [source(TVER, teapot=5)])

    assert (found.parcels, found.reasons, dict(found.missing)) == ((), (), {})


def test_two_warehouses_are_two_parcels_and_the_second_says_why():
    found = plan([teapot, cup], [source(TVER, 1, teapot=5), source(URALS, 5, cup=5)])

    assert contents(found) == [(TVER, {TEAPOT: 1}), (URALS, {CUP: 2})]
    assert [parcel.reasons for parcel in found.parcels] == [(), (WAREHOUSE,)]
    assert found.reasons == (WAREHOUSE,)


def test_one_warehouse_that_has_all_is_taken_though_it_is_farther():
    tver, urals = source(TVER, 1, teapot=5), source(URALS, 5, teapot=5, cup=5)

    found = plan([teapot, cup], [tver, urals])

    assert contents(found) == [(URALS, {TEAPOT: 1, CUP: 2})]
    assert found.reasons == ()


def test_faster_takes_each_thing_from_where_it_comes_soonest_and_blames_the_date():
    tver, urals = source(TVER, 1, teapot=5), source(URALS, 5, teapot=5, cup=5)

    found = plan([teapot, cup], [tver, urals], together=False)

    assert contents(found) == [(TVER, {TEAPOT: 1}), (URALS, {CUP: 2})]
    assert [parcel.days for parcel in found.parcels] == [1, 5]
    assert found.reasons == found.parcels[1].reasons == (DATE,)


def test_of_two_warehouses_that_both_have_all_the_nearer_sends():
    found = plan([teapot], [source(URALS, 5, teapot=5), source(TVER, 1, teapot=5)])

    assert contents(found) == [(TVER, {TEAPOT: 1})]


def test_pieces_of_a_product_part_only_when_no_warehouse_holds_all_of_them():
    few, many = source(TVER, 1, cup=1), source(URALS, 5, cup=2)

    assert contents(plan([cup], [few, many])) == [(URALS, {CUP: 2})]
    found = plan([Item(CUP, 3, 300)], [few, many])
    assert contents(found) == [(TVER, {CUP: 1}), (URALS, {CUP: 2})]
    assert found.reasons == (WAREHOUSE,)


def test_what_must_part_draws_the_rest_to_where_it_comes_from():
    parted = Item(CUP, 3, 300)
    sources = [
        source(TVER, 1, teapot=1),
        source(PODOLSK, 2, cup=2, teapot=1),
        source(URALS, 5, cup=1),
    ]

    found = plan([parted, teapot], sources)

    assert contents(found) == [(PODOLSK, {CUP: 2, TEAPOT: 1}), (URALS, {CUP: 1})]


def test_what_nobody_holds_is_missing_and_the_rest_travels():
    found = plan([cup, teapot], [source(TVER, cup=1)])

    assert contents(found) == [(TVER, {CUP: 1})]
    assert dict(found.missing) == {CUP: 1, TEAPOT: 1}


def test_too_heavy_for_one_box_is_two_and_says_so():
    found = plan([bricks], [source(TVER, bricks=9)])

    assert contents(found) == [(TVER, {BRICKS: 2}), (TVER, {BRICKS: 1})]
    assert found.reasons == found.parcels[1].reasons == (WEIGHT,)


def test_too_large_for_one_box_is_two_and_says_so():
    found = plan([pillows], [source(TVER, pillow=9)])

    assert contents(found) == [(TVER, {PILLOW: 2}), (TVER, {PILLOW: 2})]
    assert found.reasons == (SIZE,)


def test_a_sofa_travels_alone_and_doesnt_drag_the_cups_to_its_warehouse():
    tver, urals = source(TVER, 1, cup=5), source(URALS, 5, cup=5, sofa=1)

    found = plan([sofa, cup], [tver, urals])

    assert contents(found) == [(TVER, {CUP: 2}), (URALS, {SOFA: 1})]
    assert [parcel.is_oversize for parcel in found.parcels] == [False, True]
    assert found.reasons == found.parcels[1].reasons == (OVERSIZE,)


def test_one_sofa_by_itself_is_one_parcel_without_excuses():
    found = plan([sofa], [source(TVER, sofa=1)])

    assert len(found.parcels) == 1
    assert found.reasons == ()


def test_brooms_and_what_is_small_travel_in_one_long_box():
    brooms = Item(1, 3, 450, (850, 300, 60))

    assert not brooms.is_oversize
    assert [box.quantities for box in packed([brooms, Item(2, 1, 900, (300, 200, 100))])] == [
        {1: 3, 2: 1}
    ]


def test_a_long_thing_is_oversize_however_it_is_turned():
    for sides in ((20, 20, 1201), (1201, 20, 20), (20, 1201, 20)):
        assert Item(1, 1, 100, sides).is_oversize
    assert not Item(1, 1, 100, (400, 600, 200)).is_oversize


# ---- whatever is bought and wherever it lies ----

products = st.integers(1, 6)
sides = st.tuples(*[st.integers(0, 700)] * 3)
facts = st.fixed_dictionaries(
    {number: st.tuples(st.integers(0, 25_000), sides) for number in range(1, 7)}
)
quantities = st.dictionaries(products, st.integers(1, 99), min_size=1)
warehouses = st.lists(
    st.tuples(st.integers(1, 9), st.dictionaries(products, st.integers(0, 60))),
    min_size=1,
    max_size=5,
).map(lambda found: [Source(number, *one) for number, one in enumerate(found, start=1)])


def items_of(facts, quantities):
    return [Item(number, count, *facts[number]) for number, count in quantities.items()]


@given(facts, quantities, warehouses, st.booleans())
def test_every_piece_is_in_exactly_one_parcel_or_missing(facts, quantities, warehouses, together):
    found = plan(items_of(facts, quantities), warehouses, together=together)

    counted = Counter(found.missing)
    for parcel in found.parcels:
        counted.update(parcel.quantities)
    assert counted == Counter(quantities)


@given(facts, quantities, warehouses, st.booleans())
def test_no_box_is_heavier_or_fuller_than_a_box_may_be(facts, quantities, warehouses, together):
    items = {item.product_id: item for item in items_of(facts, quantities)}

    for parcel in plan(items.values(), warehouses, together=together).parcels:
        inside = [(items[number], count) for number, count in parcel.quantities.items()]
        assert parcel.weight_g == sum(item.weight_g * count for item, count in inside)
        if parcel.is_oversize:
            assert [(item.is_oversize, count) for item, count in inside] == [(True, 1)]
        else:
            assert not any(item.is_oversize for item, _ in inside)
            assert parcel.weight_g <= BOX_WEIGHT_G
            assert sum(item.volume_mm3 * count for item, count in inside) <= BOX_ROOM_MM3


@given(facts, quantities, warehouses, st.booleans())
def test_no_warehouse_sends_more_than_it_has(facts, quantities, warehouses, together):
    sent = Counter()
    for parcel in plan(items_of(facts, quantities), warehouses, together=together).parcels:
        for number, count in parcel.quantities.items():
            sent[parcel.warehouse_id, number] += count

    for one in warehouses:
        for number in range(1, 7):
            assert sent[one.warehouse_id, number] <= one.stock.get(number, 0)


@given(facts, quantities, warehouses)
def test_there_is_a_reason_exactly_when_there_is_more_than_one_parcel(
    facts, quantities, warehouses
):
    for together in (True, False):
        found = plan(items_of(facts, quantities), warehouses, together=together)

        assert bool(found.reasons) == (len(found.parcels) > 1)
        assert [bool(parcel.reasons) for parcel in found.parcels[1:]] == [True] * len(
            found.parcels[1:]
        )
        assert found.parcels == () or found.parcels[0].reasons == ()


@given(facts, quantities, warehouses, products)
def test_one_thing_more_never_takes_a_reason_away(facts, quantities, warehouses, one_more):
    more = quantities | {one_more: quantities.get(one_more, 0) + 1}

    before = plan(items_of(facts, quantities), warehouses).reasons
    after = plan(items_of(facts, more), warehouses).reasons

    assert set(before) <= set(after)


@given(facts, quantities, warehouses, st.booleans(), st.randoms())
def test_the_order_in_the_cart_never_matters(facts, quantities, warehouses, together, random):
    items, sources = items_of(facts, quantities), list(warehouses)
    usual = plan(items, sources, together=together)

    random.shuffle(items)
    random.shuffle(sources)

    assert plan(items, sources, together=together) == usual


@given(facts, quantities, warehouses)
def test_faster_is_never_later(facts, quantities, warehouses):
    items = items_of(facts, quantities)
    # Products that some warehouse holds whole: those that must part travel as they can.
    items = [one for one in items if any(source.has_all(one) for source in warehouses)]
    together, faster = plan(items, warehouses), plan(items, warehouses, together=False)

    def arrival(found):
        days = {}
        for parcel in found.parcels:
            for number in parcel.quantities:
                days[number] = max(days.get(number, 0), parcel.days)
        return days

    late = arrival(together)
    assert all(day <= late[number] for number, day in arrival(faster).items())
