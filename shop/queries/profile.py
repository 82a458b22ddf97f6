"""What the shop knows of a person, and of those who receive for them."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, func, or_, select

from shop.db import db
from shop.models.auth import Account, Consent
from shop.models.orders import Order
from shop.models.profile import AccountEvent, Recipient
from shop.rules.profile import PersonalData

# So many orders are told of on the cabinet's first page.
MOST_RECENT = 3
# So many earlier names are told of beside the form that changes them; the log has all.
MOST_FORMER_NAMES = 10


@dataclass(frozen=True, slots=True)
class Profile(PersonalData):
    """Personal data as the person gave them, and the login."""

    email: str = ""
    email_confirmed_at: datetime | None = None


def profile_of(*, account_id: int) -> Profile:
    """Return an account's personal data."""
    columns = [getattr(Account, field.name) for field in fields(Profile)]
    row = db.session.execute(select(*columns).where(Account.id == account_id)).one()
    return Profile(*row)


class FormerName(NamedTuple):
    """A full name that somebody had here, and until when."""

    full_name: str
    until: datetime


def former_names(*, account_id: int) -> list[FormerName]:
    """Return the names that an account's present owner had before, the newest first."""
    # An account may have been handed over: the names of its earlier owner are nobody's business any more.
    handed_over_at = (
        select(func.max(AccountEvent.happened_at))
        .where(AccountEvent.account_id == account_id, AccountEvent.kind == "handed_over")
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(AccountEvent.facts, AccountEvent.happened_at)
        .where(
            AccountEvent.account_id == account_id,
            AccountEvent.kind == "name_changed",
            or_(handed_over_at.is_(None), AccountEvent.happened_at > handed_over_at),
        )
        .order_by(AccountEvent.happened_at.desc(), AccountEvent.id.desc())
        .limit(MOST_FORMER_NAMES)
    )
    return [FormerName(row.facts.get("old", ""), row.happened_at) for row in rows]


class GivenConsent(NamedTuple):
    """A document that a person agreed to: in which version, and when."""

    document: str
    version: str
    given_at: datetime


def consents_of(*, account_id: int) -> list[GivenConsent]:
    """Return what an account's owner agreed to, the oldest first."""
    rows = db.session.execute(
        select(Consent.document, Consent.version, Consent.given_at)
        .where(Consent.account_id == account_id)
        .order_by(Consent.given_at, Consent.id)
    )
    return [GivenConsent(*row) for row in rows]


class SavedRecipient(NamedTuple):
    """Somebody on an account's list of those who may receive parcels."""

    id: int
    full_name: str
    phone: str


def recipients_of(*, account_id: int) -> list[SavedRecipient]:
    """Return an account's list, in the order it was written."""
    rows = db.session.execute(_recipients(account_id).order_by(Recipient.id))
    return [SavedRecipient(*row) for row in rows]


def recipient_of(*, account_id: int, recipient_id: int) -> SavedRecipient | None:
    """Return one of an account's list, or None when it isn't there."""
    query = _recipients(account_id).where(Recipient.id == recipient_id)
    row = db.session.execute(query).one_or_none()
    return SavedRecipient(*row) if row else None


def _recipients(account_id: int) -> Select[int, str, str]:
    return select(Recipient.id, Recipient.full_name, Recipient.phone).where(
        Recipient.account_id == account_id
    )


@dataclass(frozen=True, slots=True)
class RecentOrder:
    """An order, as far as the cabinet's first page speaks of it."""

    number: str
    state: str
    total_kopecks: int
    placed_at: datetime


def recent_orders(*, account_id: int) -> list[RecentOrder]:
    """Return an account's last orders, the newest first."""
    rows = db.session.execute(
        select(Order.number, Order.state, Order.total_kopecks, Order.placed_at)
        .where(Order.account_id == account_id)
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(MOST_RECENT)
    )
    return [RecentOrder(*row) for row in rows]
