"""Databases for tests: in no hurry to reach the disk, and emptied fast after each test."""

from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, exists, select, text

from shop.db import db
from shop.db.append_only import guards_of
from shop.db.fulltext import empty_index

# Their rows can only be added and read.
BOOKS = ("ledger_posting", "ledger_entry")
# What a server survives when its machine falls is not what these tests are about; waiting for the disk at every
# commit would be most of their time.
HASTE = ("fsync", "synchronous_commit", "full_page_writes")


def let_postgres_hurry(url: str) -> None:
    """Let a server that was started for the tests leave writing to the disk for later."""
    engine = create_engine(url.replace("postgres://", "postgresql+psycopg://", 1))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in HASTE:
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@event.listens_for(Engine, "connect")
def _let_sqlite_hurry(connection: Any, _record: Any) -> None:
    if type(connection).__module__ == "sqlite3":
        connection.execute("PRAGMA synchronous = OFF")


def empty() -> None:
    """Leave nothing in the database, and let its tables count from one again."""
    db.session.rollback()
    with db.engine.begin() as connection:
        filled = _filled(connection)
        _empty_the_books(connection, {table.name for table in filled})
        for table in filled:
            if table.name not in BOOKS:
                connection.execute(table.delete())
        if connection.dialect.name == "postgresql":
            # SQLite counts on from the highest row there is.
            connection.execute(
                text(
                    "SELECT setval(format('%I.%I', schemaname, sequencename), 1, false) FROM pg_sequences "
                    "WHERE last_value IS NOT NULL AND schemaname = current_schema()"
                )
            )
    empty_index()
    db.session.remove()


def _filled(connection: Connection) -> list[Table]:
    """Return the tables that hold anything, those that point at others before these."""
    tables = list(reversed(db.metadata.sorted_tables))
    asked = select(*(exists(select(1).select_from(table)).label(table.name) for table in tables))
    answer = connection.execute(asked).one()
    return [table for table, has_rows in zip(tables, answer, strict=True) if has_rows]


def _empty_the_books(connection: Connection, filled: set[str]) -> None:
    """Empty what may not be changed, if there is anything; it is guarded anew at once."""
    if not filled & set(BOOKS):
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"TRUNCATE {', '.join(BOOKS)}"))
        return
    for table in BOOKS:
        for deed in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER {table}_keeps_{deed}"))
        connection.execute(text(f"DELETE FROM {table}"))
        for statement in guards_of(table, "sqlite"):
            connection.execute(text(statement))
