"""What the books say: balances of a customer, and the movements behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from shop.db import db
from shop.models.auth import Account
from shop.models.ledger import LedgerAccount, LedgerEntry, LedgerPosting
from shop.rules import ledger
from shop.rules.ledger import RUB, SIGN, Book
from shop.rules.recovery import still_frozen

PAGE = 20


@dataclass(frozen=True, slots=True)
class Balances:
    """What a customer has: kopecks and whole points. Held is what waits for an order to be paid."""

    balance: int = 0
    balance_held: int = 0
    promo: int = 0
    promo_held: int = 0
    points: int = 0
    points_held: int = 0
    points_pending: int = 0
    # All of it stays where it is until then (kept with the account).
    frozen_until: datetime | None = None

    @property
    def spendable_kopecks(self) -> int:
        """Both balances together."""
        return self.balance + self.promo

    @property
    def is_any(self) -> bool:
        """True when there is something to spend."""
        return bool(self.spendable_kopecks or self.points > 0)

    def frozen(self, now: datetime) -> datetime | None:
        """Return until when what there is to spend is frozen; None when nothing is."""
        return still_frozen(self.frozen_until, now) if self.is_any else None


_IN_BOOKS = tuple(field for field in Balances.__slots__ if field != "frozen_until")


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of a statement: kopecks or points, above zero when they came; and what was there afterwards."""

    kind: str
    reference: str
    happened_at: datetime
    amount: int
    after: int


def balance_of(book: Book) -> int:
    """Return what stands on an account; 0 for one that has never been used."""
    found = db.session.scalar(select(LedgerAccount.balance).where(LedgerAccount.code == book.code))
    return found or 0


def balances_of(*, account_id: int) -> Balances:
    """Return what a customer has, by one query."""
    names = {field: getattr(ledger, field)(account_id).code for field in _IN_BOOKS}
    frozen = select(Account.frozen_until).where(Account.id == account_id).scalar_subquery()
    rows = db.session.execute(
        select(LedgerAccount.code, LedgerAccount.balance, frozen.label("frozen_until")).where(
            LedgerAccount.code.in_(names.values())
        )
    ).all()
    by_code = {row.code: row.balance for row in rows}
    sums = {field: by_code.get(code, 0) for field, code in names.items()}
    return Balances(**sums, frozen_until=rows[0].frozen_until if rows else None)


def statement_of(*, books: Sequence[Book], page: int = 1) -> tuple[list[Movement], int]:
    """Return a page of the movements on accounts taken as one (say a balance), newest first, and how many pages are.

    Movements between the accounts themselves are not shown; the accounts must be of one currency and kind.
    """
    sign = SIGN[books[0].kind]
    codes = [book.code for book in books]
    amount = (sign * func.sum(LedgerPosting.amount)).label("amount")
    moved = (
        select(LedgerPosting.entry_id, amount)
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .where(LedgerAccount.code.in_(codes))
        .group_by(LedgerPosting.entry_id)
        .having(func.sum(LedgerPosting.amount) != 0)
        .subquery()
    )
    after = func.sum(moved.c.amount).over(order_by=moved.c.entry_id).label("after")
    total = func.count().over().label("total")
    rows = db.session.execute(
        select(
            LedgerEntry.kind,
            LedgerEntry.reference,
            LedgerEntry.happened_at,
            moved.c.amount,
            after,
            total,
        )
        .join(moved, moved.c.entry_id == LedgerEntry.id)
        .order_by(LedgerEntry.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    pages = -(-rows[0].total // PAGE) if rows else 1
    return [Movement(*row[:5]) for row in rows], pages


def money_moved(*, since: datetime) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Return, for a larger question, the kopecks that came in and those that went out since: with gateways, bank and cash desk."""

    def summed(which: ColumnElement[bool]) -> Any:
        # Real money is all that the shop has; what is owed, given or earned stands on the other side.
        has_it = (LedgerAccount.kind == "A", LedgerAccount.currency == RUB)
        return (
            select(func.coalesce(func.sum(LedgerPosting.amount), 0))
            .join(LedgerEntry, LedgerEntry.id == LedgerPosting.entry_id)
            .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
            .where(LedgerEntry.happened_at >= since, *has_it, which)
            .scalar_subquery()
        )

    return summed(LedgerPosting.amount > 0), -summed(LedgerPosting.amount < 0)
