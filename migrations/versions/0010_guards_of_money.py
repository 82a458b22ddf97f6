"""Who has looked at goods that came back, and until when an account's money stays where it is.

Revision ID: 0010
Revises: 0009
Create Date: 2026-11-26 12:00:00

"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    with op.batch_alter_table("account") as batch_op:
        batch_op.add_column(sa.Column("frozen_until", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("return_request") as batch_op:
        batch_op.add_column(sa.Column("inspected_by", _NUMBER, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_return_request_inspected_by_account"),
            "account",
            ["inspected_by"],
            ["id"],
        )
