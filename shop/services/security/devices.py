"""Signing out elsewhere, from the device one sits at."""

from datetime import datetime

from sqlalchemy import select

from shop.db import db, use_case
from shop.models.auth import UserSession
from shop.rules.devices import Device
from shop.services.auth import end_session, end_sessions
from shop.services.profile import note_event


@use_case
def end_device(*, account_id: int, session_id: int, device: Device, now: datetime) -> bool:
    """Sign one of an account's devices out; False when it was out already. `device` is where that was asked.

    :raises NoResultFound: when it is no device of this account.
    """
    ended = db.session.scalars(
        select(UserSession.device).where(
            UserSession.id == session_id, UserSession.account_id == account_id
        )
    ).one()
    if not end_session(account_id=account_id, session_id=session_id, now=now):
        return False
    note_event(
        account_id=account_id,
        kind="session_ended",
        facts={"device": ended},
        device=device,
        now=now,
    )
    return True


@use_case
def end_other_devices(*, account_id: int, session_id: int, device: Device, now: datetime) -> int:
    """Sign an account out everywhere but at `session_id`; return on how many devices that was."""
    count = end_sessions(account_id=account_id, but=session_id, now=now)
    if count:
        note_event(
            account_id=account_id,
            kind="sessions_ended",
            facts={"count": count},
            device=device,
            now=now,
        )
    return count
