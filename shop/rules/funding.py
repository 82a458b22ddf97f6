"""What an order is paid with: points, the two balances, money from outside; and how each part falls on the lines.

Order of use: points, then the promo balance, then the bought balance, the rest from outside. Points are whole (100
kopecks each) and pay for goods only; a line's points are whole too, or a line given back would return a part of one.
What falls on single pieces of a line is found by cumulative floors, so pieces given back in any order add up exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass

POINT = 100
# Gateways take no less than a ruble.
LEAST_OUTSIDE = 100


@dataclass(frozen=True, slots=True)
class Funding:
    """Whole points, and kopecks of each balance and from outside."""

    points: int = 0
    promo_kopecks: int = 0
    balance_kopecks: int = 0
    outside_kopecks: int = 0

    @property
    def total_kopecks(self) -> int:
        """What all of it together pays for."""
        return (
            self.points * POINT + self.promo_kopecks + self.balance_kopecks + self.outside_kopecks
        )

    @property
    def money_kopecks(self) -> int:
        """What the customer pays in money of their own: points are earned on it."""
        return self.balance_kopecks + self.outside_kopecks

    def __add__(self, other: "Funding") -> "Funding":
        return Funding(
            self.points + other.points,
            self.promo_kopecks + other.promo_kopecks,
            self.balance_kopecks + other.balance_kopecks,
            self.outside_kopecks + other.outside_kopecks,
        )


def compose(
    *,
    goods_kopecks: int,
    delivery_kopecks: int,
    points: int,
    promo_kopecks: int,
    balance_kopecks: int,
    least_outside: int = LEAST_OUTSIDE,
) -> Funding:
    """Return what pays for an order, given how much of each the customer has and wants to use.

    `points` are those allowed already (rules/points). What is left for the outside is nothing, or at least
    `least_outside`: where a balance would leave less, that much of it stays with the customer.
    """
    rest = goods_kopecks + delivery_kopecks - points * POINT
    promo = min(promo_kopecks, rest)
    balance = min(balance_kopecks, rest - promo)
    outside = rest - promo - balance
    if 0 < outside < least_outside:
        spared = min(least_outside - outside, balance)
        balance, outside = balance - spared, outside + spared
        spared = min(max(least_outside - outside, 0), promo)
        promo, outside = promo - spared, outside + spared
    return Funding(points, promo, balance, outside)


def allocate(
    funding: Funding, *, lines: Sequence[int], deliveries: Sequence[int]
) -> tuple[list[Funding], list[Funding]]:
    """Return the funding of each line and of each delivery (sums in kopecks); together they are `funding`.

    :raises ValueError: when the sums aren't what the funding pays for, or the points are more than the goods allow.
    """
    if sum(lines) + sum(deliveries) != funding.total_kopecks:
        raise ValueError("the funding is of another sum")
    points = _shared(funding.points, lines, [line // POINT for line in lines])
    rests = [line - own * POINT for line, own in zip(lines, points, strict=True)]
    rests += deliveries
    promo = _shared(funding.promo_kopecks, rests, rests)
    rests = [rest - own for rest, own in zip(rests, promo, strict=True)]
    balance = _shared(funding.balance_kopecks, rests, rests)
    points += [0] * len(deliveries)
    parts = [
        Funding(own_points, own_promo, own_balance, rest - own_balance)
        for own_points, own_promo, own_balance, rest in zip(
            points, promo, balance, rests, strict=True
        )
    ]
    return parts[: len(lines)], parts[len(lines) :]


def _shared(amount: int, weights: Sequence[int], caps: Sequence[int]) -> list[int]:
    """Share an amount by weight, whole, none above its cap; what is left over goes to the largest remainders first.

    :raises ValueError: when the caps don't hold it.
    """
    if amount > sum(caps):
        raise ValueError("more than fits")
    total = sum(weights) or 1
    shares = [min(amount * weight // total, cap) for weight, cap in zip(weights, caps, strict=True)]
    by_remainder = sorted(range(len(weights)), key=lambda place: -(amount * weights[place] % total))
    left = amount - sum(shares)
    while left:
        for place in by_remainder:
            if left and shares[place] < caps[place]:
                shares[place] += 1
                left -= 1
    return shares


def unit_shares(amount: int, quantity: int) -> list[int]:
    """Return what falls on each piece of a line, first to last; together they are the amount."""
    return [share_of_units(amount, quantity, place, 1) for place in range(quantity)]


def share_of_units(amount: int, quantity: int, before: int, units: int) -> int:
    """Return what falls on `units` pieces of a line of `quantity`, after `before` that were counted earlier.

    The k-th piece has ⌊amount·k/n⌋ − ⌊amount·(k−1)/n⌋.
    """
    return amount * (before + units) // quantity - amount * before // quantity


def part_of(funding: Funding, quantity: int, before: int, units: int) -> Funding:
    """Return the funding of `units` pieces of a line, after `before` that were given back earlier.

    Of one piece it may be some kopecks more or less than its price; of all pieces it is the line's exactly.
    """
    return Funding(
        *(
            share_of_units(amount, quantity, before, units)
            for amount in (
                funding.points,
                funding.promo_kopecks,
                funding.balance_kopecks,
                funding.outside_kopecks,
            )
        )
    )
