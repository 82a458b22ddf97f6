"""The mailbox is lost: a request to move an account to another one, decided by two employees."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Moment
from shop.models.base import Model


class LostMailbox(Model):
    """One request, as it was typed or told. Whether there is such an account only employees see."""

    __table_args__ = (
        CheckConstraint(
            "state IN ('new', 'approved', 'waiting', 'confirming', 'done', 'refused', 'stopped', 'expired')",
            name="state_is_known",
        ),
        CheckConstraint("source IN ('form', 'phone', 'letter')", name="source_is_known"),
        CheckConstraint(
            "second_approval_by IS NULL OR second_approval_by <> first_approval_by",
            name="two_different_people",
        ),
        # An account is on its way to one address at a time.
        Index(
            "uq_lost_mailbox_under_way",
            "account_id",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'confirming')"),
            postgresql_where=text("state IN ('waiting', 'confirming')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # What the applicant may name on the telephone.
    number: Mapped[str] = mapped_column(String(12), unique=True)
    # The account whose confirmed address is the old one, at the time of asking; None when there is none.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    family_name: Mapped[str] = mapped_column(String(100))
    given_name: Mapped[str] = mapped_column(String(100))
    patronymic: Mapped[str] = mapped_column(String(100), default="")
    old_email: Mapped[str] = mapped_column(String(254))
    new_email: Mapped[str] = mapped_column(String(254))
    # What only the owner knows.
    order_number: Mapped[str] = mapped_column(String(20), default="")
    order_kopecks: Mapped[int | None]
    knowledge: Mapped[str] = mapped_column(String(1000), default="")
    # The authenticator app is lost as well: then the second step ends with the move.
    is_second_step_lost: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(2), default="ru")
    source: Mapped[str] = mapped_column(String(10), default="form")
    # Who wrote it down from a call or a letter.
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    state: Mapped[str] = mapped_column(String(12), default="new")
    first_approval_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    first_approval_at: Mapped[datetime | None] = mapped_column(Moment)
    second_approval_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    second_approval_at: Mapped[datetime | None] = mapped_column(Moment)
    # Until when the owner may say «it isn't me».
    waits_until: Mapped[datetime | None] = mapped_column(Moment)
    stop_token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    # The link in the letter to the new address.
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    # Why it was refused: one of rules/recovery.REFUSALS; and what the colleagues should know.
    refusal: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(String(1000), default="")
    refused_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
