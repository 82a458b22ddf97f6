"""Whose an address is: the account's that has proved the mailbox. Whatever else had laid claim to it is void then."""

from datetime import datetime

from sqlalchemy import exists, select, update

from shop.db import db, use_case
from shop.models.auth import Account, Confirmation, Recovery
from shop.services.auth.sessions import end_sessions


@use_case
def take_address(*, account_id: int, email: str, now: datetime) -> bool:
    """Give a proved address to an account, unless another has it (then False); every other claim to it ends.

    Who the account's owner is hangs on this: only deeds that have heard the mailbox may call it.
    """
    others = select(Account.id).where(Account.email == email, Account.id != account_id)
    if db.session.scalar(select(exists(others.where(Account.email_confirmed_at.is_not(None))))):
        return False
    account = db.session.get_one(Account, account_id)
    account.email, account.email_confirmed_at = email, now
    for claim in db.session.scalars(others).all():
        end_sessions(account_id=claim, now=now)
    db.session.execute(update(Account).where(Account.id.in_(others)).values(password_hash=""))
    db.session.execute(
        update(Confirmation)
        .where(Confirmation.email == email, Confirmation.used_at.is_(None))
        .values(used_at=now)
    )
    return True


@use_case
def end_recovery_links(*, account_id: int, now: datetime) -> None:
    """Let no letter that is under way choose a new password for this account."""
    db.session.execute(
        update(Recovery)
        .where(Recovery.account_id == account_id, Recovery.used_at.is_(None))
        .values(used_at=now)
    )
