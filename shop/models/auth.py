"""Accounts: who may come in, how they wish to be addressed, and what proves their mailbox."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Moment
from shop.models.base import Model


class Account(Model):
    """A person who may sign in. Names are exactly as the person typed them.

    Until a mailbox is proved, anybody may claim it: such claims stand side by side, each with its
    own password and session, and the first to be confirmed has the address. So nobody learns from
    the shop whether an address is taken, and nobody can lay a password of theirs under another's.
    """

    __table_args__ = (
        Index(
            "uq_account_confirmed_email",
            "email",
            unique=True,
            sqlite_where=text("email_confirmed_at IS NOT NULL"),
            postgresql_where=text("email_confirmed_at IS NOT NULL"),
        ),
        # Accounts that end, and those that have ended: a handful among all.
        Index(
            "ix_account_ends_at",
            "ends_at",
            sqlite_where=text("ends_at IS NOT NULL"),
            postgresql_where=text("ends_at IS NOT NULL"),
        ),
        Index(
            "ix_account_ended_at",
            "ended_at",
            sqlite_where=text("ended_at IS NOT NULL"),
            postgresql_where=text("ended_at IS NOT NULL"),
        ),
        CheckConstraint("greeting IN ('name', 'name_and_patronymic')", name="greeting_is_known"),
        CheckConstraint("email = lower(email)", name="email_is_canonical"),
        CheckConstraint("sex IN ('', 'female', 'male')", name="sex_is_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Canonical: trimmed, lower case. Letters go to this address and to no other.
    email: Mapped[str] = mapped_column(String(254), index=True)
    email_confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    password_hash: Mapped[str]
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    patronymic: Mapped[str] = mapped_column(String(100), default="")
    greeting: Mapped[str] = mapped_column(String(20), default="name")
    phone: Mapped[str] = mapped_column(String(32), default="")
    birth_on: Mapped[date | None]
    sex: Mapped[str] = mapped_column(String(10), default="", server_default="")
    language: Mapped[str] = mapped_column(String(2), default="ru")
    # One registration form sent twice is one account.
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    # When the account will be emptied, as its owner asked; until then the owner may think better of it.
    ends_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    # Until then nothing of its balances and points is spent or paid out: it has moved to another mailbox through the support.
    frozen_until: Mapped[datetime | None] = mapped_column(Moment)


class UserSession(Model):
    """One sign-in of one browser. The browser holds the token, the row only what it hashes to."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # What was shown last: "registration", "password", "second_step", "passkey".
    way: Mapped[str] = mapped_column(String(20))
    # «Chrome, Android», «RU», «203.0.113.0/24»: enough for its owner to know it by.
    device: Mapped[str] = mapped_column(String(120), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    network: Mapped[str] = mapped_column(String(60), default="")
    opened_at: Mapped[datetime] = mapped_column(Moment)
    # When the password or a passkey was shown last; what is delicate asks for it again.
    proved_at: Mapped[datetime] = mapped_column(Moment)
    # Written at most once in a quarter of an hour.
    seen_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class SpentKey(Model):
    """A signed key that opens a door once (an anti-spam code, a passkey's challenge): the row says it has."""

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)


class StaffRole(Model):
    """What an employee may do. An account without a row here is a customer only."""

    __table_args__ = (
        CheckConstraint(
            "role IN ('owner', 'catalog', 'fulfilment', 'support', 'moderator')",
            name="role_is_known",
        ),
        UniqueConstraint("account_id", "role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime] = mapped_column(Moment)


class Confirmation(Model):
    """A letter that lets a person prove a mailbox, by link or by code.

    Neither the link's token nor the code is kept, only what they hash to.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    wrong_tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class Consent(Model):
    """A document a person agreed to: which version, and when."""

    __table_args__ = (UniqueConstraint("account_id", "document", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    document: Mapped[str] = mapped_column(String(40))
    version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime] = mapped_column(Moment)


class Recovery(Model):
    """A letter that lets the owner of a mailbox choose a new password: once, and not for long."""

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    # Where the letter went: once the account has moved to another address, it opens nothing.
    email: Mapped[str] = mapped_column(String(254), default="", server_default="")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    # Spent by a new password, or by a newer letter.
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class GuardedTry(Model):
    """One try at what can be guessed or flooded. Counted in the database, so that it holds over several processes."""

    __table_args__ = (
        Index("ix_guarded_try_subject", "deed", "subject", "happened_at"),
        Index("ix_guarded_try_address", "deed", "address", "happened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deed: Mapped[str] = mapped_column(String(20))
    # What was tried, hashed: people type passwords into the field for e-mail.
    subject: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(45))
    happened_at: Mapped[datetime] = mapped_column(Moment, index=True)
