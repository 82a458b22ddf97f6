"""The log of an account, for its owner."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from shop.db import db
from shop.models.profile import AccountEvent
from shop.queries.security.moving import since_handover
from shop.rules.devices import network_shown

EVENTS_A_PAGE = 30
# So many lines stand on the security page.
MOST_RECENT = 5


@dataclass(frozen=True, slots=True)
class Event:
    """One line: what happened, when, and from where. Which employee did it, its reader needn't know."""

    kind: str
    facts: dict[str, Any]
    is_by_staff: bool
    device: str
    country: str
    network: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class EventPage:
    """A page of the log."""

    events: tuple[Event, ...]
    count: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.count // EVENTS_A_PAGE))


def log_of(*, account_id: int, page: int = 1) -> EventPage:
    """Return a page of what happened to an account, the newest first."""
    count = db.session.scalar(
        select(func.count(AccountEvent.id)).where(
            AccountEvent.account_id == account_id, since_handover(account_id)
        )
    )
    lines = _newest(account_id).limit(EVENTS_A_PAGE).offset((page - 1) * EVENTS_A_PAGE)
    return EventPage(_read(lines), count or 0, page)


def last_events(*, account_id: int) -> tuple[Event, ...]:
    """Return the last few things that happened to an account."""
    return _read(_newest(account_id).limit(MOST_RECENT))


def _newest(account_id: int) -> Select[Any]:
    return (
        select(
            AccountEvent.kind,
            AccountEvent.facts,
            AccountEvent.actor_id.is_not(None),
            AccountEvent.device,
            AccountEvent.country,
            AccountEvent.network,
            AccountEvent.happened_at,
        )
        .where(AccountEvent.account_id == account_id, since_handover(account_id))
        .order_by(AccountEvent.happened_at.desc(), AccountEvent.id.desc())
    )


def _read(lines: Select[Any]) -> tuple[Event, ...]:
    return tuple(
        Event(
            kind=row[0],
            facts=row[1] or {},
            is_by_staff=bool(row[2]),
            device=row[3],
            country=row[4],
            network=network_shown(row[5]),
            happened_at=row[6],
        )
        for row in db.session.execute(lines)
    )
