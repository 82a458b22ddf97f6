"""What an audit finds: one thing that isn't as the books' rules say, in a form that lasts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, literal, select
from sqlalchemy.sql.selectable import Subquery

from shop.db import db
from shop.models.auth import Account
from shop.models.ledger import LedgerAccount, LedgerPosting
from shop.rules.money import written

# Of one kind so many are told: where everything is wrong, the first ones tell it.
MOST = 50
# What timers do within minutes may be so late before it is a finding: the worker stands still.
LATE = timedelta(days=1)
# What must be where nothing may be.
NOTHING = literal(0)
# A select whatever its columns are.
Question: TypeAlias = "Select[*tuple[Any, ...]]"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that isn't as it must be.

    `rule` is one of the eighteen, `kind` names the sentence that tells it (web/findings), `about` is what it is
    about as people know it: an order's number, an entry's key. `found` and `expected` are written for people.
    """

    rule: int
    kind: str
    about: str
    found: str = ""
    expected: str = ""


def told(
    rule: int, kind: str, query: Question, *, in_money: bool = False, at_most: int = MOST
) -> Iterator[Finding]:
    """Yield what a question answers; its rows are (about, found, expected), the last ones may be missing."""
    for about, *values in db.session.execute(query.limit(at_most)):
        yield Finding(rule, kind, str(about), *(_written(one, in_money) for one in values))


def _written(value: Any, in_money: bool) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return written(int(value)) if in_money else str(int(value))


def joined(*parts: Any) -> ColumnElement[str]:
    """Return texts and columns written one after the other, as the ledger's keys and codes are."""
    whole: ColumnElement[str] = literal("")
    for part in parts:
        whole = whole + (literal(part) if isinstance(part, str) else cast(part, String))
    return whole


def zero_if_none(amount: Any) -> ColumnElement[int]:
    """Return a sum that is nothing where there are no rows."""
    return func.coalesce(amount, 0)


def gateway_money() -> Subquery:
    """Return (entry_id, kopecks, bonus) of what each entry brought through gateways; below zero where it went back."""
    bonus = func.sum(LedgerPosting.amount).filter(LedgerAccount.code.like("gateway:%:bonuses"))
    return (
        select(
            LedgerPosting.entry_id,
            func.sum(LedgerPosting.amount).label("kopecks"),
            func.coalesce(bonus, 0).label("bonus"),
        )
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .where(LedgerAccount.code.like("gateway:%"))
        .group_by(LedgerPosting.entry_id)
        .subquery()
    )


def of_customers(
    rule: int, kind: str, suffix: str, must_be: Question, *, in_money: bool
) -> Iterator[Finding]:
    """Yield customers one of whose accounts holds something else than `must_be` (account_id, amount) adds up to.

    A debt of points counts as nothing.
    """
    wanted = must_be.subquery()
    account_id, amount = wanted.c
    holds = case((LedgerAccount.balance > 0, LedgerAccount.balance), else_=0)
    yield from told(
        rule,
        kind,
        select(Account.id, holds, zero_if_none(amount))
        .outerjoin(
            LedgerAccount,
            and_(
                LedgerAccount.owner_id == Account.id,
                LedgerAccount.code == joined("customer:", Account.id, suffix),
            ),
        )
        .outerjoin(wanted, account_id == Account.id)
        .where(holds != zero_if_none(amount))
        .order_by(Account.id),
        in_money=in_money,
    )


def all_of(*answers: Iterable[Finding]) -> list[Finding]:
    """Return the findings of several questions."""
    return [finding for answer in answers for finding in answer]
