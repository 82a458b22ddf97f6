"""The index of words: FTS5 on SQLite, a tsvector on PostgreSQL. Alembic leaves its tables alone.

It keeps what rules/search makes of a product: the words of its name (word groups apart by commas, which
neither engine sees), and of the rest. Both engines only look words up; what they mean was decided before,
so both find the same.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Integer, Subquery, Text, column, text

from shop.db import db


class Word(Protocol):
    """A word of a query: groups of terms, one group suffices; an open one is a beginning."""

    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def any_of(self) -> tuple[tuple[str, ...], ...]: ...  # noqa: D102
    @property
    def is_open(self) -> bool: ...  # noqa: D102


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def create_index() -> None:
    """Make the empty index where there is none yet."""
    statements = (
        [
            "CREATE VIRTUAL TABLE IF NOT EXISTS product_fts USING fts5(name, rest, tokenize = 'unicode61 remove_diacritics 0')"
        ]
        if _is_sqlite()
        else [
            "CREATE TABLE IF NOT EXISTS product_fts (id integer PRIMARY KEY, name text NOT NULL, words tsvector NOT NULL)",
            "CREATE INDEX IF NOT EXISTS product_fts_words ON product_fts USING gin (words)",
        ]
    )
    with db.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def empty_index() -> None:
    """Forget all words."""
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM product_fts"))


def put(rows: Sequence[tuple[int, str, str]]) -> None:
    """Index products, as (id, words of the name, words of the rest), instead of what was known of them."""
    if not rows:
        return
    if _is_sqlite():
        statement = (
            "INSERT OR REPLACE INTO product_fts (rowid, name, rest) VALUES (:id, :name, :rest)"
        )
        given = [{"id": row[0], "name": row[1], "rest": row[2]} for row in rows]
    else:
        statement = (
            "INSERT INTO product_fts (id, name, words) VALUES (:id, :name, CAST(:words AS tsvector)) "
            "ON CONFLICT (id) DO UPDATE SET name = excluded.name, words = excluded.words"
        )
        given = [{"id": row[0], "name": row[1], "words": _vector(row[1], row[2])} for row in rows]
    db.session.execute(text(statement), given)


def drop(ids: Iterable[int]) -> None:
    """Forget products that left the shop."""
    key = "rowid" if _is_sqlite() else "id"
    if given := [{"id": product_id} for product_id in ids]:
        db.session.execute(text(f"DELETE FROM product_fts WHERE {key} = :id"), given)  # noqa: S608


def _vector(name: str, rest: str) -> str:
    """Write a tsvector out, so that PostgreSQL's own idea of words has no say."""
    words = dict.fromkeys(rest.split(), "2")
    words |= dict.fromkeys(name.replace(",", " ").split(), "1A")
    return " ".join(f"'{word}':{place}" for word, place in words.items())


def matching(ways: Sequence[Sequence[Word]], *, most: int, with_name: bool = True) -> Subquery:
    """Return the first `most` products, newest first, that have all words of one of the `ways`.

    A subquery of `id` and, unless only counted, `name` as the index keeps it.
    """
    name = ", name" if with_name else ""
    if _is_sqlite():
        asked = _asked(ways, '"{}"', '"{}"*', " AND ", " OR ")
        statement = f"SELECT rowid AS id{name} FROM product_fts WHERE product_fts MATCH :asked ORDER BY rowid DESC LIMIT :most"  # noqa: S608
    else:
        asked = _asked(ways, "'{}'", "'{}':*", " & ", " | ")
        statement = f"SELECT id{name} FROM product_fts WHERE words @@ CAST(:asked AS tsquery) ORDER BY id DESC LIMIT :most"  # noqa: S608
    columns: list[ColumnElement[Any]] = [column("id", Integer)]
    if with_name:
        columns.append(column("name", Text))
    return text(statement).bindparams(asked=asked, most=most).columns(*columns).subquery("found")


def _asked(ways: Sequence[Sequence[Word]], plain: str, opened: str, both: str, either: str) -> str:
    """Write a query in an engine's language. Terms are letters and digits only: nothing to escape."""

    def written(word: Word) -> str:
        groups = [
            "(" + both.join(plain.format(_bare(term)) for term in group) + ")"
            for group in word.any_of
        ]
        if word.is_open:
            groups.append(opened.format(_bare(word.text)))
        return "(" + either.join(groups) + ")"

    return either.join("(" + both.join(written(word) for word in words) + ")" for words in ways)


def _bare(term: str) -> str:
    return "".join(sign for sign in term if sign.isalnum())
