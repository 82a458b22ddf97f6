"""Fiscal receipts (54-ФЗ): which lines stand on each and how they were settled, in whole kopecks.

Points, and what the shop has given to spend, are a lower price on every receipt: no money came in for them. Money from
a bought certificate was an advance, so on the receipt of an order it is settled as a prepayment; what came from
outside is cashless, or taken at the door. The price of a piece differs by a kopeck within a line, hence several
lines of whole kopecks a piece. A receipt of what goes back has just the pieces that go back, at their own prices.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from shop.rules.funding import Funding, share_of_units

# Gateways that have a cash desk of their own; for all other money the shop's own cash desk prints.
CASH_DESKS = frozenset({"yookassa"})
# The kinds by which money goes back.
BACK = frozenset({"refund", "advance_refund", "balance_refund"})
# A receipt that isn't registered yet and that the shop itself is at, and one that a person must see to.
UNDER_WAY = ("queued", "sending")
FOR_PEOPLE = ("by_hand", "failed")
# So long a cash desk may take before it is somebody's business.
LATE = timedelta(days=1)

# What the gateway's own cash desk takes.
MOST_LINES = 80
LONGEST_NAME = 128
# Receipts are in the language of the law.
CARRIAGE, OTHER_GOODS = "Доставка заказа {}", "Другие товары заказа {}"
CERTIFICATE, PAID_FOR = "Подарочный сертификат {}", "Оплата заказа {}"
BALANCE, BALANCE_IN = "Остаток на личном счёте", "Зачисление на личный счёт"

NO_VAT = 1
# What is paid beforehand has the rate that is counted out of the sum: 20 % is 20/120 there (tax code, 164.4).
VAT_OF_PREPAYMENT: Mapping[int, int] = {3: 5, 4: 6, 7: 9, 8: 10, 11: 12}
PREPAID = frozenset({"full_prepayment", "partial_prepayment", "advance"})

# Fiscal marks, as a cash desk prints them: ФД, ФН, ФП.
DOCUMENT_NUMBER = re.compile(r"[0-9]{1,10}")
STORAGE_NUMBER = re.compile(r"[0-9]{16}")
FISCAL_ATTRIBUTE = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Line:
    """So many of one thing at a price: goods ("commodity"), their carriage ("service"), or an advance ("payment")."""

    name: str
    quantity: int
    price_kopecks: int
    subject: str = "commodity"
    mode: str = "full_prepayment"
    vat: int = NO_VAT

    @property
    def sum_kopecks(self) -> int:
        """What they cost together."""
        return self.quantity * self.price_kopecks


@dataclass(frozen=True, slots=True)
class Settlement:
    """So much of a receipt was paid cashless, by a prepayment made before, or at_the_door."""

    kind: str
    kopecks: int


@dataclass(frozen=True, slots=True)
class Sold:
    """`units` pieces of an order's line of `quantity`, after `before` that were counted earlier, and what pays for all."""

    name: str
    quantity: int
    before: int
    units: int
    funding: Funding


@dataclass(frozen=True, slots=True)
class Marks:
    """By which a registered receipt is found at the tax office."""

    document_number: str
    storage_number: str
    fiscal_attribute: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class Goods:
    """Pieces of an order's lines, and the carriage that goes with them."""

    sold: tuple[Sold, ...]
    carriage: Funding = field(default_factory=Funding)

    @property
    def outside_kopecks(self) -> int:
        """What of the price is money from outside."""
        return self.carriage.outside_kopecks + sum(
            share_of_units(one.funding.outside_kopecks, one.quantity, one.before, one.units)
            for one in self.sold
        )

    @property
    def balance_kopecks(self) -> int:
        """What of the price is money from the bought balance."""
        return self.carriage.balance_kopecks + sum(
            share_of_units(one.funding.balance_kopecks, one.quantity, one.before, one.units)
            for one in self.sold
        )

    @property
    def money_kopecks(self) -> int:
        """What of the price is money."""
        return self.outside_kopecks + self.balance_kopecks

    def without_outside(self) -> "Goods":
        """Return the same as long as the money from outside hasn't come: it is given at the door."""
        sold = tuple(
            replace(one, funding=replace(one.funding, outside_kopecks=0)) for one in self.sold
        )
        return Goods(sold, replace(self.carriage, outside_kopecks=0))

    def lines(self, *, number: str, mode: str, vat: int) -> tuple[Line, ...]:
        """Return the lines of a receipt; they add up to the money exactly.

        `number` is the order's, `vat` the gateway's code of the shop's rate.
        """
        lines = [line for one in self.sold for line in _pieces(one, mode)]
        if self.carriage.money_kopecks:
            name = CARRIAGE.format(number)
            lines.append(Line(name, 1, self.carriage.money_kopecks, "service", mode))
        return fitted(lines, number=number, vat=vat)


def _pieces(sold: Sold, mode: str) -> list[Line]:
    """Return a line for each price that a piece has; pieces that no money pays for aren't sold for money."""
    counts: dict[int, int] = {}
    for place in range(sold.before, sold.before + sold.units):
        price = sum(
            share_of_units(amount, sold.quantity, place, 1)
            for amount in (sold.funding.outside_kopecks, sold.funding.balance_kopecks)
        )
        counts[price] = counts.get(price, 0) + 1
    return [
        Line(sold.name, counts[price], price, mode=mode)
        for price in sorted(counts, reverse=True)
        if price
    ]


def fitted(lines: Iterable[Line], *, number: str, vat: int) -> tuple[Line, ...]:
    """Return lines as a cash desk takes them: equal ones together, names cut, the rate set, at most 80.

    Of more lines than that the last ones are named by their sum: better than not to be payable.
    """
    merged: dict[Line, int] = {}
    for line in lines:
        rate = VAT_OF_PREPAYMENT.get(vat, vat) if line.mode in PREPAID else vat
        kind = replace(line, name=line.name[:LONGEST_NAME], quantity=1, vat=rate)
        merged[kind] = merged.get(kind, 0) + line.quantity
    fit = [replace(kind, quantity=quantity) for kind, quantity in merged.items()]
    if len(fit) > MOST_LINES:
        rest = sum(line.sum_kopecks for line in fit[MOST_LINES - 1 :])
        last = replace(fit[MOST_LINES - 1], name=OTHER_GOODS.format(number), quantity=1)
        fit = [*fit[: MOST_LINES - 1], replace(last, price_kopecks=rest, subject="commodity")]
    return tuple(fit)


def advance_of(name: str, kopecks: int, *, vat: int) -> tuple[Line, ...]:
    """Return the line of money for what isn't chosen yet: a certificate, or a payment that nobody waited for."""
    return fitted([Line(name, 1, kopecks, "payment", "advance")], number="", vat=vat)


def settled_by(**kopecks: int) -> tuple[Settlement, ...]:
    """Return how a receipt was settled: its kinds and sums, those of nothing left out."""
    return tuple(Settlement(kind, amount) for kind, amount in kopecks.items() if amount)


def sum_of(lines: Iterable[Line]) -> int:
    """Return what lines cost together, in kopecks."""
    return sum(line.sum_kopecks for line in lines)


def kept(parts: Iterable[Line | Settlement]) -> list[dict[str, Any]]:
    """Return lines or settlements as they are kept with a receipt; JSON-able."""
    return [asdict(part) for part in parts]


def lines_in(rows: Iterable[Mapping[str, Any]]) -> tuple[Line, ...]:
    """Return the lines that were kept with a receipt."""
    return tuple(Line(**row) for row in rows)


def settlements_in(rows: Iterable[Mapping[str, Any]]) -> tuple[Settlement, ...]:
    """Return the settlements that were kept with a receipt."""
    return tuple(Settlement(**row) for row in rows)
