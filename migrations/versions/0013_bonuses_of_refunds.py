"""A refund keeps how much of it goes back in the bank's own bonuses: pages, letters and books say one number.

Revision ID: 0013
Revises: 0012
Create Date: 2026-11-26 17:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.add_column("payment_refund", sa.Column("bonus_kopecks", _NUMBER, nullable=False, server_default="0"))
    bind = op.get_bind()
    paid = bind.execute(
        sa.text(
            "SELECT refund.id, refund.attempt_id, refund.amount_kopecks, attempt.amount_kopecks, attempt.bonus_kopecks"
            " FROM payment_refund AS refund JOIN payment_attempt AS attempt ON attempt.id = refund.attempt_id"
            " WHERE attempt.bonus_kopecks > 0 AND refund.state IN ('new', 'unknown', 'pending', 'succeeded')"
            " ORDER BY refund.id"
        )
    ).all()
    gone = {}
    for refund_id, attempt_id, kopecks, whole, bonus in paid:
        # As they were reckoned until now: in proportion, in whole roubles, over all that went back before.
        before = gone.get(attempt_id, 0)
        gone[attempt_id] = before + kopecks
        among = [bonus * part // whole // 100 * 100 for part in (before, before + kopecks)]
        bind.execute(
            sa.text("UPDATE payment_refund SET bonus_kopecks = :bonus WHERE id = :id"),
            {"bonus": min(among[1] - among[0], kopecks), "id": refund_id},
        )
