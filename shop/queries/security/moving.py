"""An account on its way to another address or another person: how far it has come, and what a letter's link leads to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from shop.db import db
from shop.models.auth import Account
from shop.models.profile import AccountEvent
from shop.models.security import EmailChange, Handover
from shop.rules.auth import token_hash
from shop.rules.moving import UNDO_LIVES


@dataclass(frozen=True, slots=True)
class WaitingChange:
    """A change that the new mailbox hasn't confirmed yet."""

    new_email: str
    asked_at: datetime
    expires_at: datetime


def waiting_change(*, account_id: int, now: datetime) -> WaitingChange | None:
    """Return the change an account waits for, or None."""
    row = db.session.execute(
        select(EmailChange.new_email, EmailChange.asked_at, EmailChange.expires_at)
        .where(
            EmailChange.account_id == account_id,
            EmailChange.confirmed_at.is_(None),
            EmailChange.ended_at.is_(None),
            EmailChange.expires_at > now,
        )
        .order_by(EmailChange.id.desc())
        .limit(1)
    ).one_or_none()
    return WaitingChange(*row) if row else None


@dataclass(frozen=True, slots=True)
class LinkedChange:
    """What the link in a letter about a change leads to."""

    old_email: str
    new_email: str
    is_done: bool
    # Until when it may be taken back, once it is done.
    undo_until: datetime | None


def change_to_confirm(*, token: str, now: datetime) -> LinkedChange | None:
    """Return what the new mailbox is asked to confirm (or has confirmed), or None when the link holds no more."""
    change = db.session.scalar(
        select(EmailChange)
        .join(Account, Account.id == EmailChange.account_id)
        .where(
            EmailChange.token_hash == token_hash(token),
            EmailChange.ended_at.is_(None),
            or_(
                EmailChange.confirmed_at.is_(None) & (EmailChange.expires_at > now),
                # A link followed twice still leads to «it is done».
                EmailChange.confirmed_at.is_not(None) & (Account.email == EmailChange.new_email),
            ),
        )
    )
    return _linked(change) if change else None


def change_to_stop(*, token: str, now: datetime) -> LinkedChange | None:
    """Return what the old mailbox may stop or take back, or None when the link holds no more."""
    kept = token_hash(token)
    change = db.session.scalar(
        select(EmailChange).where(
            or_(EmailChange.undo_token_hash == kept, EmailChange.later_undo_token_hash == kept),
            EmailChange.ended_at.is_(None),
            or_(
                EmailChange.confirmed_at.is_(None) & (EmailChange.expires_at > now),
                EmailChange.confirmed_at > now - UNDO_LIVES,
            ),
        )
    )
    return _linked(change) if change else None


def _linked(change: EmailChange) -> LinkedChange:
    done = change.confirmed_at
    until = done + UNDO_LIVES if done else None
    return LinkedChange(change.old_email, change.new_email, done is not None, until)


def undoing_ends_at(*, account_id: int, now: datetime) -> datetime | None:
    """Return until when a former mailbox may take the account back, or None when none may."""
    last = db.session.scalar(
        select(func.max(EmailChange.confirmed_at)).where(
            EmailChange.account_id == account_id,
            EmailChange.ended_at.is_(None),
            EmailChange.confirmed_at > now - UNDO_LIVES,
        )
    )
    return last + UNDO_LIVES if last else None


def since_handover(account_id: int) -> ColumnElement[bool]:
    """Lines of the log that are its present owner's: those before a handover are the former owner's, and private."""
    handed_over = (
        select(func.max(Handover.done_at))
        .where(Handover.account_id == account_id, Handover.done_at.is_not(None))
        .scalar_subquery()
    )
    return or_(handed_over.is_(None), AccountEvent.happened_at >= handed_over)


@dataclass(frozen=True, slots=True)
class WaitingHandover:
    """A handover that is neither done nor over, as its giver sees it."""

    old_email: str
    new_email: str
    expires_at: datetime
    is_given: bool
    is_taken: bool


def waiting_handover(*, account_id: int, now: datetime) -> WaitingHandover | None:
    """Return the handover an account waits for, or None."""
    handover = db.session.scalar(
        select(Handover)
        .where(
            Handover.account_id == account_id,
            Handover.done_at.is_(None),
            Handover.ended_at.is_(None),
            Handover.expires_at > now,
        )
        .order_by(Handover.id.desc())
        .limit(1)
    )
    return _waiting(handover) if handover else None


def handover_of_giver(*, token: str, now: datetime) -> WaitingHandover | None:
    """Return what the giver's link leads to, or None when it holds no more."""
    return _of_link(Handover.giver_token_hash == token_hash(token), now)


def handover_of_taker(*, token: str, now: datetime) -> WaitingHandover | None:
    """Return what the taker's link leads to, or None when it holds no more."""
    return _of_link(Handover.taker_token_hash == token_hash(token), now)


def _of_link(which: ColumnElement[bool], now: datetime) -> WaitingHandover | None:
    handover = db.session.scalar(
        select(Handover).where(
            which,
            Handover.done_at.is_(None),
            Handover.ended_at.is_(None),
            Handover.expires_at > now,
        )
    )
    return _waiting(handover) if handover else None


def _waiting(handover: Handover) -> WaitingHandover:
    return WaitingHandover(
        handover.old_email,
        handover.new_email,
        handover.expires_at,
        handover.given_at is not None,
        handover.taken_at is not None,
    )
