"""A forgotten password: a new one by way of the mailbox."""

import secrets
from datetime import datetime

from flask import current_app
from sqlalchemy import select, update

from shop.db import db, errand, use_case
from shop.models.auth import Account, Recovery
from shop.queries.notices import is_queued
from shop.rules.auth import RECOVERY_LIVES, canonical_email, subject_hash, token_hash
from shop.services.auth import PASSWORDS, count_try, end_sessions
from shop.services.notices import queue_errand, write_to
from shop.services.profile import note_event
from shop.services.recovery.code import CodeIsOver, WrongCode, take_code
from shop.services.security.moving import end_moves

ASKED = "recovery-link"


class LinkIsOver(Exception):
    """The link was used, is too old, was replaced by a newer one, or never was."""


@errand
def ask_for_link(
    *, email: str, key: str, code: str = "", proof: str = "", address: str = "", now: datetime
) -> None:
    """Take the code, and write down that a link is wished for this address.

    Whether there is such an account is looked up by the worker only (`send_link`), so nothing here can tell, not even
    the time it takes. The same form sent twice asks once.

    :raises WrongCode: when the code isn't the one; it is spent, and another is needed.
    :raises CodeIsOver: when the code was too old or was used before.
    :raises TooManyTries: when a link was asked for too often.
    """
    fault = _ask(
        email=canonical_email(email), key=key, code=code, proof=proof, address=address, now=now
    )
    if fault is not None:
        raise fault


@use_case
def _ask(
    *, email: str, key: str, code: str, proof: str, address: str, now: datetime
) -> CodeIsOver | WrongCode | None:
    asked = subject_hash(ASKED, f"{key}\0{email}", secret=current_app.config["SECRET_KEY"])
    fault = take_code(key=key, code=code, proof=proof, now=now)
    if isinstance(fault, CodeIsOver) and is_queued(once_key=f"{ASKED}-{asked}"):
        return None
    if fault is None:
        count_try(deed="recovery", subject=email, address=address, now=now)
        queue_errand(
            kind=ASKED,
            payload={"asked": asked, "facts": {"email": email}},
            once_key=f"{ASKED}-{asked}",
            now=now,
        )
    return fault


@use_case
def send_link(*, email: str, asked: str = "", now: datetime) -> None:
    """Write a letter with a link to a new password, if there is such an account. Older links end.

    The same `asked` told twice is one letter.
    """
    is_owner = Account.email == canonical_email(email), Account.email_confirmed_at.is_not(None)
    account = db.session.scalar(select(Account).where(*is_owner))
    asked = asked or secrets.token_hex(16)
    if account is None or is_queued(once_key=f"recovery-{asked}"):
        return
    _end_links(account.id, now)
    token = secrets.token_urlsafe(32)
    db.session.add(
        Recovery(
            account_id=account.id,
            email=account.email,
            token_hash=token_hash(token),
            asked_at=now,
            expires_at=now + RECOVERY_LIVES,
        )
    )
    write_to(
        account=account,
        letter="recovery",
        facts={
            "link": f"/auth/recovery/password?token={token}",
            "minutes": RECOVERY_LIVES.seconds // 60,
        },
        once_key=f"recovery-{asked}",
        now=now,
    )


@errand
def choose_password(*, token: str, password: str, now: datetime) -> None:
    """Put a new password in place of the old one, end every session, and tell the mailbox.

    Signs nobody in: an account with a second step still asks for it.

    :raises LinkIsOver: when the link doesn't hold (any more); then nothing has changed.
    """
    _put_password(token=token, password_hash=PASSWORDS.hashed(password), now=now)


@use_case
def _put_password(*, token: str, password_hash: str, now: datetime) -> None:
    asked = db.session.scalar(
        update(Recovery)
        .where(
            Recovery.token_hash == token_hash(token),
            Recovery.used_at.is_(None),
            Recovery.expires_at > now,
        )
        .values(used_at=now)
        .returning(Recovery)
    )
    if asked is None:
        raise LinkIsOver
    account = db.session.get_one(Account, asked.account_id)
    if account.email != asked.email:  # It has moved: the old mailbox opens it no more.
        raise LinkIsOver
    account.password_hash = password_hash
    end_sessions(account_id=account.id, now=now)
    note_event(account_id=account.id, kind="password_recovered", now=now)
    _end_links(account.id, now)
    # Whoever knew the old password may have sent the account on its way to another mailbox.
    end_moves(account_id=account.id, now=now)
    write_to(
        account=account,
        letter="password_changed",
        facts={},
        once_key=f"password-changed-{asked.token_hash[:32]}",
        now=now,
    )


def _end_links(account_id: int, now: datetime) -> None:
    db.session.execute(
        update(Recovery)
        .where(Recovery.account_id == account_id, Recovery.used_at.is_(None))
        .values(used_at=now)
    )
