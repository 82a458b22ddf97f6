"""Proving a mailbox, by the link or by the code of a letter."""

import hmac
import secrets
from datetime import datetime

from flask import current_app
from sqlalchemy import ColumnElement, select

from shop.db import db, errand, use_case
from shop.models.auth import Account, Confirmation
from shop.queries.notices import is_queued
from shop.rules.auth import (
    CODE_LENGTH,
    CODE_LIVES,
    LINK_LIVES,
    MOST_WRONG_CODES,
    canonical_email,
    code_digits,
    code_hash,
    token_hash,
)
from shop.rules.names import greeting, looks_like_a_name
from shop.services.auth.addresses import take_address
from shop.services.auth.tries import count_try
from shop.services.notices import queue_errand, queue_letter
from shop.services.profile import note_event

AGAIN = "confirmation-again"


class NotConfirmed(Exception):
    """The mailbox is not proved by this."""


class LinkIsOver(NotConfirmed):
    """The link was used, is too old, or never was."""


class WrongCode(NotConfirmed):
    """The code isn't the one in the letter."""


class CodeIsOver(NotConfirmed):
    """The code is too old, or too many wrong ones were tried: a new letter is needed."""


@use_case
def write_confirmation(*, account_id: int, asked: str = "", now: datetime) -> None:
    """Write the letter that lets an account's owner prove the mailbox. The same `asked` told twice is one letter.

    When the mailbox is an older account's, the letter says so instead, and proves nothing; all the
    rest is the same, so that whoever is at the screen learns nothing of it.
    """
    # Not by the account's or the row's id: SQLite gives the id of a deleted row out again.
    once_key = f"confirmation-{asked or secrets.token_hex(16)}"
    if is_queued(once_key=once_key):
        return
    account = db.session.get_one(Account, account_id)
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**CODE_LENGTH):0{CODE_LENGTH}}"
    sent = Confirmation(
        account_id=account.id,
        email=account.email,
        token_hash=token_hash(token),
        code_hash=_hashed(code, account.id),
        sent_at=now,
        expires_at=now + LINK_LIVES,
    )
    db.session.add(sent)
    db.session.flush()
    owner = db.session.scalar(
        select(Account).where(
            Account.email == account.email, Account.email_confirmed_at.is_not(None)
        )
    )
    queue_letter(
        letter="already_registered" if owner else "confirmation",
        to=account.email,
        language=(owner or account).language,
        facts=_facts_for_owner(owner) if owner else _facts(account, token, code),
        once_key=once_key,
        now=now,
    )


def _facts_for_owner(owner: Account) -> dict[str, object]:
    return {"greeting": greeting(owner.given_name, owner.patronymic, owner.greeting)}


def _facts(account: Account, token: str, code: str) -> dict[str, object]:
    return {
        "greeting": _greeting(account),
        "link": f"/auth/confirmation?token={token}",
        "code": f"{code[:3]} {code[3:]}",
        "code_minutes": CODE_LIVES.seconds // 60,
        "link_hours": LINK_LIVES.days * 24,
    }


def _greeting(account: Account) -> str:
    """The name, unless it is an advertisement that the shop would carry to a stranger's mailbox."""
    is_name = looks_like_a_name(account.given_name) and looks_like_a_name(account.patronymic)
    return greeting(account.given_name, account.patronymic, account.greeting) if is_name else ""


@use_case
def send_confirmation_again(
    *, account_id: int | None, email: str = "", address: str = "", now: datetime
) -> None:
    """Ask for one more letter; older ones stay valid. Known by the account, or only by the address it is opened with.

    Whether somebody waits for one is looked up by the worker only (`write_again`), so nothing here can tell, not even
    the time it takes.

    :raises TooManyTries: with how long to wait.
    """
    if account_id is not None:
        email = db.session.get_one(Account, account_id).email
    email = canonical_email(email)
    count_try(deed="letter", subject=email, address=address, now=now)
    asked = secrets.token_hex(16)
    queue_errand(
        kind=AGAIN,
        payload={"asked": asked, "account_id": account_id, "facts": {"email": email}},
        once_key=f"{AGAIN}-{asked}",
        now=now,
    )


@use_case
def write_again(*, asked: str, account_id: int | None, email: str, now: datetime) -> None:
    """Write the letter that was asked for, to the newest account that still has to prove this mailbox, if any."""
    account = db.session.scalar(
        select(Account)
        .where(_is_claim(account_id, email))
        .order_by(Account.created_at.desc(), Account.id.desc())
        .limit(1)
    )
    if account is not None:
        write_confirmation(account_id=account.id, asked=asked, now=now)


@use_case
def confirm_by_token(*, token: str, now: datetime) -> int:
    """Prove a mailbox by the link of a letter; return the account's id. Pressed twice is as good as once.

    :raises LinkIsOver: when it was too late, or when somebody else proved the mailbox before.
    """
    sent = db.session.scalar(
        select(Confirmation).where(Confirmation.token_hash == token_hash(token))
    )
    if sent is None:
        raise LinkIsOver
    account = db.session.get_one(Account, sent.account_id)
    if account.email_confirmed_at and account.email == sent.email:
        return account.id
    if sent.used_at or sent.expires_at <= now or not _prove(account, now):
        raise LinkIsOver
    return account.id


@errand
def confirm_by_code(
    *, account_id: int | None, email: str = "", code: str, address: str = "", now: datetime
) -> int:
    """Prove a mailbox by the code of a letter, typed anywhere; return the account's id.

    :raises WrongCode: when it isn't the code.
    :raises CodeIsOver: when only a new letter helps.
    :raises TooManyTries: when too many codes were tried from this address.
    """
    if account_id is None:
        count_try(deed="code", subject=email, address=address, now=now)
    answer = _try_code(
        account_id=account_id, email=canonical_email(email), code=code_digits(code), now=now
    )
    if isinstance(answer, NotConfirmed):
        raise answer
    return answer


@use_case
def _try_code(
    *, account_id: int | None, email: str, code: str, now: datetime
) -> int | NotConfirmed:
    """Compare, and count what was wrong. The fault is returned, not raised: raising would undo the counting."""
    account = db.session.get(Account, account_id) if account_id else None
    if account and account.email_confirmed_at:
        return account.id
    sent = db.session.scalars(
        select(Confirmation)
        .join(Account, Account.id == Confirmation.account_id)
        .where(
            _is_claim(account_id, email),
            Confirmation.used_at.is_(None),
            Confirmation.expires_at > now,
        )
        .order_by(Confirmation.id.desc())
        .limit(20)
    ).all()
    live = [
        one for one in sent if one.sent_at + CODE_LIVES > now and one.wrong_tries < MOST_WRONG_CODES
    ]
    for one in live:
        if hmac.compare_digest(one.code_hash, _hashed(code, one.account_id)) and _prove(
            db.session.get_one(Account, one.account_id), now
        ):
            return one.account_id
    for one in live:
        one.wrong_tries += 1
    was_right = any(
        hmac.compare_digest(one.code_hash, _hashed(code, one.account_id)) for one in sent
    )
    return CodeIsOver() if was_right or not live else WrongCode()


def _prove(account: Account, now: datetime) -> bool:
    """Give the address to this account, unless another has it; every other claim to it ends."""
    if not take_address(account_id=account.id, email=account.email, now=now):
        return False
    note_event(
        account_id=account.id, kind="email_confirmed", facts={"email": account.email}, now=now
    )
    return True


def _is_claim(account_id: int | None, email: str) -> ColumnElement[bool]:
    """Accounts whose mailbox may still be proved: this one, or all with this address."""
    whose = Account.id == account_id if account_id is not None else Account.email == email
    return whose & Account.email_confirmed_at.is_(None) & (Account.password_hash != "")


def _hashed(code: str, account_id: int) -> str:
    return code_hash(code, account_id=account_id, secret=current_app.config["SECRET_KEY"])
