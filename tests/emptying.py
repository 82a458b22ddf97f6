"""Emptying the database between tests, the ledger too, which nobody may empty otherwise."""

from sqlalchemy import Connection, text

from shop.db import db
from shop.db.append_only import guards_of


def empty() -> None:
    """Leave every table without a row."""
    from shop.db.fulltext import empty_index

    db.session.rollback()
    tables = list(reversed(db.metadata.sorted_tables))
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(
                text(
                    "TRUNCATE "
                    + ", ".join(f'"{table.name}"' for table in tables)
                    + " RESTART IDENTITY CASCADE"
                )
            )
        else:
            _let_the_books_be_emptied(connection)
            for table in tables:
                connection.execute(table.delete())
    empty_index()
    db.session.remove()


def empty_quickly() -> None:
    """The same where it is done often: PostgreSQL truncates sixty tables slower than it deletes a few rows; ids go on."""
    if db.engine.dialect.name != "postgresql":
        empty()
        return
    db.session.rollback()
    guarded = ("ledger_entry", "ledger_posting")
    deeds = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in guarded]
    deeds += [f'DELETE FROM "{table.name}"' for table in reversed(db.metadata.sorted_tables)]
    deeds += [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in guarded]
    with db.engine.begin() as connection:
        connection.exec_driver_sql("; ".join(deeds))
    db.session.remove()


def _let_the_books_be_emptied(connection: Connection) -> None:
    """Lift what keeps the ledger's rows where they are, if there are any; they are guarded anew at once."""
    if connection.execute(text("SELECT 1 FROM ledger_entry LIMIT 1")).first() is None:
        return
    for table in ("ledger_posting", "ledger_entry"):
        for deed in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER {table}_keeps_{deed}"))
        connection.execute(text(f"DELETE FROM {table}"))
        for statement in guards_of(table, "sqlite"):
            connection.execute(text(statement))
