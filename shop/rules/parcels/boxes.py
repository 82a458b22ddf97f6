"""Boxes: what one holds, and how goods from one warehouse are packed into few."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

# One ordinary box of the carrier: what a courier lifts and a counter takes.
BOX_WEIGHT_G = 20_000
# Boxes come longer for a broom or skis; carriers take up to 1.2 metres as an ordinary parcel.
BOX_SIDES_MM = (1200, 450, 400)
# The usual box is 600 mm long. Goods are not sand: three quarters of its room are filled before the
# packer takes another box, and a longer box holds no more.
BOX_ROOM_MM3 = 600 * BOX_SIDES_MM[1] * BOX_SIDES_MM[2] * 3 // 4


@dataclass(frozen=True, slots=True)
class Item:
    """So many pieces of one product; sides that nobody measured are 0."""

    product_id: int
    quantity: int
    weight_g: int = 0
    sides_mm: tuple[int, int, int] = (0, 0, 0)

    @property
    def volume_mm3(self) -> int:
        """The room that one piece takes."""
        return self.sides_mm[0] * self.sides_mm[1] * self.sides_mm[2]

    @property
    def is_oversize(self) -> bool:
        """True when one piece by itself is more than a box may hold."""
        sides = zip(sorted(self.sides_mm, reverse=True), BOX_SIDES_MM, strict=True)
        return (
            self.weight_g > BOX_WEIGHT_G
            or self.volume_mm3 > BOX_ROOM_MM3
            or any(side > limit for side, limit in sides)
        )


@dataclass(slots=True)
class Box:
    """A box being filled."""

    weight_g: int = 0
    volume_mm3: int = 0
    quantities: Counter[int] = field(default_factory=Counter)

    def put(self, item: Item, most: int) -> int:
        """Put in as many pieces as there is room for, at most so many; return how many."""
        fits = most
        if item.weight_g:
            fits = min(fits, (BOX_WEIGHT_G - self.weight_g) // item.weight_g)
        if item.volume_mm3:
            fits = min(fits, (BOX_ROOM_MM3 - self.volume_mm3) // item.volume_mm3)
        if fits:
            self.quantities[item.product_id] += fits
            self.weight_g += fits * item.weight_g
            self.volume_mm3 += fits * item.volume_mm3
        return fits


def largest_first(items: Iterable[Item]) -> list[Item]:
    """Return the items as a packer takes them."""
    return sorted(items, key=lambda item: (-item.volume_mm3, -item.weight_g, item.product_id))


def packed(items: Iterable[Item]) -> list[Box]:
    """Pack ordinary goods: the largest first, each piece into the first box with room for it."""
    boxes: list[Box] = []
    for item in largest_first(items):
        rest = item.quantity
        for box in boxes:
            rest -= box.put(item, rest)
        while rest:
            boxes.append(Box())
            rest -= boxes[-1].put(item, rest)
    return boxes
