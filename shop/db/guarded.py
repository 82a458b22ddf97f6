"""Guarded changes: of those who change the same thing at the same moment one wins, and its row count says so."""

from typing import Any

from sqlalchemy import CursorResult, Delete, Update

from shop.db import db


def changed(statement: Update | Delete) -> int:
    """Carry out a change and return how many rows it has found; objects that the session holds don't learn of it."""
    done: CursorResult[Any] = db.session.execute(  # type: ignore[assignment]
        statement.execution_options(synchronize_session=False)
    )
    return done.rowcount
