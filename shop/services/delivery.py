"""Towns and pickup points: what the owner's lists say becomes what the shop knows."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from shop.db import db, use_case
from shop.models.delivery import PickupPoint, Place
from shop.models.orders import Order
from shop.rules.delivery import town_as_searched


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A town as a list gives it."""

    name: str
    region: str
    population: int
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class NewPickupPoint:
    """A counter as a list gives it; its code stays the same from list to list."""

    code: str
    place_name: str
    address: str
    hours: str
    max_weight_g: int
    latitude: float
    longitude: float


@use_case
def put_places(*, places: Iterable[NewPlace]) -> int:
    """Make these the towns the shop delivers to; return how many there are.

    A town keeps its number, because browsers remember it.
    """
    query = select(Place.id, Place.name, Place.region)
    known = {(name, region): number for number, name, region in db.session.execute(query)}
    given = {(place.name, place.region): place for place in places}
    changed, new = [], []
    for key, place in given.items():
        values = {
            "name": place.name,
            "region": place.region,
            "search_name": town_as_searched(place.name),
            "population": place.population,
            "latitude": place.latitude,
            "longitude": place.longitude,
        }
        if key in known:
            changed.append({"id": known[key], **values})
        else:
            new.append(values)
    _write(Place, new, changed)
    gone = [number for key, number in known.items() if key not in given]
    if gone:
        db.session.execute(delete(Place).where(Place.id.in_(gone)))
    return len(given)


@use_case
def put_pickup_points(*, points: Iterable[NewPickupPoint]) -> int:
    """Make these the counters of the shop; return how many there are.

    One that left the list takes nothing any more, but stays where orders point at it.
    """
    query = select(PickupPoint.code, PickupPoint.id)
    known = {code: number for code, number in db.session.execute(query)}
    given = {point.code: point for point in points}
    changed, new = [], []
    for code, point in given.items():
        values = {name: getattr(point, name) for name in NewPickupPoint.__slots__}
        if code in known:
            changed.append({"id": known[code], **values})
        else:
            new.append(values)
    _write(PickupPoint, new, changed)
    _close([number for code, number in known.items() if code not in given])
    return len(given)


def _write(table: type[Place] | type[PickupPoint], new: list[dict], changed: list[dict]) -> None:  # type: ignore[type-arg]
    if new:
        db.session.execute(insert(table), new)
    if changed:
        db.session.execute(update(table), changed)


def _close(numbers: list[int]) -> None:
    if not numbers:
        return
    ordered_to = select(Order.pickup_point_id).where(Order.pickup_point_id.in_(numbers))
    kept = set(db.session.scalars(ordered_to))
    db.session.execute(update(PickupPoint).where(PickupPoint.id.in_(kept)).values(max_weight_g=0))
    db.session.execute(delete(PickupPoint).where(PickupPoint.id.in_(set(numbers) - kept)))
