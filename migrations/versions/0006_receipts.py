"""Fiscal receipts. What happened before has none here: the audit asks for them from the first one on.

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-26 07:20:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LINKS = (
    ("order_id", "shop_order"),
    ("certificate_id", "certificate"),
    ("parcel_id", "parcel"),
    ("attempt_id", "payment_attempt"),
    ("refund_id", "payment_refund"),
    ("registered_by", "account"),
)


def upgrade():
    op.create_table(
        "receipt",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("once_key", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("order_id", _NUMBER, nullable=True),
        sa.Column("certificate_id", _NUMBER, nullable=True),
        sa.Column("parcel_id", _NUMBER, nullable=True),
        sa.Column("attempt_id", _NUMBER, nullable=True),
        sa.Column("refund_id", _NUMBER, nullable=True),
        sa.Column("gateway", sa.String(20), nullable=False),
        sa.Column("is_inside", sa.Boolean(), nullable=False),
        sa.Column("amount_kopecks", _NUMBER, nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("settlements", sa.JSON(), nullable=False),
        sa.Column("idempotence_key", sa.String(64), nullable=False),
        sa.Column("request", sa.JSON(), nullable=True),
        sa.Column("gateway_ref", sa.String(64), nullable=True),
        sa.Column("problem", sa.String(60), nullable=False),
        sa.Column("document_number", sa.String(10), nullable=False),
        sa.Column("storage_number", sa.String(16), nullable=False),
        sa.Column("fiscal_attribute", sa.String(10), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registered_by", _NUMBER, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('payment', 'settlement', 'refund', 'advance', 'advance_refund')",
            name=op.f("ck_receipt_kind_is_known"),
        ),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'registered', 'failed', 'by_hand')",
            name=op.f("ck_receipt_state_is_known"),
        ),
        sa.CheckConstraint("amount_kopecks > 0", name=op.f("ck_receipt_amount_is_positive")),
        sa.CheckConstraint(
            "(order_id IS NULL) != (certificate_id IS NULL)",
            name=op.f("ck_receipt_is_about_one_thing"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_receipt_{column}_{table}")
            )
            for column, table in _LINKS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("once_key", name=op.f("uq_receipt_once_key")),
        sa.UniqueConstraint("idempotence_key", name=op.f("uq_receipt_idempotence_key")),
        sa.UniqueConstraint("gateway", "gateway_ref", name=op.f("uq_receipt_gateway_gateway_ref")),
    )
    op.create_index(op.f("ix_receipt_order_id"), "receipt", ["order_id"])
    op.create_index(op.f("ix_receipt_certificate_id"), "receipt", ["certificate_id"])
    op.create_index(op.f("ix_receipt_refund_id"), "receipt", ["refund_id"])
    op.create_index("ix_receipt_desk", "receipt", ["state", "created_at"])
