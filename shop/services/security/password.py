"""A new password, chosen by somebody who has just shown the old one."""

from datetime import datetime

from sqlalchemy import exists, select, update

from shop.db import db, errand, use_case
from shop.models.auth import Account, Recovery, UserSession
from shop.rules.devices import Device
from shop.services.auth import PASSWORDS, end_sessions
from shop.services.notices import write_to
from shop.services.profile import note_event
from shop.services.security.devices import end_other_devices


@errand
def change_password(
    *, account_id: int, session_id: int, password: str, device: Device, now: datetime
) -> bool:
    """Put a new password in place of the old one, sign out everywhere else, and tell the mailbox.

    False when it is the password already (a form sent twice): then only the others are signed out.
    """
    kept = db.session.scalars(select(Account.password_hash).where(Account.id == account_id)).one()
    if PASSWORDS.fits(password, kept):
        end_other_devices(account_id=account_id, session_id=session_id, device=device, now=now)
        return False
    return _put_password(
        account_id=account_id,
        session_id=session_id,
        # Made outside the transaction: nobody should wait while it is counted.
        password_hash=PASSWORDS.hashed(password),
        instead_of=kept,
        device=device,
        now=now,
    )


@use_case
def _put_password(
    *,
    account_id: int,
    session_id: int,
    password_hash: str,
    instead_of: str,
    device: Device,
    now: datetime,
) -> bool:
    # Whoever was signed out meanwhile, by the owner's own new password, changes nothing any more.
    is_open = exists().where(UserSession.id == session_id, UserSession.ended_at.is_(None))
    account = db.session.scalar(
        update(Account)
        .where(Account.id == account_id, Account.password_hash == instead_of, is_open)
        .values(password_hash=password_hash)
        .returning(Account)
    )
    if account is None:
        return False
    end_sessions(account_id=account_id, but=session_id, now=now)
    # A link to another new password may lie in a mailbox that somebody else reads.
    db.session.execute(
        update(Recovery)
        .where(Recovery.account_id == account_id, Recovery.used_at.is_(None))
        .values(used_at=now)
    )
    note_event(account_id=account_id, kind="password_changed", device=device, now=now)
    _write_of_it(account, session_id, device, now)
    return True


def _write_of_it(account: Account, session_id: int, device: Device, now: datetime) -> None:
    write_to(
        account=account,
        letter="password_changed_here",
        facts={
            "device": device.name,
            "country": device.country,
            "network": device.network,
            "at": now.isoformat(),
        },
        once_key=f"password-changed-{account.id}-{session_id}-{now.isoformat()}",
        now=now,
    )
