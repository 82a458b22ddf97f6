"""Another e-mail for an account: the new mailbox confirms, the old one is warned and may take it back for a week."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update

from shop.db import db, errand, use_case
from shop.models.auth import Account
from shop.models.security import EmailChange
from shop.rules.auth import canonical_email, masked_email, token_hash
from shop.rules.devices import Device
from shop.rules.moving import CHANGE_LIVES, UNDO_LIVES
from shop.rules.names import looks_like_a_name
from shop.services.auth import (
    PASSWORDS,
    count_try,
    end_recovery_links,
    end_sessions,
    take_address,
)
from shop.services.notices import write_to
from shop.services.profile import note_event
from shop.services.security.moving import (
    AddressTaken,
    MoveIsOver,
    SameAddress,
    end_moves,
    forget_keys,
)


class ChangeIsDone(Exception):
    """The change was confirmed meanwhile: stopping is too late, taking it back isn't."""


@use_case
def ask_for_change(*, account_id: int, new_email: str, device: Device, now: datetime) -> None:
    """Write to the new mailbox for a confirmation, and to the old one that this was asked. An older change ends.

    Whether the new address is somebody's makes no difference here: the letter to it alone tells.

    :raises SameAddress: when the account has this address already.
    :raises TooManyTries: when this was asked too often.
    """
    new_email = canonical_email(new_email)
    account = db.session.get_one(Account, account_id)
    if account.email == new_email:
        raise SameAddress
    for subject in (f"account {account_id}", new_email):
        count_try(deed="email_change", subject=subject, address=device.address, now=now)
    _end_waiting(account_id, now)
    token, undo_token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    change = EmailChange(
        account_id=account_id,
        old_email=account.email,
        new_email=new_email,
        token_hash=token_hash(token),
        undo_token_hash=token_hash(undo_token),
        asked_at=now,
        expires_at=now + CHANGE_LIVES,
    )
    db.session.add(change)
    db.session.flush()
    _note(change, "email_change_asked", device, now)
    _ask_new_mailbox(change, account, token, now)
    warned = {
        "new_email": new_email,
        "link": f"/auth/email/cancellation?token={undo_token}",
        "days": UNDO_LIVES.days,
        "at": now.isoformat(),
        **device.kept,
    }
    key = change.token_hash[:32]
    _write("email_change_warning", change.old_email, account, warned, key, now)


def _ask_new_mailbox(change: EmailChange, account: Account, token: str, now: datetime) -> None:
    """Ask for the confirmation; when the mailbox is another account's, tell its owner instead, and prove nothing."""
    owner = db.session.scalar(
        select(Account).where(
            Account.email == change.new_email, Account.email_confirmed_at.is_not(None)
        )
    )
    if owner is not None:
        _write("email_change_taken", change.new_email, owner, {}, change.token_hash[:32], now)
        return
    facts = {
        "old_email": masked_email(change.old_email),
        "new_email": change.new_email,
        "link": f"/auth/email/confirmation?token={token}",
        "hours": int(CHANGE_LIVES.total_seconds()) // 3600,
    }
    # A name that is an advertisement isn't carried to a stranger's mailbox.
    if not (looks_like_a_name(account.given_name) and looks_like_a_name(account.patronymic)):
        facts["greeting"] = ""
    _write("email_change_confirm", change.new_email, account, facts, change.token_hash[:32], now)


@use_case
def confirm_change(*, token: str, but: int | None, device: Device, now: datetime) -> int:
    """Give the account its new address, by the link sent there; return the account's id. Twice is as good as once.

    Every session ends but the one (`but`) at the browser that confirms, if it is this account's.

    :raises MoveIsOver: when the link doesn't hold (any more).
    :raises AddressTaken: when the mailbox has become another account's meanwhile.
    """
    asked = db.session.scalar(
        select(EmailChange).where(EmailChange.token_hash == token_hash(token))
    )
    if asked is None:
        raise MoveIsOver
    account = db.session.get_one(Account, asked.account_id)
    if asked.confirmed_at and not asked.ended_at and account.email == asked.new_email:
        return account.id
    later_token = secrets.token_urlsafe(32)
    change = db.session.scalar(
        update(EmailChange)
        .where(
            EmailChange.id == asked.id,
            EmailChange.confirmed_at.is_(None),
            EmailChange.ended_at.is_(None),
            EmailChange.expires_at > now,
        )
        .values(confirmed_at=now, later_undo_token_hash=token_hash(later_token))
        .returning(EmailChange)
    )
    if change is None or account.ended_at or account.email != change.old_email:
        raise MoveIsOver
    if not take_address(account_id=account.id, email=change.new_email, now=now):
        raise AddressTaken
    _close(account.id, but, now)
    _note(change, "email_changed", device, now)
    _tell_old_mailbox(change, account, later_token, device, now)
    return account.id


def _tell_old_mailbox(
    change: EmailChange, account: Account, token: str, device: Device, now: datetime
) -> None:
    """Tell the former address for the last time, with a link of its own that takes everything back."""
    facts = {
        "new_email": change.new_email,
        "link": f"/auth/email/cancellation?token={token}",
        "until": (now + UNDO_LIVES).isoformat(),
        "at": now.isoformat(),
        **device.kept,
    }
    _write("email_changed", change.old_email, account, facts, change.token_hash[:32], now)


@use_case
def stop_change(*, account_id: int, device: Device, now: datetime) -> bool:
    """Think better of a change that isn't confirmed yet; False when there is none."""
    changes = _end_waiting(account_id, now)
    for change in changes:
        _note(change, "email_change_stopped", device, now)
    return bool(changes)


@use_case
def stop_change_by_link(*, token: str, device: Device, now: datetime) -> None:
    """Stop a change, as the old mailbox wishes. Twice is as good as once.

    :raises ChangeIsDone: when it was confirmed: then it is taken back with a new password.
    :raises MoveIsOver: when the link doesn't hold (any more).
    """
    change = db.session.scalar(select(EmailChange).where(_undone_by(token)))
    if change is None:
        raise MoveIsOver
    if change.confirmed_at:
        raise MoveIsOver if change.ended_at else ChangeIsDone
    if change.ended_at is None:
        change.ended_at = now
        _note(change, "email_change_stopped", device, now)


@errand
def undo_change(*, token: str, password: str, device: Device, now: datetime) -> int:
    """Bring the old address back, with a new password: whoever changed it knew the old one. Return the account's id.

    Every session and every recovery link ends, later changes are void, and so are the passkeys and the second step
    that came after the change was asked.

    :raises MoveIsOver: when the link doesn't hold (any more); then nothing has changed.
    :raises AddressTaken: when the old address is another account's by now.
    """
    return _undo(token=token, password_hash=PASSWORDS.hashed(password), device=device, now=now)


@use_case
def _undo(*, token: str, password_hash: str, device: Device, now: datetime) -> int:
    change = db.session.scalar(
        update(EmailChange)
        .where(
            _undone_by(token),
            EmailChange.confirmed_at > now - UNDO_LIVES,
            EmailChange.ended_at.is_(None),
        )
        .values(ended_at=now)
        .returning(EmailChange)
    )
    if change is None:
        raise MoveIsOver
    account = db.session.get_one(Account, change.account_id)
    had = account.email
    if account.ended_at:
        raise MoveIsOver
    if not take_address(account_id=account.id, email=change.old_email, now=now):
        raise AddressTaken
    account.password_hash = password_hash
    _end_later(change, now)
    _close(account.id, None, now)
    forget_keys(account_id=account.id, since=change.asked_at)
    note_event(
        account_id=account.id,
        kind="email_change_undone",
        facts={"old": had, "new": change.old_email},
        device=device,
        now=now,
    )
    facts = {"old_email": change.old_email, "new_email": had, "at": now.isoformat()} | device.kept
    for number, to in enumerate(dict.fromkeys((change.old_email, had, change.new_email))):
        key = f"{change.token_hash[:32]}-{number}"
        _write("email_change_undone", to, account, facts, key, now)
    return account.id


def _undone_by(token: str) -> Any:
    kept = token_hash(token)
    return or_(EmailChange.undo_token_hash == kept, EmailChange.later_undo_token_hash == kept)


def _end_waiting(account_id: int, now: datetime) -> list[EmailChange]:
    """End what isn't confirmed; return those that might still have been."""
    waiting = (
        update(EmailChange)
        .where(
            EmailChange.account_id == account_id,
            EmailChange.confirmed_at.is_(None),
            EmailChange.ended_at.is_(None),
        )
        .values(ended_at=now)
        .returning(EmailChange)
    )
    return [change for change in db.session.scalars(waiting).all() if change.expires_at > now]


def _end_later(change: EmailChange, now: datetime) -> None:
    """Void what came after: a thief's second change mustn't lead back to the thief's first mailbox."""
    db.session.execute(
        update(EmailChange)
        .where(
            EmailChange.account_id == change.account_id,
            EmailChange.id > change.id,
            EmailChange.ended_at.is_(None),
        )
        .values(ended_at=now)
    )


def _close(account_id: int, but: int | None, now: datetime) -> None:
    """Shut every other way into the account that was open at its former address."""
    end_sessions(account_id=account_id, but=but, now=now)
    end_recovery_links(account_id=account_id, now=now)
    end_moves(account_id=account_id, now=now)


def _note(change: EmailChange, kind: str, device: Device, now: datetime) -> None:
    facts = {"old": change.old_email, "new": change.new_email}
    note_event(account_id=change.account_id, kind=kind, facts=facts, device=device, now=now)


def _write(
    letter: str, to: str, account: Account, facts: dict[str, Any], key: str, now: datetime
) -> None:
    """Queue a letter to an address that isn't always the account's own; `facts` may bring another greeting."""
    write_to(
        account=account,
        letter=letter,
        to=to,
        facts=facts,
        once_key=f"{letter}-{key}",
        now=now,
    )
