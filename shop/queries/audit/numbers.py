"""Rule 17: no number of a bank card is kept, in no column and in no file of the log."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, String, Table, Text, cast, select

from shop.db import db
from shop.queries.audit.findings import MOST, Finding
from shop.rules.cards import card_numbers_in, masked, may_hold_a_card

AT_ONCE = 2000
# The shortest number of a card.
SHORTEST = 13
# Numbers that carriers give to parcels may look just like a card's, and so do the barcodes of goods: what merchants'
# feeds say of goods is nobody's secret.
# Every cash desk's storage has a number of sixteen digits.
OF_ANOTHER_KIND = {
    ("parcel", "track"),
    ("return_request", "track"),
    ("receipt", "storage_number"),
}
OF_GOODS = {"product", "category", "feed_problem", "search_word"}


def card_numbers_kept(_now: datetime) -> list[Finding]:
    """17: no text in the database holds what looks like the number of a bank card."""
    return _first(found for table in db.metadata.sorted_tables for found in _in_table(table))


def card_numbers_in_files(files: Iterable[Path]) -> list[Finding]:
    """Return what looks like numbers of bank cards in files; those that cannot be read hold none."""
    return _first(found for file in files for found in _in_file(file))


def _first(found: Iterator[Finding]) -> list[Finding]:
    return [finding for finding, _ in zip(found, range(MOST), strict=False)]


def _in_table(table: Table) -> Iterator[Finding]:
    columns = [column for column in table.columns if _may_hold_one(table, column)]
    if not columns:
        return
    key = list(table.primary_key.columns)
    texts = [cast(column, Text) for column in columns]
    rows = db.session.execute(select(*key, *texts).execution_options(yield_per=AT_ONCE))
    for row in rows:
        values = row[len(key) :]
        if not may_hold_a_card("\0".join(value for value in values if value)):
            continue
        for column, value in zip(columns, values, strict=True):
            for digits in card_numbers_in(value or ""):
                about = f"{table.name}.{column.name} {'/'.join(map(str, row[: len(key)]))}"
                yield Finding(17, "card_number", about, masked(digits))


def _may_hold_one(table: Table, column: Column[Any]) -> bool:
    if table.name in OF_GOODS:
        return False
    if isinstance(column.type, JSON):
        return True
    if not isinstance(column.type, String) or (table.name, column.name) in OF_ANOTHER_KIND:
        return False
    return column.type.length is None or column.type.length >= SHORTEST


def _in_file(file: Path) -> Iterator[Finding]:
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, 1):
                for digits in card_numbers_in(line):
                    yield Finding(17, "card_number", f"{file.name}:{number}", masked(digits))
    except OSError:
        return
