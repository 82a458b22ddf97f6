"""The outbox: what must be done outside, written together with what made it necessary."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Moment
from shop.models.base import Model


class OutboxItem(Model):
    """A letter to send or an errand to run, at least once, after its transaction committed."""

    __table_args__ = (
        Index(
            "ix_outbox_item_due",
            "due_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    # The same event told twice writes one row: "order-17-accepted".
    once_key: Mapped[str] = mapped_column(String(120), unique=True)
    # When it may be taken next; whoever takes it moves this on (a lease), then does it, then marks it done.
    due_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    last_problem: Mapped[str] = mapped_column(default="")
    # Whom it needs (the mail server) was away: those of its kind behind it wait too and keep their order.
    is_held_up: Mapped[bool] = mapped_column(default=False)
    written_at: Mapped[datetime] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
