"""Goods on their way back to a warehouse are found by an index: a handful among all lines.

Revision ID: 0018
Revises: 0017
Create Date: 2026-11-27 03:50:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_COMING = sa.text("on_way_back > 0")


def upgrade():
    op.create_index(
        "ix_order_line_coming_back",
        "order_line",
        ["parcel_id"],
        sqlite_where=_COMING,
        postgresql_where=_COMING,
    )
