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
    # Alembic steps out of the transaction that SQLite's tables cannot be rebuilt in.
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
    connection.commit()
