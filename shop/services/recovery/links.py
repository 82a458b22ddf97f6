"""A forgotten password: a new one by way of the mailbox."""

import secrets
from datetime import datetime

from sqlalchemy import select, update

from shop.db import db, errand, use_case
from shop.models.auth import Account, Recovery
from shop.rules.auth import RECOVERY_LIVES, canonical_email, token_hash
from shop.rules.names import greeting
from shop.services.auth import PASSWORDS, count_try, end_sessions
from shop.services.notices import queue_letter
from shop.services.profile import note_event


class LinkIsOver(Exception):
    """The link was used, is too old, was replaced by a newer one, or never was."""


@use_case
def send_link(*, email: str, address: str = "", now: datetime) -> None:
    """Write a letter with a link to a new password, if there is such an account. Older links end.

    :raises TooManyTries: when that was asked too often; whether there is such an account makes no difference.
    """
    email = canonical_email(email)
    count_try(deed="recovery", subject=email, address=address, now=now)
    account = db.session.scalar(
        select(Account).where(Account.email == email, Account.email_confirmed_at.is_not(None))
    )
    if account is None:
        return
    _end_links(account.id, now)
    token = secrets.token_urlsafe(32)
    asked = Recovery(
        account_id=account.id,
        token_hash=token_hash(token),
        asked_at=now,
        expires_at=now + RECOVERY_LIVES,
    )
    db.session.add(asked)
    db.session.flush()
    queue_letter(
        letter="recovery",
        to=account.email,
        language=account.language,
        facts={
            "greeting": greeting(account.given_name, account.patronymic, account.greeting),
            "link": f"/auth/recovery/password?token={token}",
            "minutes": RECOVERY_LIVES.seconds // 60,
        },
        once_key=f"recovery-{asked.id}",
        now=now,
    )


@errand
def choose_password(*, token: str, password: str, now: datetime) -> None:
    """Put a new password in place of the old one, end every session, and tell the mailbox.

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
    account.password_hash = password_hash
    end_sessions(account_id=account.id, now=now)
    note_event(account_id=account.id, kind="password_recovered", now=now)
    _end_links(account.id, now)
    queue_letter(
        letter="password_changed",
        to=account.email,
        language=account.language,
        facts={"greeting": greeting(account.given_name, account.patronymic, account.greeting)},
        once_key=f"password-changed-{asked.id}",
        now=now,
    )


def _end_links(account_id: int, now: datetime) -> None:
    db.session.execute(
        update(Recovery)
        .where(Recovery.account_id == account_id, Recovery.used_at.is_(None))
        .values(used_at=now)
    )
