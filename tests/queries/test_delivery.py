from datetime import date

from shop.queries.cart import Line
from shop.queries.delivery import (
    CAPITAL,
    Destination,
    delivery_days,
    pickup_points_of,
    place_of,
    place_with,
    places_like,
    plan_of,
    strongest_counter_g,
    tariff_of,
    ways_of,
)
from shop.rules.parcels import DATE, OVERSIZE, WAREHOUSE

TODAY = date(2026, 11, 24)
URALS = {"latitude": 56.86, "longitude": 60.6, "city": "Екатеринбург", "dispatch_days": 2}


def line(product, quantity=1):
    return Line(
        product_id=product.id,
        quantity=quantity,
        wanted=quantity,
        is_ticked=True,
        price_kopecks=product.price_kopecks,
        seen_price_kopecks=product.price_kopecks,
        old_price_kopecks=None,
        name=product.name,
        slug=product.slug,
        brand="",
        picture="",
        tint="sand",
        category_id=product.category_id,
        weight_g=product.weight_g,
        sides_mm=(product.length_mm, product.width_mm, product.height_mm),
        left=9,
        is_listed=True,
    )


def plan(*lines, **more):
    return plan_of(lines=lines, place=CAPITAL, today=TODAY, **more)


def test_one_parcel_with_its_day_and_prices(inside, make):
    tea = make.product(name="Чай", price=500)
    make.pickup_point()

    found = plan(line(tea, 2))

    (parcel,) = found.parcels
    assert found.is_one_parcel and found.reasons == parcel.reasons == ()
    assert (parcel.warehouse_name, parcel.weight_g, parcel.pieces) == ("Tver", 1000, 2)
    assert parcel.promised_on == date(2026, 11, 26)  # A day in Тверь, a day on the way.
    assert (parcel.courier_kopecks, parcel.pickup_kopecks) == (299_00, 99_00)
    assert parcel.goods_kopecks == 1_000_00
    assert [(one.name, one.quantity) for one in parcel.lines] == [("Чай", 2)]


def test_a_town_without_counters_has_couriers_only(inside, make):
    found = plan(line(make.product()))

    assert found.pickup_kopecks is None
    assert found.cheapest_kopecks == found.courier_kopecks == 299_00


def test_the_free_sum_is_that_of_the_whole_order_not_of_a_parcel(inside, make):
    make.warehouse("urals", **URALS)
    tea = make.product(price=3000)
    cup = make.product(price=2000, in_stock={"urals": 3})

    found = plan(line(tea), line(cup))

    assert [parcel.courier_kopecks for parcel in found.parcels] == [0, 0]
    assert found.reasons == found.parcels[1].reasons == (WAREHOUSE,)


def test_two_ways_where_one_warehouse_has_all_though_later(inside, make):
    make.warehouse("urals", **URALS)
    tea = make.product(in_stock={"tver": 5, "urals": 5})
    cup = make.product(in_stock={"urals": 5})

    ways = ways_of(lines=[line(tea), line(cup)], place=CAPITAL, today=TODAY)

    assert ways.faster is not None
    assert ways.together.days == [date(2026, 11, 29)]
    assert ways.faster.days == [date(2026, 11, 26), date(2026, 11, 29)]
    assert ways.faster.reasons == (DATE,)
    assert ways.chosen(together=True) is ways.together
    assert ways.chosen(together=False) is ways.faster


def test_where_together_isnt_later_there_is_no_choice(inside, make):
    ways = ways_of(lines=[line(make.product()), line(make.product())], place=CAPITAL, today=TODAY)

    assert ways.faster is None
    assert ways.chosen(together=False) is ways.together


def test_a_large_thing_travels_alone_by_courier(inside, make):
    make.pickup_point(max_weight_g=50_000)
    sofa = make.product(weight_g=40_000, length_mm=2000, width_mm=900, height_mm=800)

    found = plan(line(make.product()), line(sofa))

    assert [parcel.is_oversize for parcel in found.parcels] == [False, True]
    assert [parcel.pickup_kopecks for parcel in found.parcels] == [0, None]
    assert found.pickup_kopecks is None
    assert found.reasons == (OVERSIZE,)
    assert tariff_of(line(sofa), place=CAPITAL).pickup_kopecks is None


def test_what_nobody_holds_is_missing(inside, make):
    found = plan(line(make.product(in_stock=2), 3))

    assert list(found.missing.values()) == [1]
    assert found.parcels[0].pieces == 2


def test_planning_takes_two_queries_whatever_is_in_the_cart(inside, make, queries):
    lines = [line(make.product()) for _ in range(8)]
    queries.clear()

    plan(*lines)

    assert len(queries) == 2
    queries.clear()
    assert plan().parcels == ()
    assert queries == []


def test_the_soonest_day_of_each_product_in_one_query(inside, make, queries):
    make.warehouse("urals", **URALS)
    tea = make.product(in_stock={"tver": 1, "urals": 1})
    cup = make.product(in_stock={"tver": 0, "urals": 1})
    gone = make.product(in_stock=0)
    queries.clear()

    days = delivery_days(product_ids=[tea.id, cup.id, gone.id], place=CAPITAL, today=TODAY)

    assert days == {tea.id: date(2026, 11, 26), cup.id: date(2026, 11, 29)}
    assert len(queries) == 1


def test_towns_are_found_by_their_beginning_however_typed(inside, make):
    make.place()
    make.place("Орёл", population=324_200)
    make.place("Орск", population=189_195)
    make.place("100%-й", population=1)

    assert [one.name for one in places_like("ОРЕ")] == ["Орёл"]
    assert [one.name for one in places_like(" ор")] == ["Орёл", "Орск"]
    assert places_like("")[0].name == "Москва"
    assert [one.name for one in places_like("%")] == []
    assert [one.name for one in places_like("100%")] == ["100%-й"]


def test_a_chosen_town_is_kept_as_the_session_has_it(inside, make):
    orel = make.place("Орёл", latitude=52.97, longitude=36.07)

    assert place_of({"id": orel.id, "name": "Орёл", "lat": 52.97, "lon": 36.07}) == Destination(
        orel.id, "Орёл", 52.97, 36.07
    )
    assert place_of(None) == CAPITAL
    assert place_with(orel.id).name == "Орёл"
    assert place_with(404) is None


def test_counters_of_a_town_that_take_so_much(inside, make):
    make.pickup_point("MSK-01", max_weight_g=15_000, address="ул. Б, 1")
    make.pickup_point("MSK-02", max_weight_g=30_000, address="ул. А, 1")
    make.pickup_point("ORL-01", place_name="Орёл")

    assert [point.code for point in pickup_points_of(CAPITAL)] == ["MSK-02", "MSK-01"]
    assert [point.code for point in pickup_points_of(CAPITAL, 15_001)] == ["MSK-02"]
    assert strongest_counter_g(CAPITAL) == 30_000
