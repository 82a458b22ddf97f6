"""A line keeps how many of its called-off pieces had left already and haven't come back yet.

Revision ID: 0014
Revises: 0013
Create Date: 2026-11-27 00:40:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.add_column("order_line", sa.Column("on_way_back", _NUMBER, nullable=False, server_default="0"))
