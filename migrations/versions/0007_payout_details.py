"""Customers tell where money is sent that no gateway takes back, or take it onto their balance.

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-26 07:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    with op.batch_alter_table("payment_refund") as batch_op:
        batch_op.drop_constraint(op.f("ck_payment_refund_state_is_known"), type_="check")
        batch_op.drop_constraint(op.f("ck_payment_refund_pays_one_thing_back"), type_="check")
        batch_op.add_column(sa.Column("account_id", _NUMBER, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_payment_refund_account_id_account"), "account", ["account_id"], ["id"]
        )
    with op.batch_alter_table("payment_refund") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_payment_refund_state_is_known"),
            "state IN ('new', 'unknown', 'pending', 'succeeded', 'manual_due', 'paid_manually', 'to_balance')",
        )
        batch_op.create_check_constraint(
            op.f("ck_payment_refund_pays_one_thing_back"),
            "(CASE WHEN attempt_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN order_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN account_id IS NULL THEN 0 ELSE 1 END) = 1",
        )
        batch_op.create_index(op.f("ix_payment_refund_account_id"), ["account_id"], unique=False)
    op.create_table(
        "payout_details",
        sa.Column("refund_id", _NUMBER, nullable=False),
        sa.Column("way", sa.String(8), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("bic", sa.String(9), nullable=False),
        sa.Column("account_number", sa.String(20), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("bank", sa.String(60), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", _NUMBER, nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("way IN ('account', 'sbp')", name=op.f("ck_payout_details_way_is_known")),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["account.id"], name=op.f("fk_payout_details_opened_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["payment_refund.id"],
            name=op.f("fk_payout_details_refund_id_payment_refund"),
        ),
        sa.PrimaryKeyConstraint("refund_id", name=op.f("pk_payout_details")),
    )
