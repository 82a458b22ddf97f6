"""A gateway that knows no keys isn't asked twice within minutes to send the same money back.

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-26 12:10:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("payment_refund", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
