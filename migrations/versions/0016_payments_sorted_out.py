"""A payment that isn't what was asked for keeps when a person has sorted it out, and what was found.

Revision ID: 0016
Revises: 0015
Create Date: 2026-11-27 01:15:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("payment_attempt", sa.Column("sorted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("payment_attempt", sa.Column("sorted_words", sa.String(500), nullable=False, server_default=""))
