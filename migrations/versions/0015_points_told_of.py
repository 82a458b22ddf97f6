"""A lot keeps how many points the letter before its end told of: what comes back into it later is told of, too.

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-27 01:05:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.add_column("points_lot", sa.Column("warned_points", _NUMBER, nullable=False, server_default="0"))
    # What was told is not known any more; nobody gets the same letter once more for that.
    op.execute("UPDATE points_lot SET warned_points = earned WHERE warned_at IS NOT NULL")
