"""The database; `use_case` and `errand`, the only two ways to change anything."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    TypeDecorator,
    event,
)
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, registry

P = ParamSpec("P")
R = TypeVar("R")

# A conflict between two writers on PostgreSQL is answered by running the deed again, this often at most.
MOST_TRIES = 8
SERIALIZATION_FAILURE, DEADLOCK = "40001", "40P01"
# On PostgreSQL deeds run side by side; one that met another is run again alone, or forty buyers at once would
# go on refusing each other. Whoever runs first holds this table's lock together with all others of its kind,
# whoever runs again holds it alone. Reading isn't held up; the table is one that hardly ever changes.
SIDE_BY_SIDE, ALONE = (
    "LOCK TABLE warehouse IN ROW SHARE MODE",
    "LOCK TABLE warehouse IN EXCLUSIVE MODE",
)
# Two who both saw that a key was free and both wrote it: the second, run again, sees that it is taken.
UNIQUE_VIOLATION, TRIES_OF_A_TAKEN_KEY = "23505", 3


class Base(DeclarativeBase):
    """What every table is built on."""

    registry = registry(
        # Kopecks of a large shop don't fit 32 bits; SQLite's INTEGER has 64, and only it counts keys.
        type_annotation_map={int: BigInteger().with_variant(Integer, "sqlite")},
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
    )


db = SQLAlchemy(
    model_class=Base,
    session_options={"expire_on_commit": False, "autoflush": True},
    engine_options={"pool_pre_ping": True},
)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python, whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone; keep UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def use_case(function: Callable[P, R]) -> Callable[P, R]:
    """Commit when `function` returns; undo everything when it raises.

    Writers take turns from the first line on (SQLite), or run as if they did and are run again
    when they met (PostgreSQL), so what a use-case has read stays true until it ends. A use-case
    called by another joins it: one commit for all.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        session = db.session()
        if session.info.get("writing"):
            return function(*args, **kwargs)
        for tries_left in reversed(range(MOST_TRIES)):
            try:
                is_first = tries_left == MOST_TRIES - 1
                result = _write_once(function, args, kwargs, SIDE_BY_SIDE if is_first else ALONE)
                break
            except DBAPIError as problem:
                if not tries_left or not _is_conflict(problem, MOST_TRIES - tries_left):
                    raise
                # Waiting a random while lets the other writer finish first.
                time.sleep(random.uniform(0.001, 0.01))
        for call in session.info.pop("after_commit", ()):
            call()
        return result

    run.__shop_deed__ = "use_case"  # type: ignore[attr-defined]
    return run


def _write_once(function: Callable[..., R], args: Any, kwargs: Any, turn: str) -> R:
    session = db.session()
    session.commit()  # End the reading that came before.
    session.expire_all()  # Nothing remembered from it may be trusted while writing.
    options = {"writing": True}
    is_postgres = session.get_bind().dialect.name == "postgresql"
    if is_postgres:
        options["isolation_level"] = "SERIALIZABLE"  # type: ignore[assignment]
    session.info["writing"] = True
    session.info.pop("after_commit", None)
    try:
        connection = session.connection(execution_options=options)
        if is_postgres:
            # Before anything is read: what a deed sees is fixed by its first reading.
            connection.exec_driver_sql(turn)
        result = function(*args, **kwargs)
        session.commit()
    except BaseException:
        session.rollback()
        session.info.pop("after_commit", None)
        raise
    finally:
        session.info["writing"] = False
    return result


def _is_conflict(problem: DBAPIError, tries: int) -> bool:
    state = getattr(problem.orig, "sqlstate", None)
    if state == UNIQUE_VIOLATION:
        return tries < TRIES_OF_A_TAKEN_KEY
    return state in {SERIALIZATION_FAILURE, DEADLOCK}


def after_commit(call: Callable[[], None]) -> None:
    """Do `call` once the use-case under way has been committed; never if it is undone.

    For waking others only: a crash in between loses it, so what must happen is a row. Asked for
    twice within a use-case, it is done once.
    """
    calls = db.session().info.setdefault("after_commit", [])
    if call not in calls:
        calls.append(call)


def errand(function: Callable[P, R]) -> Callable[P, R]:
    """Let `function` talk to the world outside, holding no transaction meanwhile.

    An errand writes only by calling use-cases, each of which commits on its own.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        session = db.session()
        if session.info.get("writing"):
            raise RuntimeError("an errand inside a use-case would hold everybody up")
        session.commit()  # Let go of what was being read.
        return function(*args, **kwargs)

    run.__shop_deed__ = "errand"  # type: ignore[attr-defined]
    return run


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, _record: Any) -> None:
    if not hasattr(connection, "isolation_level") or type(connection).__module__ != "sqlite3":
        return
    connection.isolation_level = None  # We say BEGIN ourselves.
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "busy_timeout = 15000",
        "foreign_keys = ON",
        "cache_size = -2000",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writing = connection.get_execution_options().get("writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
