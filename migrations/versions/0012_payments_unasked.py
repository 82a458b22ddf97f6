"""A comparison with a gateway tells how many payments it left out, as a number that pages put into words.

Revision ID: 0012
Revises: 0011
Create Date: 2026-11-26 15:30:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.add_column("gateway_check", sa.Column("unasked", _NUMBER, nullable=False, server_default="0"))
    with op.batch_alter_table("gateway_check") as table:
        table.alter_column("unasked", server_default=None)
