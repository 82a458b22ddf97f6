"""The letters that have come, newest first; the oldest make room for new ones."""

import secrets
import shlex
import time
from datetime import UTC, datetime
from pathlib import Path

from ..store import Store
from .letters import Letter

MOST_LETTERS = 2000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS letter (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    subject TEXT NOT NULL,
    -- What a search looks through: lower-case, because SQLite lowers only Latin letters.
    sender TEXT NOT NULL,
    recipients TEXT NOT NULL,
    subject_words TEXT NOT NULL,
    words TEXT NOT NULL,
    envelope TEXT NOT NULL,
    raw BLOB NOT NULL,
    is_read INTEGER NOT NULL DEFAULT 0
);
"""
_COLUMNS = {"to": "recipients", "from": "sender", "subject": "subject_words"}


class Letters:
    """The stored letters of one mailbox."""

    def __init__(self, data: Path, most: int = MOST_LETTERS):
        self._store = Store(data / "mailbox.sqlite3", _SCHEMA)
        self._most = most

    def put(self, raw: bytes, recipients: list[str]) -> str:
        """Keep a letter and return its id."""
        letter = Letter(raw)
        letter_id = secrets.token_hex(11)
        people = [pair for header in ("To", "Cc") for pair in letter.people(header)]
        written = " ".join(f"{name} {address}" for name, address in people)
        with self._store.transaction():
            self._store.insert(
                "letter",
                id=letter_id,
                created_at=time.time_ns() // 1_000_000,
                subject=letter.subject,
                sender=" ".join(sum(letter.people("From"), ())).lower(),
                recipients=f"{written} {' '.join(recipients)}".lower(),
                subject_words=letter.subject.lower(),
                words=f"{letter.subject} {letter.text or letter.snippet}".lower(),
                envelope=" ".join(recipients),
                raw=raw,
            )
            self._store.run(
                "DELETE FROM letter WHERE number <= (SELECT max(number) FROM letter) - ?",
                self._most,
            )
        return letter_id

    def page(self, start: int, limit: int, query: str = "") -> list[dict]:
        """Return the rows of a page, newest first."""
        where, values = _condition(query)
        return self._store.all(
            f"SELECT * FROM letter WHERE {where} ORDER BY number DESC LIMIT ? OFFSET ?",
            *values,
            limit,
            start,
        )

    def count(self, query: str = "", *, unread: bool = False) -> int:
        """Return how many letters there are."""
        where, values = _condition(query)
        if unread:
            where += " AND is_read = 0"
        return self._store.one(f"SELECT count(*) AS total FROM letter WHERE {where}", *values)[
            "total"
        ]

    def get(self, letter_id: str) -> dict | None:
        """Return a row by its id; "latest" is the newest."""
        if letter_id == "latest":
            rows = self.page(0, 1)
            return rows[0] if rows else None
        return self._store.one("SELECT * FROM letter WHERE id = ?", letter_id)

    def mark_read(self, letter_id: str) -> None:
        """Remember that somebody has opened the letter."""
        self._store.update("letter", letter_id, is_read=1)

    def delete(self, letter_ids: list[str] | None = None) -> None:
        """Throw away these letters, or all of them."""
        if letter_ids is None:
            self._store.run("DELETE FROM letter")
            return
        with self._store.transaction():
            for letter_id in letter_ids:
                self._store.run("DELETE FROM letter WHERE id = ?", letter_id)

    def close(self) -> None:
        """Let go of the file."""
        self._store.close()


def came_at(row: dict) -> datetime:
    """Return when a letter came."""
    return datetime.fromtimestamp(row["created_at"] / 1000, UTC)


def moment_of(row: dict) -> str:
    """Return when a letter came, as the API writes it."""
    return came_at(row).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _condition(query: str) -> tuple[str, list[str]]:
    """Return the SQL of a search like "to:ann@example.org пароль"."""
    conditions, values = ["1 = 1"], []
    for word in _words(query):
        field, colon, sought = word.partition(":")
        if colon and field == "is":
            conditions.append("is_read = 0" if sought == "unread" else "is_read = 1")
            continue
        column = _COLUMNS.get(field) if colon else None
        conditions.append(f"instr({column or 'words'}, ?) > 0")
        values.append((sought if column else word).lower())
    return " AND ".join(conditions), values


def _words(query: str) -> list[str]:
    try:
        return shlex.split(query)
    except ValueError:  # A quote that was never closed.
        return query.replace('"', " ").split()
