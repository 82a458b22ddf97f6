"""The letters about a lost mailbox: to the new address, which may be a stranger's, and to the old one."""

from datetime import datetime
from typing import Any

from shop.models.auth import Account
from shop.models.recovery import LostMailbox
from shop.services.notices import queue_letter, write_to


def write_to_new(asked: LostMailbox, letter: str, now: datetime, **facts: Any) -> None:
    """Write to the new address. Nothing that was typed goes into it: it could be an advertisement."""
    queue_letter(
        letter=letter,
        to=asked.new_email,
        language=asked.language,
        facts={"number": asked.number} | facts,
        once_key=f"{letter}-{asked.id}",
        now=now,
    )


def write_to_old(
    asked: LostMailbox, account: Account, letter: str, now: datetime, **facts: Any
) -> None:
    """Write to the mailbox that the account is to leave, or has left."""
    write_to(
        account=account,
        letter=letter,
        to=asked.old_email,
        facts={"number": asked.number} | facts,
        once_key=f"{letter}-{asked.id}",
        now=now,
    )
