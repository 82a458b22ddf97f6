"""A balance that is paid out has a receipt: of no order and no certificate, but of its refund.

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-26 11:00:00

"""
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_CHECKS = {
    "ck_receipt_kind_is_known": "kind IN ('payment', 'settlement', 'refund', 'advance', 'advance_refund', 'balance_in', 'balance_refund')",
    "ck_receipt_is_about_one_thing": (
        "(order_id IS NULL) != (certificate_id IS NULL) OR (order_id IS NULL AND refund_id IS NOT NULL)"
    ),
}


def upgrade():
    # In two steps: SQLite builds the table anew, and what goes and comes under one name would be mistaken.
    with op.batch_alter_table("receipt") as batch_op:
        for name in _CHECKS:
            batch_op.drop_constraint(op.f(name), type_="check")
    with op.batch_alter_table("receipt") as batch_op:
        for name, check in _CHECKS.items():
            batch_op.create_check_constraint(op.f(name), check)
