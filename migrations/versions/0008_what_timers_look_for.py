"""Indexes for what timers and desks look for again and again.

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-26 07:20:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    op.drop_index(op.f("ix_points_lot_expires_at"), "points_lot")
    op.drop_index(op.f("ix_points_promise_matures_at"), "points_promise")
    op.create_index(op.f("ix_shop_order_placed_at"), "shop_order", ["placed_at"])
    op.create_index(op.f("ix_shop_order_paid_at"), "shop_order", ["paid_at"])
    op.create_index(op.f("ix_payment_refund_state"), "payment_refund", ["state"])
    op.create_index("ix_certificate_ending", "certificate", ["state", "expires_at"])
    for name, table, column, where in _HANDFULS:
        which = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}
        op.create_index(name, table, [column], **which)


_HANDFULS = (
    ("ix_points_lot_left", "points_lot", "expires_at", "remaining > 0"),
    ("ix_points_promise_due", "points_promise", "matures_at", "matured_at IS NULL"),
    ("ix_payment_attempt_undecided", "payment_attempt", "looked_at", "settled_at IS NULL"),
    ("ix_payment_attempt_mismatch", "payment_attempt", "id", "state = 'mismatch'"),
    ("ix_account_ends_at", "account", "ends_at", "ends_at IS NOT NULL"),
    ("ix_account_ended_at", "account", "ended_at", "ended_at IS NOT NULL"),
)
