"""Where things go, when they arrive, what it costs, and in how many parcels."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import bindparam, func, select

from shop.db import db
from shop.models.catalog import Stock, Warehouse
from shop.models.delivery import PickupPoint, Place
from shop.rules import parcels
from shop.rules.delivery import Tariff, days_on_the_way, distance_km, tariff, town_as_searched

# A line of a cart or of anything else that travels: a frozen dataclass with product_id, quantity,
# price_kopecks, weight_g and sides_mm.
Line = TypeVar("Line", bound=Any)


@dataclass(frozen=True, slots=True)
class Destination:
    """The town that promises are made for."""

    id: int
    name: str
    latitude: float
    longitude: float


CAPITAL = Destination(id=0, name="Москва", latitude=55.752, longitude=37.6178)


def place_of(chosen: Mapping[str, Any] | None) -> Destination:
    """Return the town a shopper chose (as the session keeps it), or the capital."""
    if not chosen:
        return CAPITAL
    return Destination(chosen["id"], chosen["name"], chosen["lat"], chosen["lon"])


@dataclass(frozen=True, slots=True)
class PlannedParcel:
    """A parcel as it is promised. `pickup_kopecks` is None when no counter would take it."""

    warehouse_id: int
    warehouse_name: str
    lines: tuple[Any, ...]
    weight_g: int
    is_oversize: bool
    promised_on: date
    courier_kopecks: int
    pickup_kopecks: int | None
    # Codes of rules/parcels: why it doesn't travel with the first parcel.
    reasons: tuple[str, ...]

    @property
    def pieces(self) -> int:
        """How many things are in it."""
        return sum(line.quantity for line in self.lines)

    @property
    def goods_kopecks(self) -> int:
        """What the things in it cost."""
        return sum(line.quantity * line.price_kopecks for line in self.lines)

    def delivery_kopecks(self, method: str) -> int:
        """What bringing it by a method costs; what no counter takes costs nothing there."""
        return self.courier_kopecks if method == "courier" else self.pickup_kopecks or 0


@dataclass(frozen=True, slots=True)
class Plan:
    """How an order would travel. `missing` are pieces, by product, that no warehouse holds."""

    parcels: tuple[PlannedParcel, ...]
    reasons: tuple[str, ...]
    missing: Mapping[int, int]

    @property
    def is_one_parcel(self) -> bool:
        """True when everything travels together."""
        return len(self.parcels) == 1

    @property
    def courier_kopecks(self) -> int:
        """What a courier costs for all of it."""
        return sum(parcel.courier_kopecks for parcel in self.parcels)

    @property
    def pickup_kopecks(self) -> int | None:
        """What fetching all of it at a counter costs, or None when a counter can't take all."""
        prices = [parcel.pickup_kopecks for parcel in self.parcels]
        return sum(price or 0 for price in prices) if prices and None not in prices else None

    @property
    def cheapest_kopecks(self) -> int:
        """The least that delivery can cost."""
        pickup = self.pickup_kopecks
        return self.courier_kopecks if pickup is None else min(pickup, self.courier_kopecks)

    @property
    def days(self) -> list[date]:
        """The days on which something arrives."""
        return sorted({parcel.promised_on for parcel in self.parcels})


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways an order may travel: `faster` only where it is one, in more parcels."""

    together: Plan
    faster: Plan | None

    def chosen(self, together: bool) -> Plan:
        """The way the shopper chose, as far as there is a choice."""
        return self.together if together or self.faster is None else self.faster


def plan_of(
    *, lines: Sequence[Any], place: Destination, today: date, together: bool = True
) -> Plan:
    """Return how these lines would travel to a town if they were ordered today."""
    return ways_of(lines=lines, place=place, today=today).chosen(together)


def ways_of(*, lines: Sequence[Any], place: Destination, today: date) -> Ways:
    """Return both ways these lines could travel; two queries."""
    if not lines:
        nothing = Plan((), (), {})
        return Ways(nothing, None)
    sources, names = _sources([line.product_id for line in lines], place)
    counter_g = strongest_counter_g(place)
    items = [
        parcels.Item(line.product_id, line.quantity, line.weight_g, line.sides_mm) for line in lines
    ]

    def planned(together: bool) -> Plan:
        found = parcels.plan(items, sources, together=together)
        boxes = tuple(_promised(box, lines, names, today, counter_g) for box in found.parcels)
        return Plan(boxes, found.reasons, found.missing)

    together, faster = planned(True), planned(False)
    is_choice = len(faster.parcels) > len(together.parcels) and faster.days != together.days
    return Ways(together, faster if is_choice else None)


def _promised(
    box: parcels.Parcel,
    lines: Sequence[Any],
    names: Mapping[int, str],
    today: date,
    counter_g: int,
) -> PlannedParcel:
    goods_kopecks = sum(line.quantity * line.price_kopecks for line in lines)
    price = tariff(
        weight_g=box.weight_g,
        is_oversize=box.is_oversize,
        goods_kopecks=goods_kopecks,
        counter_takes_g=counter_g,
    )
    return PlannedParcel(
        warehouse_id=box.warehouse_id,
        warehouse_name=names[box.warehouse_id],
        lines=tuple(
            replace(line, quantity=box.quantities[line.product_id])
            for line in lines
            if line.product_id in box.quantities
        ),
        weight_g=box.weight_g,
        is_oversize=box.is_oversize,
        promised_on=today + timedelta(days=box.days),
        courier_kopecks=price.courier_kopecks,
        pickup_kopecks=price.pickup_kopecks,
        reasons=box.reasons,
    )


_STOCK = (
    select(
        Stock.product_id,
        Stock.quantity,
        Warehouse.id,
        Warehouse.name,
        Warehouse.dispatch_days,
        Warehouse.latitude,
        Warehouse.longitude,
    )
    .join(Warehouse, Warehouse.id == Stock.warehouse_id)
    .where(Stock.product_id.in_(bindparam("products", expanding=True)), Stock.quantity > 0)
)


def _stock_rows(product_ids: Sequence[int]) -> Iterable[Any]:
    return db.session.execute(_STOCK, {"products": product_ids})


def _days(dispatch_days: int, latitude: float, longitude: float, place: Destination) -> int:
    km = distance_km(latitude, longitude, place.latitude, place.longitude)
    return dispatch_days + days_on_the_way(km)


def _sources(
    product_ids: Sequence[int], place: Destination
) -> tuple[list[parcels.Source], dict[int, str]]:
    """The warehouses that hold any of the products, and their names."""
    stock: dict[int, dict[int, int]] = {}
    days: dict[int, int] = {}
    names: dict[int, str] = {}
    for product_id, quantity, warehouse_id, name, wait, lat, lon in _stock_rows(product_ids):
        if warehouse_id not in days:
            days[warehouse_id], names[warehouse_id] = _days(wait, lat, lon, place), name
        stock.setdefault(warehouse_id, {})[product_id] = quantity
    sources = [parcels.Source(number, days[number], held) for number, held in stock.items()]
    return sources, names


def delivery_days(
    *, product_ids: Sequence[int], place: Destination, today: date
) -> dict[int, date]:
    """Return on which day each product can arrive soonest; sold-out ones are absent. One query."""
    if not product_ids:
        return {}
    days_from: dict[int, int] = {}
    soonest: dict[int, int] = {}
    for product_id, _count, warehouse_id, _name, wait, lat, lon in _stock_rows(product_ids):
        days = days_from.get(warehouse_id)
        if days is None:
            days = days_from[warehouse_id] = _days(wait, lat, lon, place)
        if days < soonest.get(product_id, 1000):
            soonest[product_id] = days
    return {product_id: today + timedelta(days=days) for product_id, days in soonest.items()}


def tariff_of(product: Any, *, place: Destination) -> Tariff:
    """Return what one piece of a product costs to bring to a town, ordered by itself."""
    piece = parcels.Item(product.id, 1, product.weight_g, product.sides_mm)
    return tariff(
        weight_g=product.weight_g,
        is_oversize=piece.is_oversize,
        goods_kopecks=product.price_kopecks,
        counter_takes_g=strongest_counter_g(place),
    )


def strongest_counter_g(place: Destination) -> int:
    """Return the heaviest parcel that a pickup point of the town takes; 0 where there is none."""
    query = select(func.max(PickupPoint.max_weight_g)).where(PickupPoint.place_name == place.name)
    return db.session.scalar(query) or 0


def pickup_points_of(place: Destination, weight_g: int = 0) -> list[PickupPoint]:
    """Return the counters of a town that take a parcel of this weight."""
    return list(
        db.session.scalars(
            select(PickupPoint)
            .where(PickupPoint.place_name == place.name, PickupPoint.max_weight_g >= weight_g)
            .order_by(PickupPoint.address, PickupPoint.id)
        )
    )


def places_like(words: str, most: int = 12) -> list[Place]:
    """Return the towns whose names begin as typed (ё as е, any case), the largest first.

    Nothing typed: the largest of all.
    """
    begins = town_as_searched(words)
    query = select(Place).order_by(Place.population.desc(), Place.id).limit(most)
    if begins:
        query = query.where(Place.search_name.startswith(begins, autoescape=True))
    return list(db.session.scalars(query))


def place_with(place_id: int) -> Place | None:
    """Return a town by its number, or None."""
    return db.session.get(Place, place_id)
