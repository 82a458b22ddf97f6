"""Giving back without signing in: an order's number, and a code that goes to the mailbox it was ordered from."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select, update

from shop.db import db, errand, use_case
from shop.db.guarded import changed
from shop.models.auth import Account
from shop.models.orders import Order
from shop.models.returns import ReturnCode
from shop.queries.notices import is_queued
from shop.rules.auth import CODE_LENGTH, CODE_LIVES, code_hash, subject_hash
from shop.services.auth import count_try
from shop.services.notices import queue_errand, write_to

ASKED = "return-code"
MOST_WRONG_CODES = 5


class WrongCode(Exception):
    """The code isn't the one that was mailed for this order, or it is too old."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Whose order the code has opened."""

    account_id: int
    number: str


@errand
def ask_for_code(*, number: str, once_key: str, address: str, now: datetime) -> None:
    """Write down that a code is wished for an order. The same form sent twice asks once.

    Whether there is such an order is looked up by the worker only (`send_code`), so nothing here can tell.

    :raises TooManyTries: when one was asked for too often.
    """
    _ask(number=number, once_key=once_key, address=address, now=now)


@use_case
def _ask(*, number: str, once_key: str, address: str, now: datetime) -> None:
    count_try(deed="return_code", subject=number, address=address, now=now)
    asked = subject_hash(ASKED, f"{once_key}\0{number}", secret=_secret())
    queue_errand(
        kind=ASKED,
        payload={"asked": asked, "facts": {"number": number}},
        once_key=f"{ASKED}-{asked}",
        now=now,
    )


@use_case
def send_code(*, number: str, asked: str, now: datetime) -> None:
    """Write a letter with a code, if there is such an order; earlier codes of it end. The same `asked` told twice is one letter."""
    found = db.session.execute(
        select(Order.id, Account)
        .join(Account, Account.id == Order.account_id)
        .where(Order.number == number)
    ).one_or_none()
    letter_key = f"return-letter-{asked}"
    if found is None or is_queued(once_key=letter_key):
        return
    order_id, account = found
    _end_codes(order_id, now)
    code = f"{secrets.randbelow(10**CODE_LENGTH):0{CODE_LENGTH}}"
    db.session.add(
        ReturnCode(
            order_id=order_id,
            code_hash=_hashed(code, order_id),
            sent_at=now,
            expires_at=now + CODE_LIVES,
        )
    )
    db.session.flush()
    write_to(
        account=account,
        letter="return_code",
        facts={
            "number": number,
            "code": f"{code[:3]} {code[3:]}",
            "minutes": CODE_LIVES // timedelta(minutes=1),
        },
        once_key=letter_key,
        now=now,
    )


def _end_codes(order_id: int, now: datetime) -> None:
    changed(
        update(ReturnCode)
        .where(ReturnCode.order_id == order_id, ReturnCode.used_at.is_(None))
        .values(used_at=now)
    )


@errand
def open_by_code(*, number: str, code: str, address: str, now: datetime) -> Opened:
    """Take the code of an order, once, and return whose order it is.

    :raises WrongCode: when it isn't the one, was used, or is too old; after five wrong ones another is needed.
    :raises TooManyTries: when too many were tried.
    """
    opened = _try_code(number=number, code=code, address=address, now=now)
    if opened is None:
        raise WrongCode
    return opened


@use_case
def _try_code(*, number: str, code: str, address: str, now: datetime) -> Opened | None:
    """Raising would uncount the wrong try; so the fault is returned."""
    count_try(deed="return_code_try", subject=number, address=address, now=now)
    found = db.session.execute(
        select(ReturnCode.id, ReturnCode.code_hash, ReturnCode.order_id, Order.account_id)
        .join(Order, Order.id == ReturnCode.order_id)
        .where(
            Order.number == number,
            ReturnCode.used_at.is_(None),
            ReturnCode.expires_at > now,
            ReturnCode.wrong_tries < MOST_WRONG_CODES,
        )
        .order_by(ReturnCode.id.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    is_right = hmac.compare_digest(found.code_hash, _hashed(code, found.order_id))
    values = {"used_at": now} if is_right else {"wrong_tries": ReturnCode.wrong_tries + 1}
    changed(update(ReturnCode).where(ReturnCode.id == found.id).values(values))
    return Opened(found.account_id, number) if is_right else None


def _hashed(code: str, order_id: int) -> str:
    # Not the key of an account's codes: one of six digits must never open both.
    return subject_hash(
        "return-code", code_hash(code, account_id=order_id, secret=_secret()), secret=_secret()
    )


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])
