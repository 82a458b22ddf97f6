"""Calling off and giving back: what may be, until when, and how much of what goes back for it.

The law: goods bought at a distance may be refused at any time before they are handed over and within seven days after,
three months where nobody told the customer so in writing (the letter about goods received does); a thing with a fault
may be given back for as long as its warranty lasts; the money is due within ten days of the demand (rights of
consumers, 18, 22, 26.1).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from shop.rules.funding import Funding, part_of, share_of_units
from shop.rules.orders import states_before

# Warranty: two years where nothing else is said; within it a fault is for a person to look at.
WARRANTY_DAYS = 730
PAY_BACK = timedelta(days=10)
# From this day of the ten on, a demand is shown as urgent.
URGENT_AFTER = timedelta(days=8)
MOST_PHOTOS = 5
MOST_PHOTO_BYTES = 8 * 1024 * 1024

# Why goods come back. For what the shop or the carrier has done, carriage goes back, too.
REASONS = ("unsuitable", "changed_mind", "defect", "damaged", "wrong_item", "incomplete")
FAULTS = frozenset({"defect", "damaged", "wrong_item", "incomplete"})
# Why the shop calls an order off; where it isn't the goods themselves, those that haven't left lie where they lay.
SHOP_REASONS = ("out_of_stock", "damaged", "carrier", "not_taken", "mistake")
BACK_ON_SHELF = frozenset({"carrier", "not_taken", "mistake"})
# It travelled to its customer, who refused it or never came for it.
NOT_TAKEN = "not_taken"

# A parcel that a customer may still call off, and one that the shop or the carrier may.
CALLED_OFF_BY_CUSTOMER = ("waiting", "assembled")
CALLED_OFF_BY_SHOP = ("waiting", "assembled", "shipped")

STEPS: dict[str, frozenset[str]] = {
    "requested": frozenset({"approved", "rejected", "withdrawn"}),
    "approved": frozenset({"in_transit", "received", "rejected", "withdrawn"}),
    "in_transit": frozenset({"received", "rejected"}),
    "received": frozenset({"inspected", "rejected"}),
    "inspected": frozenset({"refunded"}),
    "refunded": frozenset({"closed"}),
    "rejected": frozenset(),
    "closed": frozenset(),
    "withdrawn": frozenset(),
}
# States in which the money is still to be given back.
OPEN = ("requested", "approved", "in_transit", "received", "inspected")


def before(state: str) -> tuple[str, ...]:
    """Return the states from which a return may come into `state`."""
    return states_before(STEPS, state)


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of an order as it stands: so many bought, called off, given back; what paid for all of them."""

    line_id: int
    parcel_id: int
    quantity: int
    canceled: int
    returned: int
    funding: Funding
    earns_points: int = 0

    @property
    def gone(self) -> int:
        """How many were called off or given back: the next ones are counted after these."""
        return self.canceled + self.returned

    @property
    def left(self) -> int:
        """How many the customer has, or is still to get."""
        return self.quantity - self.gone


@dataclass(frozen=True, slots=True)
class Split:
    """What goes back for some pieces: `delivery_kopecks` is how much of the sum is carriage."""

    funding: Funding
    goods: Funding
    delivery_kopecks: int
    emptied: tuple[int, ...]
    earned_points: int
    # How much of the money from outside goes back in the bank's own bonuses, as it was paid.
    bonus_kopecks: int = 0

    @property
    def pays_back(self) -> bool:
        """True when anything at all goes back."""
        return self.funding.total_kopecks > 0


class NotPossible(Exception):
    """More pieces than there are, none at all, or pieces that aren't the order's."""


def split_of(
    pieces: Iterable[Piece],
    chosen: Mapping[int, int],
    carriage: Mapping[int, Funding],
    *,
    with_carriage: bool,
    is_unpaid_outside: bool = False,
) -> Split:
    """Return what goes back for `chosen` (line → how many of it).

    Carriage of a parcel (`carriage`: parcel → its funding) goes back `with_carriage`, once nothing is left in it.
    Where the outside money is given at the door only, none of it goes back before.

    :raises NotPossible: when a line has fewer left, a number is below zero, or nothing is chosen.
    """
    known = {piece.line_id: piece for piece in pieces}
    if not any(chosen.values()) or not set(chosen) <= set(known):
        raise NotPossible
    goods, earned = Funding(), 0
    for line_id, units in chosen.items():
        piece = known[line_id]
        if not 0 <= units <= piece.left:
            raise NotPossible
        goods += part_of(piece.funding, piece.quantity, piece.gone, units)
        earned += share_of_units(piece.earns_points, piece.quantity, piece.gone, units)
    emptied = _emptied(known, chosen)
    delivery = sum((carriage[one] for one in emptied if with_carriage), Funding())
    whole = goods + delivery
    if is_unpaid_outside:
        goods, whole = replace(goods, outside_kopecks=0), replace(whole, outside_kopecks=0)
        delivery = replace(delivery, outside_kopecks=0)
    return Split(whole, goods, delivery.total_kopecks, emptied, earned)


def _emptied(known: Mapping[int, Piece], chosen: Mapping[int, int]) -> tuple[int, ...]:
    """Return the parcels of chosen lines in which nothing is left afterwards."""
    touched = {known[line_id].parcel_id for line_id, units in chosen.items() if units}
    left: dict[int, int] = {}
    for piece in known.values():
        rest = piece.left - chosen.get(piece.line_id, 0)
        left[piece.parcel_id] = left.get(piece.parcel_id, 0) + rest
    return tuple(sorted(parcel for parcel in touched if not left[parcel]))


def note_of(split: Split, pieces: Iterable[Piece], chosen: Mapping[int, int]) -> str:
    """Return what a page has shown of a split, as a word that is the same only while all of it is.

    It holds the sums, and of each line how many were gone and how many are chosen.
    """
    sums = split.funding
    gone = {piece.line_id: piece.gone for piece in pieces}
    lines = ",".join(
        f"{line_id}:{gone[line_id]}:{units}" for line_id, units in sorted(chosen.items()) if units
    )
    money = f"{sums.points}.{sums.promo_kopecks}.{sums.balance_kopecks}.{sums.outside_kopecks}"
    if split.bonus_kopecks:
        money += f".{split.bonus_kopecks}"
    return f"{money}-{split.delivery_kopecks}-{split.earned_points}-{lines}"


def last_day(received_on: date, reason: str, return_days: int) -> date:
    """Return the last day on which goods received on a day may be given back for a reason; the day of receipt isn't counted."""
    days = WARRANTY_DAYS if reason in FAULTS else return_days
    return received_on + timedelta(days=days)


def may_be_returned(received_on: date | None, today: date, reason: str, return_days: int) -> bool:
    """True while goods received on a day (None: not yet) may be given back for a reason."""
    return received_on is not None and today <= last_day(received_on, reason, return_days)


def reasons_for(received_on: date, today: date, return_days: int) -> tuple[str, ...]:
    """Return the reasons for which goods received on a day may still be given back."""
    return tuple(
        reason for reason in REASONS if may_be_returned(received_on, today, reason, return_days)
    )


def pay_by(demanded_at: datetime) -> datetime:
    """Return until when the money must be given back that is demanded now."""
    return demanded_at + PAY_BACK


def is_urgent(demanded_at: datetime, now: datetime) -> bool:
    """True when eight of the ten days are over."""
    return now - demanded_at >= URGENT_AFTER
