"""Audits, and payments compared with the gateways'.

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-26 03:01:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "audit_run",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("actor", sa.String(40), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("took_ms", _NUMBER, nullable=False),
        sa.Column("finding_count", _NUMBER, nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_run")),
    )
    op.create_index(op.f("ix_audit_run_began_at"), "audit_run", ["began_at"])
    op.create_table(
        "payment_difference",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("gateway", sa.String(20), nullable=False),
        sa.Column("gateway_ref", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("ours", sa.String(60), nullable=False),
        sa.Column("theirs", sa.String(60), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("solved_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_difference")),
        sa.UniqueConstraint(
            "gateway", "gateway_ref", "kind",
            name=op.f("uq_payment_difference_gateway_gateway_ref_kind"),
        ),
    )
    op.create_index("ix_payment_difference_open", "payment_difference", ["solved_at", "gateway"])
    op.create_table(
        "gateway_check",
        sa.Column("gateway", sa.String(20), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payments", _NUMBER, nullable=False),
        sa.Column("problem", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("gateway", name=op.f("pk_gateway_check")),
    )
