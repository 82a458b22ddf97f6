"""Sign-ins: each browser holds a token of its own, and each can be ended from another."""

import secrets
from datetime import datetime

from sqlalchemy import select, update

from shop.db import db, use_case
from shop.models.auth import Account, UserSession
from shop.rules.auth import token_hash
from shop.rules.devices import Device
from shop.services.notices import write_to
from shop.services.profile import note_event


@use_case
def open_session(
    *, account_id: int, way: str, device: Device, is_known_device: bool = True, now: datetime
) -> str:
    """Sign a browser in; return the token that it keeps.

    `way` is "registration", "password", "second_step" or "passkey". The mailbox is told of a device that was
    never used before.
    """
    token = secrets.token_urlsafe(32)
    db.session.add(
        UserSession(
            account_id=account_id,
            token_hash=token_hash(token),
            way=way,
            opened_at=now,
            proved_at=now,
            seen_at=now,
            **device.kept,
        )
    )
    if way == "registration":
        return token
    kind = "signed_in" if is_known_device else "signed_in_on_new_device"
    note_event(account_id=account_id, kind=kind, facts={"way": way}, device=device, now=now)
    if not is_known_device:
        _write_of_new_device(account_id, token, device, now)
    return token


@use_case
def prove_again(*, session_id: int, now: datetime) -> None:
    """Note that the person at a session has just shown the password or a passkey again."""
    db.session.execute(
        update(UserSession).where(UserSession.id == session_id).values(proved_at=now, seen_at=now)
    )


@use_case
def renew_session(*, session_id: int, now: datetime) -> str:
    """Give a browser a new token for the sign-in it has: what it may do has changed, and the old token ends."""
    token = secrets.token_urlsafe(32)
    db.session.execute(
        update(UserSession)
        .where(UserSession.id == session_id)
        .values(token_hash=token_hash(token), seen_at=now)
    )
    return token


@use_case
def note_seen(*, session_id: int, device: Device, now: datetime) -> None:
    """Note that a session is in use, and from where."""
    db.session.execute(
        update(UserSession)
        .where(UserSession.id == session_id)
        .values(seen_at=now, country=device.country, network=device.network)
    )


@use_case
def end_session(*, account_id: int, session_id: int, now: datetime) -> bool:
    """Sign one of an account's browsers out; False when that was done already or it is no session of this account."""
    ended = db.session.scalars(
        update(UserSession)
        .where(
            UserSession.id == session_id,
            UserSession.account_id == account_id,
            UserSession.ended_at.is_(None),
        )
        .values(ended_at=now)
        .returning(UserSession.id)
    ).all()
    return bool(ended)


@use_case
def end_sessions(*, account_id: int, but: int | None = None, now: datetime) -> int:
    """Sign an account out everywhere, except in the session `but`; return how many were ended."""
    open_ones = update(UserSession).where(
        UserSession.account_id == account_id, UserSession.ended_at.is_(None)
    )
    if but is not None:
        open_ones = open_ones.where(UserSession.id != but)
    ended = open_ones.values(ended_at=now).returning(UserSession.id)
    return len(db.session.scalars(ended).all())


@use_case
def leave(*, account_id: int, session_id: int, device: Device, now: datetime) -> None:
    """Sign a browser out, as the person at it asked."""
    if end_session(account_id=account_id, session_id=session_id, now=now):
        note_event(account_id=account_id, kind="signed_out", device=device, now=now)


def _write_of_new_device(account_id: int, token: str, device: Device, now: datetime) -> None:
    account = db.session.scalars(select(Account).where(Account.id == account_id)).one()
    write_to(
        account=account,
        letter="new_device",
        facts={
            "device": device.name,
            "country": device.country,
            "network": device.network,
            "at": now.isoformat(),
        },
        once_key=f"new-device-{token_hash(token)[:32]}",
        now=now,
    )
