"""The outbox: letters and errands are written with what made them necessary, and done afterwards, at least once."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import aliased

from shop.db import after_commit, db, errand, use_case
from shop.gateways import mail, queue
from shop.models.auth import Account
from shop.models.notices import OutboxItem
from shop.queries.notices import is_queued
from shop.rules.farewell import is_nowhere
from shop.rules.names import greeting

log = logging.getLogger("shop.notices")

Errand = Callable[[dict[str, Any]], None]

# Longer than any errand may take: when it runs out, whoever held the item is believed dead.
LEASE = timedelta(minutes=2)
# How long to wait after the first, second, … failure; after the last one, always that long.
PAUSES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
)
# Somebody who is away may be back any moment, and asking costs one try for the whole queue.
LONGEST_PAUSE_WHEN_AWAY = timedelta(minutes=1)
LETTER = "letter"


class NotYet(Exception):
    """What was asked for is under way and needs another look later; nothing is wrong."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """One thing from the outbox that is ours to do until the lease ends."""

    id: int
    kind: str
    payload: dict[str, Any]
    tries: int
    lease_ends_at: datetime


@use_case
def queue_letter(
    *, letter: str, to: str, language: str, facts: dict[str, Any], once_key: str, now: datetime
) -> None:
    """Write a letter that goes out after this transaction: the three files of mail/<letter>/, filled with `facts`.

    The same `once_key` told twice is one letter. Nobody is written to at an emptied account.
    """
    if is_nowhere(to):
        return
    payload = {"letter": letter, "to": to, "language": language, "facts": facts}
    queue_errand(kind=LETTER, payload=payload, once_key=once_key, now=now)


@use_case
def write_to(
    *,
    account: Account,
    letter: str,
    facts: Mapping[str, Any],
    once_key: str,
    now: datetime,
    to: str = "",
) -> None:
    """Write a letter (`queue_letter`) to whose account it is, in their language and with the greeting they wish.

    It goes to the account's mailbox unless `to` names another; `facts` may bring another greeting.
    """
    hello = greeting(account.given_name, account.patronymic, account.greeting)
    queue_letter(
        letter=letter,
        to=to or account.email,
        language=account.language,
        facts={"greeting": hello} | dict(facts),
        once_key=once_key,
        now=now,
    )


@use_case
def queue_errand(
    *,
    kind: str,
    payload: dict[str, Any],
    once_key: str,
    now: datetime,
    due_at: datetime | None = None,
) -> None:
    """Write down something to do outside after this transaction, once for each `once_key`."""
    if is_queued(once_key=once_key):
        return
    db.session.add(
        OutboxItem(
            kind=kind, payload=payload, once_key=once_key, due_at=due_at or now, written_at=now
        )
    )
    db.session.flush()
    after_commit(queue.wake)


@errand
def work_through(
    *, now: datetime, errands: Mapping[str, Errand], letters: bool | None = None, most: int = 100
) -> int:
    """Do what is due, oldest first, and return how many things were tried.

    Each is leased, done, then marked: a crash in between does it again, and never forgets it.
    `letters` True does letters only, False everything but letters.
    """
    started = time.monotonic()

    def moment() -> datetime:
        return now + timedelta(seconds=time.monotonic() - started)

    for tried in range(most):
        item = _claim(now=moment(), letters=letters)
        if item is None:
            return tried
        try:
            _carry_out(item, errands)
        except Exception as problem:
            db.session.rollback()
            _put_off(item=item, problem=problem, now=moment())
        else:
            _mark_done(item=item, now=moment())
    return most


def _carry_out(item: Claimed, errands: Mapping[str, Errand]) -> None:
    if item.kind == LETTER:
        _send_letter(item)
    else:
        errands[item.kind](item.payload)


def _send_letter(item: Claimed) -> None:
    told = item.payload
    rendered = mail.render(letter=told["letter"], language=told["language"], facts=told["facts"])
    mail.send(
        to=told["to"],
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        message_id=f"outbox-{item.id}",
    )


@use_case
def _claim(*, now: datetime, letters: bool | None) -> Claimed | None:
    """Take the oldest thing that is due; until the lease ends nobody else will.

    Where an older one waits because somebody is away, those behind it wait too: letters keep their order.
    """
    older = aliased(OutboxItem)
    is_behind = exists().where(
        older.kind == OutboxItem.kind,
        older.id < OutboxItem.id,
        older.is_held_up,
        older.done_at.is_(None),
        older.due_at > now,
    )
    due = select(OutboxItem).where(
        OutboxItem.done_at.is_(None), OutboxItem.due_at <= now, ~is_behind
    )
    if letters is not None:
        due = due.where(OutboxItem.kind == LETTER if letters else OutboxItem.kind != LETTER)
    item = db.session.scalar(
        due.order_by(OutboxItem.id).limit(1).with_for_update(skip_locked=True, of=OutboxItem)
    )
    if item is None:
        return None
    item.due_at = now + LEASE
    item.tries += 1
    return Claimed(item.id, item.kind, item.payload, item.tries, item.due_at)


@use_case
def _mark_done(*, item: Claimed, now: datetime) -> None:
    """Strike it off. Its facts are forgotten, and to whom it went: links and codes in a letter open doors."""
    told = {"facts": {}, "to": ""}
    payload = item.payload | {name: told[name] for name in told.keys() & item.payload.keys()}
    db.session.execute(
        update(OutboxItem)
        .where(OutboxItem.id == item.id, OutboxItem.done_at.is_(None))
        .values(done_at=now, is_held_up=False, payload=payload, last_problem="")
    )


@use_case
def _put_off(*, item: Claimed, problem: Exception, now: datetime) -> None:
    """Try again later; only when the lease is still ours."""
    is_away = isinstance(problem, mail.ServerAway)
    pause = PAUSES[min(item.tries, len(PAUSES)) - 1]
    if is_away:
        pause = min(pause, LONGEST_PAUSE_WHEN_AWAY)
    log.warning(
        "%s %s failed (try %s), again in %s",
        item.kind,
        item.id,
        item.tries,
        pause,
        exc_info=None if is_away else problem,
    )
    db.session.execute(
        update(OutboxItem)
        .where(
            OutboxItem.id == item.id,
            OutboxItem.done_at.is_(None),
            OutboxItem.due_at == item.lease_ends_at,
        )
        .values(
            due_at=now + pause,
            is_held_up=is_away,
            last_problem=f"{type(problem).__name__}: {problem}"[:300],
        )
    )
