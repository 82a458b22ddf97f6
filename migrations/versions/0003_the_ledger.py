"""The ledger.

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-26 02:12:46.884631

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('ledger_entry',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('once_key', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('reference', sa.String(length=40), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_entry')),
    sa.UniqueConstraint('once_key', name=op.f('uq_ledger_entry_once_key'))
    )
    with op.batch_alter_table('ledger_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ledger_entry_happened_at'), ['happened_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_ledger_entry_kind'), ['kind'], unique=False)
        batch_op.create_index(batch_op.f('ix_ledger_entry_reference'), ['reference'], unique=False)

    op.create_table('campaign',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('word', sa.String(length=40), nullable=False),
    sa.Column('gives', sa.String(length=10), nullable=False),
    sa.Column('amount', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('most_uses', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('uses', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_on', sa.Boolean(), nullable=False),
    sa.Column('made_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("gives IN ('promo', 'points')", name=op.f('ck_campaign_gift_is_known')),
    sa.CheckConstraint('amount > 0 AND uses >= 0 AND uses <= most_uses', name=op.f('ck_campaign_sums_are_sane')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_campaign_made_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign')),
    sa.UniqueConstraint('word', name=op.f('uq_campaign_word'))
    )
    op.create_table('certificate',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('serial', sa.String(length=20), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('sealed_code', sa.String(length=200), nullable=False),
    sa.Column('code_end', sa.String(length=4), nullable=False),
    sa.Column('nominal_kopecks', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('is_free', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('once_key', sa.String(length=80), nullable=False),
    sa.Column('buyer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('recipient_name', sa.String(length=100), nullable=False),
    sa.Column('recipient_email', sa.String(length=254), nullable=False),
    sa.Column('wish', sa.String(length=500), nullable=False),
    sa.Column('send_on', sa.Date(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ordered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pay_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sold_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('activated_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('activated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('blocked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('block_reason', sa.String(length=200), nullable=False),
    sa.Column('blocked_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('refunded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('issued_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('issue_reason', sa.String(length=200), nullable=False),
    sa.CheckConstraint("state IN ('awaiting_payment', 'sold', 'activated', 'dropped', 'blocked', 'expired')", name=op.f('ck_certificate_state_is_known')),
    sa.CheckConstraint('nominal_kopecks > 0', name=op.f('ck_certificate_nominal_is_positive')),
    sa.ForeignKeyConstraint(['activated_by'], ['account.id'], name=op.f('fk_certificate_activated_by_account')),
    sa.ForeignKeyConstraint(['blocked_by'], ['account.id'], name=op.f('fk_certificate_blocked_by_account')),
    sa.ForeignKeyConstraint(['buyer_id'], ['account.id'], name=op.f('fk_certificate_buyer_id_account')),
    sa.ForeignKeyConstraint(['issued_by'], ['account.id'], name=op.f('fk_certificate_issued_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_certificate_code_hash')),
    sa.UniqueConstraint('once_key', name=op.f('uq_certificate_once_key')),
    sa.UniqueConstraint('serial', name=op.f('uq_certificate_serial'))
    )
    with op.batch_alter_table('certificate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_certificate_activated_by'), ['activated_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_certificate_buyer_id'), ['buyer_id'], unique=False)
        batch_op.create_index('ix_certificate_sending', ['state', 'send_on'], unique=False)

    op.create_table('ledger_account',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(length=80), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('kind', sa.String(length=1), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('balance', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('floor', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("currency IN ('RUB', 'PTS')", name=op.f('ck_ledger_account_currency_is_known')),
    sa.CheckConstraint("kind IN ('A', 'L', 'I', 'E')", name=op.f('ck_ledger_account_kind_is_known')),
    sa.ForeignKeyConstraint(['owner_id'], ['account.id'], name=op.f('fk_ledger_account_owner_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_account')),
    sa.UniqueConstraint('code', name=op.f('uq_ledger_account_code'))
    )
    with op.batch_alter_table('ledger_account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ledger_account_owner_id'), ['owner_id'], unique=False)

    op.create_table('payment_method',
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('is_on', sa.Boolean(), nullable=False),
    sa.Column('changed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_payment_method'))
    )
    op.create_table('points_lot',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source', sa.String(length=20), nullable=False),
    sa.Column('reference', sa.String(length=40), nullable=False),
    sa.Column('once_key', sa.String(length=80), nullable=False),
    sa.Column('earned', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('remaining', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('active_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('warned_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('earned > 0 AND remaining >= 0 AND remaining <= earned', name=op.f('ck_points_lot_sums_are_sane')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_points_lot_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_lot')),
    sa.UniqueConstraint('once_key', name=op.f('uq_points_lot_once_key'))
    )
    with op.batch_alter_table('points_lot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_points_lot_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index('ix_points_lot_spending', ['account_id', 'expires_at'], unique=False)

    op.create_table('campaign_use',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('campaign_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_campaign_use_account_id_account')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_campaign_use_campaign_id_campaign')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_use')),
    sa.UniqueConstraint('campaign_id', 'account_id', name=op.f('uq_campaign_use_campaign_id_account_id'))
    )
    with op.batch_alter_table('campaign_use', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_campaign_use_account_id'), ['account_id'], unique=False)

    op.create_table('ledger_posting',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('amount', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('amount != 0', name=op.f('ck_ledger_posting_amount_is_something')),
    sa.ForeignKeyConstraint(['account_id'], ['ledger_account.id'], name=op.f('fk_ledger_posting_account_id_ledger_account')),
    sa.ForeignKeyConstraint(['entry_id'], ['ledger_entry.id'], name=op.f('fk_ledger_posting_entry_id_ledger_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_posting')),
    sa.UniqueConstraint('entry_id', 'account_id', name=op.f('uq_ledger_posting_entry_id_account_id'))
    )
    with op.batch_alter_table('ledger_posting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ledger_posting_account_id'), ['account_id'], unique=False)

    op.create_table('points_use',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('returned', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('points > 0 AND returned >= 0 AND returned <= points', name=op.f('ck_points_use_sums_are_sane')),
    sa.ForeignKeyConstraint(['lot_id'], ['points_lot.id'], name=op.f('fk_points_use_lot_id_points_lot')),
    sa.ForeignKeyConstraint(['order_id'], ['shop_order.id'], name=op.f('fk_points_use_order_id_shop_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_use')),
    sa.UniqueConstraint('order_id', 'lot_id', name=op.f('uq_points_use_order_id_lot_id'))
    )
    with op.batch_alter_table('points_use', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_points_use_lot_id'), ['lot_id'], unique=False)

    op.create_table('points_promise',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('parcel_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('matures_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('matured_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_points_promise_account_id_account')),
    sa.ForeignKeyConstraint(['order_id'], ['shop_order.id'], name=op.f('fk_points_promise_order_id_shop_order')),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcel.id'], name=op.f('fk_points_promise_parcel_id_parcel')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_promise')),
    sa.UniqueConstraint('parcel_id', name=op.f('uq_points_promise_parcel_id'))
    )
    with op.batch_alter_table('points_promise', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_points_promise_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_points_promise_matures_at'), ['matures_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_points_promise_order_id'), ['order_id'], unique=False)

    _fund_orders()
    _let_attempts_pay_for_certificates()
    _watch_guesses()
    _write_what_was()
    _guard_the_books()


_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FUNDS = ("points", "promo_kopecks", "balance_kopecks", "outside_kopecks")
_SUM = "points * 100 + promo_kopecks + balance_kopecks + outside_kopecks"


def _add_numbers(table, *names):
    for name in names:
        op.add_column(table, sa.Column(name, _NUMBER, server_default="0", nullable=False))


def _check(table, checks, changed=(), nullable=()):
    """Add checks to a table, in the place of earlier ones of these names where they have `changed`."""
    with op.batch_alter_table(table) as batch_op:
        for name in changed:
            batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        for name, words in checks.items():
            batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), words)
        for column in nullable:
            batch_op.alter_column(column, existing_type=_NUMBER, nullable=True)


def _fund_orders():
    """What was bought until now was paid from outside."""
    _add_numbers("shop_order", *_FUNDS, "earns_points")
    _add_numbers("order_line", *_FUNDS, "earns_points", "canceled", "returned")
    _add_numbers("parcel", "delivery_promo_kopecks", "delivery_balance_kopecks")
    op.execute("UPDATE shop_order SET outside_kopecks = total_kopecks")
    op.execute("UPDATE order_line SET outside_kopecks = quantity * price_kopecks")
    _check(
        "shop_order",
        {
            "state_is_known": "state IN ('awaiting_payment', 'accepted', 'paid', 'assembling', 'shipped', 'received', 'expired', 'canceled')",
            "funding_adds_up": f"{_SUM} = total_kopecks",
        },
        changed=("state_is_known",),
    )
    _check("order_line", {"funding_adds_up": f"{_SUM} = quantity * price_kopecks"})


def _let_attempts_pay_for_certificates():
    op.add_column("payment_attempt", sa.Column("pay_form", sa.JSON(), nullable=True))
    _add_numbers("payment_attempt", "bonus_kopecks")
    with op.batch_alter_table("payment_attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("certificate_id", _NUMBER, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_payment_attempt_certificate_id_certificate"),
            "certificate",
            ["certificate_id"],
            ["id"],
        )
    _check(
        "payment_attempt",
        {"pays_one_thing": "(order_id IS NULL) != (certificate_id IS NULL)"},
        nullable=("order_id",),
    )
    still_open = sa.text("state IN ('new', 'sending', 'unknown', 'pending', 'held')")
    op.create_index(
        op.f("ix_payment_attempt_certificate_id"), "payment_attempt", ["certificate_id"]
    )
    op.create_index(
        "uq_payment_attempt_open_certificate",
        "payment_attempt",
        ["certificate_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def _watch_guesses():
    """The desk asks for a handful of an account's events among millions."""
    guessing = sa.text("kind = 'certificate_guessing'")
    op.create_index(
        "ix_account_event_guessing",
        "account_event",
        ["happened_at"],
        sqlite_where=guessing,
        postgresql_where=guessing,
    )


def _guard_the_books():
    """What is written stays as it was written, and adds up; the database sees to it."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in _POSTGRESQL:
            op.execute(statement)
        return
    for table in ("ledger_entry", "ledger_posting"):
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_keeps_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
            )


_POSTGRESQL = (
    """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$""",
    """CREATE TRIGGER ledger_entry_is_kept BEFORE UPDATE OR DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER ledger_posting_is_kept BEFORE UPDATE OR DELETE ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE OR REPLACE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT 1 FROM ledger_posting JOIN ledger_account ON ledger_account.id = ledger_posting.account_id
            WHERE ledger_posting.entry_id = NEW.entry_id
            GROUP BY ledger_account.currency HAVING sum(ledger_posting.amount) <> 0
        ) THEN RAISE EXCEPTION 'ledger entry % does not add up', NEW.entry_id; END IF;
        RETURN NULL;
    END $$""",
    """CREATE CONSTRAINT TRIGGER ledger_posting_adds_up AFTER INSERT ON ledger_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced()""",
)


def _write_what_was():
    """Write the entries that orders paid before there were books would have made; what isn't there is left out."""
    for statement in (*_ACCOUNTS, *_ENTRIES, *_POSTINGS, _BALANCES):
        op.get_bind().exec_driver_sql(statement)  # Their colons are the books', not parameters.


_SURPLUS = "payment_attempt.is_surplus AND payment_attempt.state = 'succeeded'"
_GOODS = "(SELECT sum(quantity * price_kopecks) FROM order_line WHERE parcel_id = parcel.id)"
_OF_SURPLUS = f"FROM payment_attempt WHERE {_SURPLUS}"
_OF_REFUNDS = f"""FROM payment_refund JOIN payment_attempt ON payment_attempt.id = payment_refund.attempt_id
    WHERE payment_refund.state = 'succeeded' AND {_SURPLUS}"""
_OF_ORDERS = "FROM shop_order WHERE paid_at IS NOT NULL"
_OF_PARCELS = """FROM parcel JOIN shop_order ON shop_order.id = parcel.order_id
    WHERE parcel.state = 'received' AND shop_order.paid_at IS NOT NULL"""


def _account(code, kind, floor, of):
    return f"""INSERT INTO ledger_account (code, currency, kind, balance, floor)
    SELECT DISTINCT {code}, 'RUB', '{kind}', 0, {floor} {of}"""


# Until then all money came through one gateway.
_ACCOUNTS = (
    _account("'gateway:yookassa:clearing'", "A", "CAST(NULL AS BIGINT)", _OF_ORDERS),
    _account("'unapplied'", "L", "0", _OF_SURPLUS),
    # Money for an order dropped meanwhile may be all that ever came.
    _account(
        "'gateway:yookassa:clearing'", "A", "CAST(NULL AS BIGINT)",
        f"{_OF_SURPLUS} AND NOT EXISTS (SELECT 1 {_OF_ORDERS})",
    ),
    _account("'order:' || number || ':advance'", "L", "0", _OF_ORDERS),
    _account("'revenue:goods'", "I", "CAST(NULL AS BIGINT)", _OF_PARCELS),
    _account("'revenue:delivery'", "I", "CAST(NULL AS BIGINT)", f"{_OF_PARCELS} AND parcel.delivery_kopecks > 0"),
)


def _entry(key, kind, reference, actor, at, of):
    return f"""INSERT INTO ledger_entry (once_key, kind, reference, actor, happened_at)
    SELECT {key}, '{kind}', {reference}, '{actor}', {at} {of} ORDER BY {at}"""


_ENTRIES = (
    _entry("'ord:' || number || ':paid'", "order_paid", "number", "gateway", "paid_at", _OF_ORDERS),
    _entry("'att:' || id || ':surplus'", "surplus", "''", "gateway", "COALESCE(settled_at, opened_at)", _OF_SURPLUS),
    _entry(
        "'rf:' || payment_refund.id || ':ok'", "refund",
        "COALESCE((SELECT number FROM shop_order WHERE shop_order.id = payment_attempt.order_id), '')",
        "gateway", "COALESCE(payment_refund.settled_at, payment_refund.opened_at)", _OF_REFUNDS,
    ),
    _entry(
        "'shp:' || parcel.id || ':done'", "handed_over", "shop_order.number", "shop",
        "COALESCE(parcel.received_at, shop_order.paid_at)", _OF_PARCELS,
    ),
)


def _posting(account, key, amount, of):
    """A line of each entry of this key: what it does to an account."""
    from_, _, where = of.partition("WHERE")
    return f"""INSERT INTO ledger_posting (entry_id, account_id, amount)
    SELECT ledger_entry.id, ledger_account.id, {amount} {from_}
    JOIN ledger_entry ON ledger_entry.once_key = {key}
    JOIN ledger_account ON ledger_account.code = {account} WHERE {where}"""


_CLEARING, _ADVANCE = "'gateway:yookassa:clearing'", "'order:' || shop_order.number || ':advance'"
_PAID, _KEPT = "'ord:' || shop_order.number || ':paid'", "'att:' || payment_attempt.id || ':surplus'"
_BACK, _DONE = "'rf:' || payment_refund.id || ':ok'", "'shp:' || parcel.id || ':done'"
_POSTINGS = (
    _posting(_CLEARING, _PAID, "shop_order.total_kopecks", _OF_ORDERS),
    _posting(_ADVANCE, _PAID, "-shop_order.total_kopecks", _OF_ORDERS),
    _posting(_CLEARING, _KEPT, "payment_attempt.amount_kopecks", _OF_SURPLUS),
    _posting("'unapplied'", _KEPT, "-payment_attempt.amount_kopecks", _OF_SURPLUS),
    _posting("'unapplied'", _BACK, "payment_refund.amount_kopecks", _OF_REFUNDS),
    _posting(_CLEARING, _BACK, "-payment_refund.amount_kopecks", _OF_REFUNDS),
    _posting(_ADVANCE, _DONE, f"{_GOODS} + parcel.delivery_kopecks", _OF_PARCELS),
    _posting("'revenue:goods'", _DONE, f"-{_GOODS}", _OF_PARCELS),
    _posting("'revenue:delivery'", _DONE, "-parcel.delivery_kopecks", f"{_OF_PARCELS} AND parcel.delivery_kopecks > 0"),
)
_BALANCES = """UPDATE ledger_account SET balance = (
    SELECT COALESCE(sum(amount), 0) FROM ledger_posting WHERE account_id = ledger_account.id
) * (CASE WHEN kind IN ('A', 'E') THEN 1 ELSE -1 END)"""
