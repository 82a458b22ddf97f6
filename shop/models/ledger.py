"""The ledger: every movement of money and points, in double entry, written once and never changed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Moment
from shop.db.append_only import balanced, never_changed
from shop.models.base import Model


class LedgerAccount(Model):
    """One account of the books (rules/ledger has the chart). Roubles are in kopecks, points are whole."""

    __table_args__ = (
        CheckConstraint("currency IN ('RUB', 'PTS')", name="currency_is_known"),
        CheckConstraint("kind IN ('A', 'L', 'I', 'E')", name="kind_is_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    currency: Mapped[str] = mapped_column(String(3))
    # Asset, liability, income or expense.
    kind: Mapped[str] = mapped_column(String(1))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    # What its postings add up to, counted the way this kind of account grows: kept with every entry.
    balance: Mapped[int] = mapped_column(default=0)
    # The balance may not fall below it; None lets it.
    floor: Mapped[int | None]


class LedgerEntry(Model):
    """One event in the books; its postings add up to nothing in each currency."""

    id: Mapped[int] = mapped_column(primary_key=True)
    once_key: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(30), index=True)
    # What it is about, as people know it: an order's number, a certificate's.
    reference: Mapped[str] = mapped_column(String(40), index=True)
    # "customer", "shop" (by itself), "gateway", or "staff:17".
    actor: Mapped[str] = mapped_column(String(40))
    happened_at: Mapped[datetime] = mapped_column(Moment, index=True)


class LedgerPosting(Model):
    """What one entry does to one account: a debit above zero, a credit below."""

    __table_args__ = (
        CheckConstraint("amount != 0", name="amount_is_something"),
        UniqueConstraint("entry_id", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"), index=True)
    amount: Mapped[int]


for model in (LedgerEntry, LedgerPosting):
    event.listen(model.__table__, "after_create", never_changed(model.__tablename__))
event.listen(LedgerPosting.__table__, "after_create", balanced)
