"""One SQLite file, shared by the threads of one server."""

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from threading import RLock


class Store:
    """A database whose readers and writers take turns.

    One connection under one lock is slower than many, and never wrong: what a
    transaction has read stays true until it ends.
    """

    def __init__(self, path: Path, schema: str):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._turn = RLock()
        self._depth = 0
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.executescript(schema)

    @contextmanager
    def transaction(self):
        """Keep everything written inside, or nothing. One inside another joins it."""
        with self._turn:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._connection.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._connection.execute("COMMIT")

    def all(self, sql: str, *values) -> list[dict]:
        """Return the rows as dictionaries."""
        with self._turn:
            return [dict(row) for row in self._connection.execute(sql, values)]

    def one(self, sql: str, *values) -> dict | None:
        """Return the first row, or nothing."""
        rows = self.all(sql, *values)
        return rows[0] if rows else None

    def run(self, sql: str, *values) -> int:
        """Change rows and return how many."""
        with self._turn:
            return self._connection.execute(sql, values).rowcount

    def insert(self, table: str, **columns) -> None:
        """Add a row."""
        marks = ", ".join("?" * len(columns))
        self.run(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", *columns.values())

    def update(self, table: str, row_id: str, **columns) -> None:
        """Change the row with this id."""
        pairs = ", ".join(f"{name} = ?" for name in columns)
        self.run(f"UPDATE {table} SET {pairs} WHERE id = ?", *columns.values(), row_id)

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._connection.close()
