"""The ledger's first deed: writing an entry, once, with the balances it changes guarded in the same transaction."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select, update

from shop.db import db, use_case
from shop.db.guarded import changed
from shop.models.ledger import LedgerAccount, LedgerEntry, LedgerPosting
from shop.rules.ledger import PTS, RUB, Book, Line, merged
from shop.services.ledger.telling import Facts, tell


class NotEnough(Exception):
    """An account has less than the entry takes from it; nothing was written."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class OtherLines(Exception):
    """An entry of this key stands in the books already, and says something else: somebody has made a mistake."""


@use_case
def post(
    *, once_key: str, kind: str, lines: Iterable[Line], reference: str, actor: str, now: datetime
) -> bool:
    """Write an entry, and return True when this call wrote it: the same key writes it once.

    An entry in which nothing moves is not written; one that is, is told in the log.

    :raises ValueError: when the lines don't add up.
    :raises NotEnough: when a balance would fall below its floor.
    :raises OtherLines: when the key stands for other lines.
    """
    wanted = merged(lines)
    earlier = db.session.scalar(select(LedgerEntry.id).where(LedgerEntry.once_key == once_key))
    if earlier is not None:
        _check_the_same(earlier, once_key, wanted)
        return False
    if not wanted:
        return False
    entry = LedgerEntry(
        once_key=once_key, kind=kind, reference=reference, actor=actor, happened_at=now
    )
    db.session.add(entry)
    accounts = _accounts([line.book for line in wanted])
    for line in wanted:
        _change(accounts[line.book.code], line)
    db.session.add_all(
        LedgerPosting(entry_id=entry.id, account_id=accounts[line.book.code], amount=line.amount)
        for line in wanted
    )
    db.session.flush()
    told: Facts = {
        "key": once_key,
        "actor": actor,
        "kopecks": _moved(wanted, RUB),
        "points": _moved(wanted, PTS),
    }
    tell(event=kind, facts=told)
    return True


def _moved(lines: tuple[Line, ...], currency: str) -> int:
    return sum(max(line.amount, 0) for line in lines if line.book.currency == currency)


def _check_the_same(entry_id: int, once_key: str, wanted: tuple[Line, ...]) -> None:
    rows = db.session.execute(
        select(LedgerAccount.code, LedgerPosting.amount)
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .where(LedgerPosting.entry_id == entry_id)
    )
    written = {row.code: row.amount for row in rows}
    if written != {line.book.code: line.amount for line in wanted}:
        raise OtherLines(once_key)


def _accounts(books: list[Book]) -> dict[str, int]:
    """Return the ids of these accounts by code, opening those that aren't there yet."""
    query = select(LedgerAccount.code, LedgerAccount.id).where(
        LedgerAccount.code.in_([book.code for book in books])
    )
    known = {row.code: row.id for row in db.session.execute(query)}
    fresh = [
        LedgerAccount(
            code=book.code,
            currency=book.currency,
            kind=book.kind,
            owner_id=book.owner_id,
            floor=book.floor,
        )
        for book in books
        if book.code not in known
    ]
    db.session.add_all(fresh)
    db.session.flush()
    return known | {account.code: account.id for account in fresh}


def _change(account_id: int, line: Line) -> None:
    """Change a balance where its floor allows it: of two who spend the same rouble, the second finds it spent."""
    delta = line.book.natural(line.amount)
    change = update(LedgerAccount).where(LedgerAccount.id == account_id)
    if delta < 0 and not line.is_forced:
        change = change.where(
            or_(LedgerAccount.floor.is_(None), LedgerAccount.balance + delta >= LedgerAccount.floor)
        )
    done = changed(change.values(balance=LedgerAccount.balance + delta))
    if not done:
        raise NotEnough(line.book.code)
