"""Parcels: which goods travel together, from which warehouse, and why not all in one.

Nothing is carried between warehouses for an order, a carrier's box has a weight and a size, and
what doesn't fit in a box travels by itself. From these three facts comes everything here:

    plan(items, sources, together=True)  →  parcels, each from one warehouse on one day
    Plan.reasons                         →  why it isn't one parcel; empty exactly when it is

The order in which things lie in the cart never matters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from shop.rules.parcels.boxes import BOX_ROOM_MM3, BOX_WEIGHT_G, Item, largest_first, packed
from shop.rules.parcels.warehouses import Source, parting, shares

__all__ = [
    "DATE",
    "OVERSIZE",
    "SIZE",
    "WAREHOUSE",
    "WEIGHT",
    "Item",
    "Parcel",
    "Plan",
    "Source",
    "plan",
]

# Why an order is more than one parcel.
WAREHOUSE = "warehouse"  # No single warehouse has all of it.
WEIGHT = "weight"  # Together it is heavier than a box may be.
SIZE = "size"  # Together it is larger than a box.
OVERSIZE = "oversize"  # Something is too large or too heavy for any box.
DATE = "date"  # It could be one, but then part of it would come later.


@dataclass(frozen=True, slots=True)
class Parcel:
    """What travels together. `quantities` are pieces by product."""

    warehouse_id: int
    days: int
    quantities: Mapping[int, int]
    weight_g: int
    is_oversize: bool = False
    # Why it doesn't travel with the first parcel; empty for the first.
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """How an order travels, and how many pieces of what nobody holds."""

    parcels: tuple[Parcel, ...]
    reasons: tuple[str, ...]
    missing: Mapping[int, int]


def plan(items: Iterable[Item], sources: Iterable[Source], *, together: bool = True) -> Plan:
    """Return how these goods travel.

    `together`: from as few warehouses as can be, and of two equally good ones the nearer.
    Otherwise each thing comes from the warehouse that brings it soonest.
    """
    nearest = sorted(sources, key=lambda source: (source.days, source.warehouse_id))
    present, missing = _present(_merged(items), nearest)
    ordinary = [item for item in present if not item.is_oversize]
    oversize = [item for item in present if item.is_oversize]
    sent = shares(ordinary, nearest, together=together)
    parcels = [
        Parcel(source.warehouse_id, source.days, dict(box.quantities), box.weight_g)
        for source in nearest
        for box in packed(sent[source.warehouse_id])
    ]
    parcels += _alone(oversize, nearest)
    reasons = _reasons(ordinary, oversize, nearest)
    if not reasons and len(parcels) > 1:
        reasons = (DATE,)
    return Plan(_told_apart(parcels, reasons), reasons, missing)


def _merged(items: Iterable[Item]) -> list[Item]:
    """One item a product, largest first."""
    found: dict[int, Item] = {}
    for item in items:
        if item.quantity > 0:
            before = found.get(item.product_id)
            quantity = item.quantity + (before.quantity if before else 0)
            found[item.product_id] = replace(item, quantity=quantity)
    return largest_first(found.values())


def _present(wanted: list[Item], sources: list[Source]) -> tuple[list[Item], Mapping[int, int]]:
    """Part what all warehouses together hold from what is missing."""
    present, missing = [], {}
    for item in wanted:
        held = sum(source.stock.get(item.product_id, 0) for source in sources)
        if held < item.quantity:
            missing[item.product_id] = item.quantity - held
        if held > 0:
            present.append(replace(item, quantity=min(item.quantity, held)))
    return present, missing


def _alone(items: list[Item], sources: list[Source]) -> list[Parcel]:
    """Send each oversize piece by itself, from the nearest warehouse that has one."""
    parcels = []
    for item in items:
        for source, quantity in parting(item, sources, nearest_first=True):
            contents = {item.product_id: 1}
            piece = Parcel(source.warehouse_id, source.days, contents, item.weight_g, True)
            parcels += [piece] * quantity
    return parcels


def _reasons(ordinary: list[Item], oversize: list[Item], sources: list[Source]) -> tuple[str, ...]:
    """Why no choice of the shopper's can make it one parcel.

    Each is a fact about the goods as a whole, so one thing more never takes a reason away.
    """
    in_one_place = any(all(source.has_all(item) for item in ordinary) for source in sources)
    pieces = sum(item.quantity for item in (*ordinary, *oversize))
    weight_g = sum(item.quantity * item.weight_g for item in ordinary)
    volume_mm3 = sum(item.quantity * item.volume_mm3 for item in ordinary)
    facts = {
        WAREHOUSE: bool(ordinary) and not in_one_place,
        WEIGHT: weight_g > BOX_WEIGHT_G,
        SIZE: volume_mm3 > BOX_ROOM_MM3,
        OVERSIZE: bool(oversize) and pieces > 1,
    }
    return tuple(code for code, holds in facts.items() if holds)


def _told_apart(parcels: list[Parcel], reasons: tuple[str, ...]) -> tuple[Parcel, ...]:
    """Put the parcels in order, and tell of each why it doesn't travel with the first."""

    def place(parcel: Parcel) -> tuple[object, ...]:
        contents = sorted(parcel.quantities.items())
        first_the_fuller = -sum(parcel.quantities.values())
        return parcel.is_oversize, parcel.days, parcel.warehouse_id, first_the_fuller, contents

    if not parcels:
        return ()
    first, *others = sorted(parcels, key=place)
    return first, *(replace(one, reasons=_why_apart(first, one, reasons)) for one in others)


def _why_apart(first: Parcel, other: Parcel, reasons: tuple[str, ...]) -> tuple[str, ...]:
    if first.is_oversize or other.is_oversize:
        return (OVERSIZE,)
    if first.warehouse_id != other.warehouse_id:
        return (WAREHOUSE,) if WAREHOUSE in reasons else (DATE,)
    return tuple(code for code in (WEIGHT, SIZE) if code in reasons)
