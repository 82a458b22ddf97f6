"""Warehouses: which of them sends what, when goods lie in several."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from shop.rules.parcels.boxes import Item


@dataclass(frozen=True, slots=True)
class Source:
    """A warehouse as one order sees it: in how many days its parcels arrive, and what it holds."""

    warehouse_id: int
    days: int
    stock: Mapping[int, int]

    def has_all(self, item: Item) -> bool:
        """True when all pieces of an item lie here."""
        return self.stock.get(item.product_id, 0) >= item.quantity


Shares = dict[int, list[Item]]


def shares(items: list[Item], sources: list[Source], *, together: bool) -> Shares:
    """Return what each warehouse sends; `sources` come nearest first.

    A product's pieces part only when no single warehouse holds all of them. Those that must part
    are shared out first: they tell which warehouses send something anyway.
    """
    found: Shares = {source.warehouse_id: [] for source in sources}
    whole = [item for item in items if any(source.has_all(item) for source in sources)]
    for item in items:
        if item not in whole:
            for source, quantity in parting(item, sources, nearest_first=not together):
                found[source.warehouse_id].append(replace(item, quantity=quantity))
    chosen = _from_few(whole, sources, found) if together else _soonest(whole, sources, found)
    for item, source in chosen:
        found[source.warehouse_id].append(item)
    return found


def parting(
    item: Item, sources: list[Source], *, nearest_first: bool
) -> Iterator[tuple[Source, int]]:
    """Share out the pieces of one item: from the nearest on, or from the fullest on."""

    def turn(source: Source) -> tuple[int, int, int]:
        fullness = -source.stock.get(item.product_id, 0)
        return 0 if nearest_first else fullness, source.days, source.warehouse_id

    rest = item.quantity
    for source in sorted(sources, key=turn):
        taken = min(rest, source.stock.get(item.product_id, 0))
        if taken:
            yield source, taken
            rest -= taken


def _from_few(
    items: list[Item], sources: list[Source], found: Shares
) -> Iterator[tuple[Item, Source]]:
    """Again and again take the warehouse that has most of what is left.

    Of equally useful ones, one that sends a parcel anyway, then the nearest.
    """
    rest = list(items)
    while rest:
        best: Source | None = None
        covered: list[Item] = []
        for source in sorted(sources, key=lambda source: not found[source.warehouse_id]):
            has = [item for item in rest if source.has_all(item)]
            if len(has) > len(covered):
                best, covered = source, has
        assert best is not None, "whole items lie whole somewhere"
        for item in covered:
            yield item, best
            rest.remove(item)


def _soonest(
    items: Iterable[Item], sources: list[Source], found: Shares
) -> Iterator[tuple[Item, Source]]:
    """Take each item from where it arrives first; of equally near warehouses, from few."""
    by_day: dict[int, list[Item]] = {}
    for item in items:
        nearest = next(source for source in sources if source.has_all(item))
        by_day.setdefault(nearest.days, []).append(item)
    for days, group in sorted(by_day.items()):
        near = [source for source in sources if source.days == days]
        yield from _from_few(group, near, found)
