"""How an account is kept safe: passkeys, the second step, changes of address, the export, the farewell."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Moment
from shop.models.base import Model


class Passkey(Model):
    """A key that a person's own device holds; the shop knows its public half."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    # What authenticators know the account by: random, and the same for all keys of one account.
    user_handle: Mapped[bytes] = mapped_column(LargeBinary(64), index=True)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str]] = mapped_column(JSON)
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class SecondStep(Model):
    """An authenticator app that is asked after the password."""

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    # Sealed with the shop's secret: who reads the database can't make codes of it.
    sealed_secret: Mapped[str] = mapped_column(String(200))
    # The last interval of 30 s whose code was taken; each is taken once.
    last_interval: Mapped[int] = mapped_column(default=0)
    # None until the first code from the app has shown that it works.
    works_since: Mapped[datetime | None] = mapped_column(Moment)


class RecoveryCode(Model):
    """A code on paper, for the day the authenticator app is gone; each works once."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class EmailChange(Model):
    """An account on its way to another address: the new one confirms, the old one may undo it for a week."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    old_email: Mapped[str] = mapped_column(String(254))
    new_email: Mapped[str] = mapped_column(String(254))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # The link in the letter that warns; it works until the change is done, and a week longer.
    undo_token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # The link in the letter that tells it was done: as good as the other.
    later_undo_token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    # Until when the new address may confirm.
    expires_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    # Stopped before, or undone after; also ended by a newer change.
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class Handover(Model):
    """An account given to another person: both say yes by mail, each with a link of their own."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    old_email: Mapped[str] = mapped_column(String(254))
    new_email: Mapped[str] = mapped_column(String(254))
    giver_token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    taker_token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    given_at: Mapped[datetime | None] = mapped_column(Moment)
    # The new owner's own names and password, kept until the other says yes too; then emptied.
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    given_name: Mapped[str] = mapped_column(String(100), default="")
    family_name: Mapped[str] = mapped_column(String(100), default="")
    patronymic: Mapped[str] = mapped_column(String(100), default="")
    password_hash: Mapped[str] = mapped_column(default="")
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class DataExport(Model):
    """«Download my data»: asked for, prepared by the worker, kept for a week."""

    __table_args__ = (
        CheckConstraint("state IN ('asked', 'ready', 'gone')", name="state_is_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    state: Mapped[str] = mapped_column(String(10), default="asked")
    # A random name within the folder of exports; empty until it is ready and after it is gone.
    file: Mapped[str] = mapped_column(String(80), default="")
    bytes: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
