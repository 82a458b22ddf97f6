"""The mailbox is lost too: asking that the account be moved to another one."""

import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from shop.db import db, use_case
from shop.models.auth import Account
from shop.models.recovery import LostMailbox
from shop.rules.recovery import request_number
from shop.services.auth import TooManyTries, count_try
from shop.services.recovery._letters import write_to_new


@dataclass(frozen=True, slots=True)
class Told:
    """What a person who lost a mailbox typed or told. The addresses are canonical."""

    family_name: str
    given_name: str
    old_email: str
    new_email: str
    patronymic: str = ""
    order_number: str = ""
    order_kopecks: int | None = None
    knowledge: str = ""
    is_second_step_lost: bool = False


@use_case
def ask_to_move(
    *,
    told: Told,
    once_key: str,
    address: str = "",
    language: str = "ru",
    source: str = "form",
    entered_by: int | None = None,
    now: datetime,
) -> str:
    """Take a request to move an account to another mailbox; return its number. The same form sent twice is one request.

    All is the same whether there is such an account or not: what is done, what is answered, what is written where.

    :raises TooManyTries: when that was asked too often; what employees enter isn't counted.
    """
    known = select(LostMailbox.number).where(LostMailbox.once_key == once_key)
    if once_key and (number := db.session.scalar(known)):
        return number
    if entered_by is None:
        count_try(deed="lost_mailbox", subject=told.old_email, address=address, now=now)
    asked = LostMailbox(
        number=_new_number(),
        account_id=_account_with(told.old_email),
        language=language,
        source=source,
        entered_by=entered_by,
        once_key=once_key or None,
        asked_at=now,
        **asdict(told),
    )
    db.session.add(asked)
    db.session.flush()
    # A mailbox that nobody has shown to be the applicant's isn't flooded; the request is taken all the same.
    with suppress(TooManyTries):
        count_try(deed="lost_mailbox_letter", subject=asked.new_email, address="", now=now)
        write_to_new(asked, "lost_mailbox_received", now)
    return asked.number


def _new_number() -> str:
    while True:
        number = request_number(secrets.randbelow(10**9))
        taken = select(LostMailbox.id).where(LostMailbox.number == number)
        if db.session.scalar(taken) is None:
            return number


def _account_with(email: str) -> int | None:
    return db.session.scalar(
        select(Account.id).where(Account.email == email, Account.email_confirmed_at.is_not(None))
    )
