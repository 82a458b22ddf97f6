"""«Download my data»: how it stands with the file, and everything that goes into it, a batch of rows at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Select, literal, select

from shop.db import db
from shop.models.profile import AccountEvent
from shop.models.security import DataExport
from shop.queries.security.kept import SHELVES
from shop.queries.security.moving import since_handover
from shop.queries.security.shelves import Shelf

# So many rows, with all their parts, are held in memory at a time.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Export:
    """The newest file that was asked for: "asked", "ready" or "gone"."""

    state: str
    bytes: int
    asked_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Chapter:
    """One part of the export: its rows come as they are read, once, and each with its own parts."""

    name: str
    fields: tuple[str, ...]
    # («orders.payments», its fields): the chapter itself, and the parts of its rows.
    described: tuple[tuple[str, tuple[str, ...]], ...]
    rows: Iterator[dict[str, Any]]


def export_of(*, account_id: int, now: datetime) -> Export | None:
    """Return how it stands with what an account asked for last, or None when it never did."""
    row = db.session.execute(
        select(DataExport.state, DataExport.bytes, DataExport.asked_at, DataExport.expires_at)
        .where(DataExport.account_id == account_id)
        .order_by(DataExport.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    is_over = row.expires_at is not None and row.expires_at <= now
    return Export("gone" if is_over else row.state, *row[1:])


def chapters_of(*, account_id: int) -> Iterator[Chapter]:
    """Yield everything the shop keeps of a person. A chapter's rows must be read before the next chapter."""
    for shelf in SHELVES:
        described = tuple(_described(shelf, ""))
        yield Chapter(shelf.name, tuple(shelf.fields), described, _told(shelf, account_id))


def _described(shelf: Shelf, within: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    path = f"{within}{shelf.name}"
    yield path, tuple(shelf.fields)
    for part in shelf.parts:
        yield from _described(part, f"{path}.")


def _told(shelf: Shelf, account_id: int) -> Iterator[dict[str, Any]]:
    query = _query(shelf).where(shelf.whose == account_id).execution_options(yield_per=BATCH)
    if shelf.whose is AccountEvent.account_id:
        query = query.where(since_handover(account_id))
    for batch in db.session.execute(query).partitions():
        for _, row in _with_parts(shelf, batch):
            yield row


def _query(shelf: Shelf) -> Select[Any]:
    """Return the query for: whose it is, its key (if it has parts), its fields."""
    columns = (column.label(f"f_{name}") for name, column in shelf.fields.items())
    key = literal(0) if shelf.key is None else shelf.key
    query = select(shelf.whose, key, *columns).select_from(shelf.whose.class_)
    for what, by in shelf.beside:
        query = query.outerjoin(what, by)
    return query.order_by(*shelf.order)


def _with_parts(shelf: Shelf, batch: Sequence[Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each row, with whose it is. One query for each kind of part, whatever the number of rows."""
    parts = {part.name: _parts(part, [row[1] for row in batch]) for part in shelf.parts}
    for whose, key, *values in batch:
        row: dict[str, Any] = dict(zip(shelf.fields, values, strict=True))
        yield whose, row | {name: found.get(key, []) for name, found in parts.items()}


def _parts(shelf: Shelf, wholes: list[int]) -> dict[int, list[dict[str, Any]]]:
    query = _query(shelf).order_by(None).order_by(shelf.whose, *shelf.order)
    batch = db.session.execute(query.where(shelf.whose.in_(wholes))).all()
    rows = _with_parts(shelf, batch)
    return {
        whose: [row for _, row in group] for whose, group in groupby(rows, lambda pair: pair[0])
    }
