"""The chart of accounts, and how an entry is written: debits above zero, credits below, nothing left over.

Roubles are counted in kopecks, points are whole; the two never meet in one account.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

RUB, PTS = "RUB", "PTS"
# An account of assets or expenses grows by debits, one of liabilities or income by credits.
SIGN = {"A": 1, "E": 1, "L": -1, "I": -1}


@dataclass(frozen=True, slots=True)
class Book:
    """One account of the ledger. Its balance may not fall below `floor`; None lets it."""

    code: str
    kind: str
    currency: str = RUB
    floor: int | None = None
    owner_id: int | None = None

    def natural(self, amount: int) -> int:
        """Return what a posting of `amount` adds to the balance."""
        return SIGN[self.kind] * amount


@dataclass(frozen=True, slots=True)
class Line:
    """What an entry does to one account. A forced line may take the balance below its floor."""

    book: Book
    amount: int
    is_forced: bool = False


# The shop's own accounts.
BANK = Book("bank", "A")
CASH_DESK = Book("cash-desk", "A")
UNAPPLIED = Book("unapplied", "L", floor=0)
CERTIFICATES = Book("certificates:unactivated", "L", floor=0)
GOODS_REVENUE = Book("revenue:goods", "I")
DELIVERY_REVENUE = Book("revenue:delivery", "I")
BREAKAGE = Book("revenue:breakage", "I")
PROMO_COST = Book("promo:cost", "E")
POINTS_ISSUED = Book("points:issued", "E", PTS)
POINTS_REDEEMED = Book("points:redeemed", "I", PTS)
POINTS_EXPIRED = Book("points:expired", "I", PTS)


def clearing(gateway: str) -> Book:
    """Return the account of what a gateway has taken for us and not paid out yet."""
    return Book(f"gateway:{gateway}:clearing", "A")


def bonus_clearing(gateway: str) -> Book:
    """Return the account of what a bank owes us for its own bonuses that customers paid with."""
    return Book(f"gateway:{gateway}:bonuses", "A")


def balance(owner_id: int) -> Book:
    """Return the account of a customer's bought money: it can be paid back."""
    return Book(f"customer:{owner_id}:balance", "L", floor=0, owner_id=owner_id)


def balance_held(owner_id: int) -> Book:
    """Return the account of a customer's money that waits for an order to be paid."""
    return Book(f"customer:{owner_id}:balance:held", "L", floor=0, owner_id=owner_id)


def payout_due(owner_id: int) -> Book:
    """Return the account of a customer's money that a person pays out, asked for by its owner."""
    return Book(f"customer:{owner_id}:payout", "L", floor=0, owner_id=owner_id)


def promo(owner_id: int) -> Book:
    """Return the account of what the shop gave a customer to spend: it is never paid out."""
    return Book(f"customer:{owner_id}:promo", "L", floor=0, owner_id=owner_id)


def promo_held(owner_id: int) -> Book:
    """Return the account of given money that waits for an order to be paid."""
    return Book(f"customer:{owner_id}:promo:held", "L", floor=0, owner_id=owner_id)


def points(owner_id: int) -> Book:
    """Return the account of a customer's points. Only a forced line takes it below zero: a debt of points."""
    return Book(f"customer:{owner_id}:points", "L", PTS, floor=0, owner_id=owner_id)


def points_held(owner_id: int) -> Book:
    """Return the account of points that wait for an order to be paid."""
    return Book(f"customer:{owner_id}:points:held", "L", PTS, floor=0, owner_id=owner_id)


def points_pending(owner_id: int) -> Book:
    """Return the account of points earned that count when the time for returns is over."""
    return Book(f"customer:{owner_id}:points:pending", "L", PTS, floor=0, owner_id=owner_id)


def advance(number: str) -> Book:
    """Return the account of what was paid for an order that hasn't been handed over."""
    return Book(f"order:{number}:advance", "L", floor=0)


def refund_due(number: str) -> Book:
    """Return the account of outside money that must go back for an order."""
    return Book(f"order:{number}:refund-due", "L", floor=0)


def flow(debit: Book, credit: Book, amount: int, *, is_forced: bool = False) -> Iterator[Line]:
    """Yield the two lines that carry `amount` from a debit to a credit, as «debit → credit» in the tables."""
    yield Line(debit, amount, is_forced)
    yield Line(credit, -amount, is_forced)


def merged(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Return an entry with one line for each account, those of nothing left out, in the accounts' order.

    :raises ValueError: when it doesn't add up in each currency.
    """
    amounts: dict[Book, int] = {}
    forced: set[Book] = set()
    for line in lines:
        amounts[line.book] = amounts.get(line.book, 0) + line.amount
        if line.is_forced:
            forced.add(line.book)
    for currency in (RUB, PTS):
        rest = sum(amount for book, amount in amounts.items() if book.currency == currency)
        if rest:
            raise ValueError(f"the entry is out by {rest} {currency}")
    return tuple(
        Line(book, amount, book in forced)
        for book, amount in sorted(amounts.items(), key=lambda one: one[0].code)
        if amount
    )
