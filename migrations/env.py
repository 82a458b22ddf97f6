"""How Alembic finds the shop's database and tables."""

from alembic import context
from flask import current_app

from shop import models  # noqa: F401  (all tables known)
from shop.db import Moment, db

migrate = current_app.extensions["migrate"]


def render(kind, thing, _generator):
    """Write our own kind of moment as what the database keeps."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, Moment) else False


with db.engine.connect() as connection:
    # SQLite changes a table by building it anew; its children must not mind meanwhile, and are counted afterwards.
    # Outside of any transaction: within one the pragma is not heard.
    if connection.dialect.name == "sqlite":
        connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")
    connection.execution_options(writing=True)
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_item=render,
        transaction_per_migration=True,
        **migrate.configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if orphans:
                raise RuntimeError(f"rows without their parents after the migration: {orphans[:5]}")
    connection.commit()
    if connection.dialect.name == "sqlite":
        connection.connection.driver_connection.execute("PRAGMA foreign_keys = ON")
