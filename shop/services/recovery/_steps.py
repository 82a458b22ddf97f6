"""What every step of a lost mailbox's request has in common: it is taken once, noted, and only while the account is there."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select, update

from shop.db import db
from shop.models.auth import Account
from shop.models.recovery import LostMailbox
from shop.rules.devices import NO_DEVICE, Device
from shop.services.profile import note_event


def take(*conditions: ColumnElement[bool], **values: Any) -> LostMailbox | None:
    """Change the one request that these conditions fit; None when it isn't so (any more)."""
    taken = db.session.scalars(
        update(LostMailbox)
        .where(*conditions)
        .values(**values)
        .returning(LostMailbox)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).all()
    return taken[0] if taken else None


def owner_of(asked: LostMailbox) -> Account | None:
    """The account that is asked for; None when no account has the old address (now)."""
    account = db.session.get(Account, asked.account_id) if asked.account_id else None
    if account is None or account.email != asked.old_email:
        return None
    return account if account.email_confirmed_at and not account.ended_at else None


def is_taken(email: str) -> bool:
    """True when an address is somebody's who has proved it."""
    proved = exists().where(Account.email == email, Account.email_confirmed_at.is_not(None))
    return bool(db.session.scalar(select(proved)))


def note(
    kind: str,
    asked: LostMailbox,
    now: datetime,
    *,
    actor_id: int | None = None,
    device: Device = NO_DEVICE,
    facts: dict[str, Any] | None = None,
) -> None:
    """Write it into the log that the account's owner reads; without an account there is nobody to read it."""
    if asked.account_id is not None:
        note_event(
            account_id=asked.account_id,
            kind=kind,
            facts={"number": asked.number} | (facts or {}),
            device=device,
            actor_id=actor_id,
            now=now,
        )
