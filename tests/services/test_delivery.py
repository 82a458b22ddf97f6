from factories import NOON
from sqlalchemy import select

from shop.db import db
from shop.models import Order, PickupPoint, Place
from shop.services.delivery import NewPickupPoint, NewPlace, put_pickup_points, put_places

MOSCOW = NewPlace("Москва", "Москва", 10_381_222, 55.752, 37.6178)
OREL = NewPlace("Орёл", "Орловская область", 324_200, 52.97, 36.07)
LESNAYA = NewPickupPoint("MSK-01", "Москва", "ул. Лесная, 7", "9:00–21:00", 20_000, 55.78, 37.59)
MIRA = NewPickupPoint("MSK-02", "Москва", "пр. Мира, 3", "9:00–21:00", 15_000, 55.8, 37.6)


def places():
    query = select(Place.name, Place.search_name, Place.population).order_by(Place.id)
    return [tuple(row) for row in db.session.execute(query)]


def test_towns_are_kept_as_they_are_searched(inside):
    assert put_places(places=[MOSCOW, OREL]) == 2

    assert places() == [("Москва", "москва", 10_381_222), ("Орёл", "орел", 324_200)]


def test_a_town_of_the_next_list_keeps_its_number_and_one_not_on_it_goes(inside):
    put_places(places=[MOSCOW, OREL])
    number = db.session.scalar(select(Place.id).where(Place.name == "Орёл"))

    put_places(places=[NewPlace("Орёл", "Орловская область", 300_000, 52.97, 36.07)])

    assert places() == [("Орёл", "орел", 300_000)]
    assert db.session.scalar(select(Place.id)) == number


def test_counters_are_known_by_their_code(inside):
    assert put_pickup_points(points=[LESNAYA, MIRA]) == 2

    put_pickup_points(points=[LESNAYA])

    assert db.session.scalars(select(PickupPoint.code)).all() == ["MSK-01"]


def test_a_counter_with_orders_stays_but_takes_nothing_any_more(inside, make):
    ann = make.account()
    put_pickup_points(points=[LESNAYA])
    point = db.session.scalar(select(PickupPoint.id))
    order = {
        "goods_kopecks": 100,
        "delivery_kopecks": 0,
        "total_kopecks": 100,
        "outside_kopecks": 100,
        "payment_method": "",
    }
    person = {
        "recipient_name": "Игорь",
        "recipient_phone": "+7",
        "place_name": "Москва",
        "address": "",
    }
    moments = {"placed_at": NOON, "pay_until": NOON, "state": "paid", "delivery_method": "pickup"}
    keys = {
        "account_id": ann.id,
        "once_key": "1",
        "number": "1",
        "pickup_point_id": point,
    }
    db.session.add(Order(**order, **person, **moments, **keys))
    db.session.commit()

    put_pickup_points(points=[MIRA])

    query = select(PickupPoint.code, PickupPoint.max_weight_g).order_by(PickupPoint.code)
    assert [tuple(row) for row in db.session.execute(query)] == [("MSK-01", 0), ("MSK-02", 15_000)]
