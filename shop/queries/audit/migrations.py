"""Is the database of the version that the code expects?"""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shop.db import db

_MIGRATIONS = Path(__file__).parents[3] / "migrations"


def newest_migration() -> str | None:
    """Return the revision that the code expects the database to have."""
    from alembic.config import Config as AlembicConfig
    from alembic.script import ScriptDirectory

    settings = AlembicConfig()
    settings.set_main_option("script_location", str(_MIGRATIONS))
    return ScriptDirectory.from_config(settings).get_current_head()


def migrations_missing() -> str:
    """Return what keeps the shop from serving, or an empty string when nothing does."""
    try:
        present = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    except DBAPIError:
        db.session.rollback()
        return "the database is away or empty"
    return (
        ""
        if present == newest_migration()
        else "the database is of another version; run `flask db upgrade`"
    )
