"""What a person tells of themselves and of those who receive for them, and what happened to the account."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Moment
from shop.models.base import Model

_IS_GUESSING = text("kind = 'certificate_guessing'")


class AccountEvent(Model):
    """What happened to an account, for its owner to read and for the shop to prove. Never changed."""

    __table_args__ = (
        Index("ix_account_event_newest", "account_id", "happened_at"),
        # Guesses at certificates, for the staff's desk: a handful among millions.
        Index(
            "ix_account_event_guessing",
            "happened_at",
            sqlite_where=_IS_GUESSING,
            postgresql_where=_IS_GUESSING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    # "signed_in", "name_changed", … : services/profile/events.py has them all.
    kind: Mapped[str] = mapped_column(String(40))
    # What the sentence about it needs: {"old": …, "new": …}.
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    # The employee who did it; None when it was the owner, or the shop by itself.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    device: Mapped[str] = mapped_column(String(120), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    network: Mapped[str] = mapped_column(String(60), default="")
    happened_at: Mapped[datetime] = mapped_column(Moment)


class Recipient(Model):
    """Somebody who may receive a parcel: a list of its own, from which nothing is ever written into the account."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    full_name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(32))
    # One form sent twice is one recipient.
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
