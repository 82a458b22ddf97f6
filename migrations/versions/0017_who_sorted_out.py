"""A payment that isn't what was asked for keeps who has sorted it out: whoever names a large sum doesn't pay it alone.

Revision ID: 0017
Revises: 0016
Create Date: 2026-11-27 02:20:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.add_column("payment_attempt", sa.Column("sorted_by", _NUMBER, nullable=True))
