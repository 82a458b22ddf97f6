"""Tables whose rows the database itself lets nobody change, and the books that it lets nobody unbalance."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection

_DEEDS = ("UPDATE", "DELETE")


def never_changed(table: str) -> Callable[..., None]:
    """Return what makes a new table refuse changes, for its `after_create`."""

    def guard(_table: Any, connection: Connection, **_more: Any) -> None:
        for statement in guards_of(table, connection.dialect.name):
            connection.execute(text(statement))

    return guard


def guards_of(table: str, dialect: str) -> Iterator[str]:
    """Yield the statements after which the rows of a table can be added and read only."""
    if dialect == "postgresql":
        yield (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$"
        )
        yield (
            f"CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for deed in _DEEDS:
        yield (
            f"CREATE TRIGGER {table}_keeps_{deed.lower()} BEFORE {deed} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
        )


def balanced(_table: Any, connection: Connection, **_more: Any) -> None:
    """Let PostgreSQL refuse, at the commit, an entry whose postings don't add up; SQLite cannot wait that long."""
    if connection.dialect.name != "postgresql":
        return
    for statement in BALANCE_CHECK:
        connection.execute(text(statement))


BALANCE_CHECK = (
    """CREATE OR REPLACE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT 1 FROM ledger_posting JOIN ledger_account ON ledger_account.id = ledger_posting.account_id
            WHERE ledger_posting.entry_id = NEW.entry_id
            GROUP BY ledger_account.currency HAVING sum(ledger_posting.amount) <> 0
        ) THEN RAISE EXCEPTION 'ledger entry % does not add up', NEW.entry_id; END IF;
        RETURN NULL;
    END $$""",
    """CREATE CONSTRAINT TRIGGER ledger_posting_adds_up AFTER INSERT ON ledger_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced()""",
)
