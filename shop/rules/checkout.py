"""What a checkout page showed, so that nobody pays for something else than what they saw.

The page carries a short note of its goods, prices, parcels and delivery. When the order is placed everything is
worked out anew from what is stored; where the note differs, the page says what has changed instead of ordering.
A forged note gains nothing: it is only ever compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

# More than any cart fills; a longer note was not written by our page.
LONGEST_NOTE = 8000


@dataclass(frozen=True, slots=True)
class SeenLine:
    """So many of a product at a price."""

    product_id: int
    quantity: int
    price_kopecks: int


@dataclass(frozen=True, slots=True)
class SeenParcel:
    """What travels together, on which day (ISO), at which price by either way; None: no counter takes it."""

    warehouse_id: int
    promised_on: str
    courier_kopecks: int
    pickup_kopecks: int | None
    quantities: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """All that was on the page and matters for the sum and the promise."""

    place: str
    lines: tuple[SeenLine, ...]
    parcels: tuple[SeenParcel, ...]

    def by(self, method: str) -> "Seen":
        """The same without the prices of the other way of delivery."""
        if method == "courier":
            parcels = (replace(parcel, pickup_kopecks=None) for parcel in self.parcels)
        else:
            parcels = (replace(parcel, courier_kopecks=0) for parcel in self.parcels)
        return replace(self, parcels=tuple(parcels))

    def delivery_kopecks(self, method: str) -> int | None:
        """What delivery costs by a method, or None when it can't be had that way."""
        if method == "courier":
            return sum(parcel.courier_kopecks for parcel in self.parcels)
        prices = [parcel.pickup_kopecks for parcel in self.parcels]
        return None if None in prices else sum(price or 0 for price in prices)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that isn't as it was. `kind` tells which; `was` and `now` are pieces or kopecks."""

    kind: str
    product_id: int | None = None
    was: int = 0
    now: int = 0


def note_of(seen: Seen) -> str:
    """Return the note that a page carries: «Москва|7x2@149000|1:2026-11-25:29900:0:7x2»."""
    lines = ",".join(f"{one.product_id}x{one.quantity}@{one.price_kopecks}" for one in seen.lines)
    parcels = ";".join(_parcel_note(parcel) for parcel in seen.parcels)
    return "|".join((seen.place.replace("|", " "), lines, parcels))


def _parcel_note(parcel: SeenParcel) -> str:
    pickup = "-" if parcel.pickup_kopecks is None else str(parcel.pickup_kopecks)
    inside = "+".join(f"{product}x{quantity}" for product, quantity in parcel.quantities)
    head = (str(parcel.warehouse_id), parcel.promised_on, str(parcel.courier_kopecks), pickup)
    return ":".join((*head, inside))


def read_note(note: str) -> Seen | None:
    """Return what a note says, or None when it isn't one of ours."""
    try:
        place, lines, parcels = note[:LONGEST_NOTE].split("|")
        return Seen(
            place,
            tuple(_line_read(one) for one in lines.split(",") if one),
            tuple(_parcel_read(one) for one in parcels.split(";") if one),
        )
    except ValueError:
        return None


def _line_read(text: str) -> SeenLine:
    goods, price = text.split("@")
    product, quantity = goods.split("x")
    return SeenLine(int(product), int(quantity), int(price))


def _parcel_read(text: str) -> SeenParcel:
    warehouse, day, courier, pickup, inside = text.split(":")
    pairs = (one.split("x") for one in inside.split("+"))
    quantities = tuple((int(product), int(quantity)) for product, quantity in pairs)
    price = None if pickup == "-" else int(pickup)
    return SeenParcel(int(warehouse), day, int(courier), price, quantities)


def changes_between(seen: Seen | None, now: Seen, method: str) -> list[Change]:
    """Return what a customer must be told before ordering: empty when all is as it was on the page.

    Goods first; of delivery only what isn't explained by them: another town, another sum, another day or parcel.
    """
    if seen is None:
        return [Change("unknown")]
    if seen.by(method) == now.by(method):
        return []
    goods = [*_goods_changes(seen.lines, now.lines)]
    if seen.place != now.place:
        return [*goods, Change("place")]
    was, is_now = seen.delivery_kopecks(method), now.delivery_kopecks(method)
    if was != is_now and is_now is not None:
        return [*goods, Change("delivery", was=was or 0, now=is_now)]
    return goods or [Change("parcels")]


def _goods_changes(seen: Sequence[SeenLine], now: Sequence[SeenLine]) -> list[Change]:
    before: Mapping[int, SeenLine] = {line.product_id: line for line in seen}
    after: Mapping[int, SeenLine] = {line.product_id: line for line in now}
    found = []
    for product, line in before.items():
        other = after.get(product)
        if other is None:
            found.append(Change("gone", product, was=line.quantity))
        elif other.quantity != line.quantity:
            found.append(Change("quantity", product, line.quantity, other.quantity))
        elif other.price_kopecks != line.price_kopecks:
            found.append(Change("price", product, line.price_kopecks, other.price_kopecks))
    return found + [
        Change("added", product, now=line.quantity)
        for product, line in after.items()
        if product not in before
    ]
