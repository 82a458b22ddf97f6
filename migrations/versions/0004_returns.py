"""Returns.

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-26 02:48:22.263417

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('return_code',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('wrong_tries', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['order_id'], ['shop_order.id'], name=op.f('fk_return_code_order_id_shop_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_return_code'))
    )
    with op.batch_alter_table('return_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_return_code_order_id'), ['order_id'], unique=False)

    op.create_table('cancellation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('once_key', sa.String(length=120), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('pieces', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('refund_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('canceled_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False),
    sa.Column('promo_kopecks', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False),
    sa.Column('balance_kopecks', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False),
    sa.Column('outside_kopecks', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False),
    sa.CheckConstraint('pieces > 0', name=op.f('ck_cancellation_pieces_are_some')),
    sa.ForeignKeyConstraint(['order_id'], ['shop_order.id'], name=op.f('fk_cancellation_order_id_shop_order')),
    sa.ForeignKeyConstraint(['refund_id'], ['payment_refund.id'], name=op.f('fk_cancellation_refund_id_payment_refund')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cancellation')),
    sa.UniqueConstraint('once_key', name=op.f('uq_cancellation_once_key'))
    )
    with op.batch_alter_table('cancellation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cancellation_order_id'), ['order_id'], unique=False)

    op.create_table('return_request',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=30), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('once_key', sa.String(length=120), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('words', sa.String(length=2000), nullable=False),
    sa.Column('delivery_kopecks', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('demanded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pay_by', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('refusal', sa.String(length=1000), nullable=False),
    sa.Column('track', sa.String(length=40), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('inspected_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refunded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refund_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False),
    sa.Column('promo_kopecks', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False),
    sa.Column('balance_kopecks', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False),
    sa.Column('outside_kopecks', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='0', nullable=False),
    sa.CheckConstraint("state IN ('requested', 'approved', 'rejected', 'in_transit', 'received', 'inspected', 'refunded', 'closed', 'withdrawn')", name=op.f('ck_return_request_state_is_known')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_return_request_decided_by_account')),
    sa.ForeignKeyConstraint(['order_id'], ['shop_order.id'], name=op.f('fk_return_request_order_id_shop_order')),
    sa.ForeignKeyConstraint(['refund_id'], ['payment_refund.id'], name=op.f('fk_return_request_refund_id_payment_refund')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_return_request')),
    sa.UniqueConstraint('number', name=op.f('uq_return_request_number')),
    sa.UniqueConstraint('once_key', name=op.f('uq_return_request_once_key'))
    )
    with op.batch_alter_table('return_request', schema=None) as batch_op:
        batch_op.create_index('ix_return_request_desk', ['state', 'pay_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_return_request_order_id'), ['order_id'], unique=False)

    op.create_table('return_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('return_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quantity', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('accepted', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('is_good', sa.Boolean(), nullable=False),
    sa.CheckConstraint('quantity > 0 AND (accepted IS NULL OR (accepted >= 0 AND accepted <= quantity))', name=op.f('ck_return_line_amounts_are_sane')),
    sa.ForeignKeyConstraint(['order_line_id'], ['order_line.id'], name=op.f('fk_return_line_order_line_id_order_line')),
    sa.ForeignKeyConstraint(['return_id'], ['return_request.id'], name=op.f('fk_return_line_return_id_return_request')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_return_line')),
    sa.UniqueConstraint('return_id', 'order_line_id', name=op.f('uq_return_line_return_id_order_line_id'))
    )
    with op.batch_alter_table('return_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_return_line_order_line_id'), ['order_line_id'], unique=False)

    op.create_table('return_message',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('return_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('once_key', sa.String(length=120), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('text', sa.String(length=4000), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['return_id'], ['return_request.id'], name=op.f('fk_return_message_return_id_return_request')),
    sa.ForeignKeyConstraint(['staff_id'], ['account.id'], name=op.f('fk_return_message_staff_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_return_message')),
    sa.UniqueConstraint('once_key', name=op.f('uq_return_message_once_key'))
    )
    with op.batch_alter_table('return_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_return_message_return_id'), ['return_id'], unique=False)

    op.create_table('return_photo',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('return_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['return_id'], ['return_request.id'], name=op.f('fk_return_photo_return_id_return_request')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_return_photo')),
    sa.UniqueConstraint('name', name=op.f('uq_return_photo_name'))
    )
    with op.batch_alter_table('return_photo', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_return_photo_return_id'), ['return_id'], unique=False)

    _let_people_pay_back()


_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _let_people_pay_back():
    """What a gateway refuses to send back waits for a person, who notes how it was paid."""
    with op.batch_alter_table("payment_refund") as batch_op:
        batch_op.drop_constraint(op.f("ck_payment_refund_state_is_known"), type_="check")
        batch_op.alter_column(
            "state", existing_type=sa.String(10), type_=sa.String(16), existing_nullable=False
        )
        batch_op.alter_column("attempt_id", existing_type=_NUMBER, nullable=True)
        batch_op.add_column(sa.Column("order_id", _NUMBER, nullable=True))
        batch_op.add_column(sa.Column("paid_by", _NUMBER, nullable=True))
        batch_op.add_column(
            sa.Column("note", sa.String(500), server_default="", nullable=False)
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_payment_refund_order_id_shop_order"), "shop_order", ["order_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_payment_refund_paid_by_account"), "account", ["paid_by"], ["id"]
        )
    op.execute("UPDATE payment_refund SET state = 'manual_due' WHERE state = 'failed'")
    with op.batch_alter_table("payment_refund") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_payment_refund_state_is_known"),
            "state IN ('new', 'unknown', 'pending', 'succeeded', 'manual_due', 'paid_manually')",
        )
        batch_op.create_check_constraint(
            op.f("ck_payment_refund_pays_one_thing_back"),
            "(attempt_id IS NULL) != (order_id IS NULL)",
        )
        batch_op.create_index(op.f("ix_payment_refund_order_id"), ["order_id"], unique=False)


