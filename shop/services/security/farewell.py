"""«Delete my account»: asked for, thought over for a month, then done by the worker."""

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from shop.db import db, errand, use_case
from shop.db.rounds import one_by_one
from shop.gateways import exports
from shop.models.auth import Account
from shop.models.notices import OutboxItem
from shop.queries.ledger import balance_of
from shop.queries.security.farewell import belongings_of, due_accounts, has_role, is_due
from shop.rules.devices import Device
from shop.rules.farewell import LAST_LETTER_LIVES, ends_at
from shop.rules.ledger import PROMO_COST, flow, promo
from shop.services.auth import end_sessions
from shop.services.ledger import post
from shop.services.notices import LETTER, write_to
from shop.services.profile import note_event
from shop.services.security.forgetting import forget_person
from shop.services.security.moving import end_moves

log = logging.getLogger("shop.security")


class IsEmployees(Exception):
    """An employee's account: the roles must be taken off it first."""


@use_case
def ask_to_end(*, account_id: int, session_id: int, device: Device, now: datetime) -> datetime:
    """Let an account end in a month; return when. Every other sign-in ends now. Asked twice is asked once.

    :raises IsEmployees: when the account has a role in the shop.
    """
    account = db.session.get_one(Account, account_id)
    if account.ends_at is not None:
        return account.ends_at
    if db.session.scalar(select(has_role()).where(Account.id == account_id)):
        raise IsEmployees
    account.ends_at = ends_at(now)
    has = belongings_of(account_id=account_id)
    # What is agreed to be lost, as it stood when it was; and what the account waits for.
    told = {
        "ends_at": account.ends_at.isoformat(),
        "points": has.points,
        "promo_kopecks": has.promo,
    }
    note_event(account_id=account_id, kind="deletion_asked", facts=told, device=device, now=now)
    end_sessions(account_id=account_id, but=session_id, now=now)
    # The old mailbox keeps its right to take a change back: whoever took the account over may be the one who asks.
    end_moves(account_id=account_id, now=now)
    told |= {"at": now.isoformat(), "balance_kopecks": has.balance, **device.kept}
    _write("account_ends", account, told, now)
    return account.ends_at


@use_case
def stay(*, account_id: int, device: Device, now: datetime) -> bool:
    """Keep an account after all; False when it wasn't about to end."""
    account = db.session.get_one(Account, account_id)
    if account.ends_at is None or account.ended_at is not None:
        return False
    account.ends_at = None
    note_event(account_id=account_id, kind="deletion_stopped", device=device, now=now)
    _write("account_kept", account, {}, now)
    return True


@errand
def end_due_accounts(*, now: datetime) -> int:
    """Empty the accounts whose time has come, each by itself; return how many."""
    ended = one_by_one(
        due_accounts(now=now),
        lambda account_id: _end_whole(account_id, now),
        log=log,
        trouble="account %s could not be ended; it is tried again",
    )
    _drop_last_letters(now=now)
    return sum(ended)


def _end_whole(account_id: int, now: datetime) -> bool:
    """End an account with its files; False when it isn't (or no longer) due."""
    files = _end(account_id=account_id, now=now)
    for name in files or ():  # After a crash here they are swept: no row knows of them.
        exports.FOLDER.remove(name)
    return files is not None


@use_case
def _end(*, account_id: int, now: datetime) -> list[str] | None:
    """Write the last letter and forget the person; return the files to remove, or None when it isn't (or no longer) due."""
    account = db.session.scalar(
        select(Account).where(Account.id == account_id, is_due(now)).with_for_update()
    )
    if account is None:
        return None
    address = account.email
    _drop_letters(address)
    _take_back_what_was_given(account_id, now)
    _write("account_ended", account, {}, now)
    files = forget_person(account_id=account_id, now=now)
    # Claims to the mailbox that nobody has proved hold the same address, and perhaps the same name.
    for claim in db.session.scalars(select(Account.id).where(Account.email == address)).all():
        files += forget_person(account_id=claim, now=now)
    return files


def _take_back_what_was_given(account_id: int, now: datetime) -> None:
    """What the shop gave to spend ends with the account, as its owner has agreed; the timer of points sees to those."""
    left = balance_of(promo(account_id))
    post(
        once_key=f"acc:{account_id}:promo",
        kind="promo_expired",
        lines=flow(promo(account_id), PROMO_COST, left),
        reference="",
        actor="shop",
        now=now,
    )


def _drop_letters(address: str) -> None:
    """What was still to be sent there says nothing any more. What was sent holds no address (services/notices)."""
    _delete_letters(OutboxItem.payload["to"].as_string() == address)


@use_case
def _drop_last_letters(*, now: datetime) -> None:
    """A mailbox that doesn't take the last letter is not tried, and not kept, for ever."""
    _delete_letters(
        OutboxItem.payload["letter"].as_string() == "account_ended",
        OutboxItem.written_at < now - LAST_LETTER_LIVES,
    )


def _delete_letters(*which: Any) -> None:
    waiting = (OutboxItem.kind == LETTER, OutboxItem.done_at.is_(None))
    db.session.execute(
        delete(OutboxItem).where(*waiting, *which).execution_options(synchronize_session=False)
    )


def _write(letter: str, account: Account, facts: dict[str, Any], now: datetime) -> None:
    write_to(
        account=account,
        letter=letter,
        facts=facts,
        once_key=f"{letter}-{account.id}-{now:%Y%m%d%H%M%S%f}",
        now=now,
    )
