"""Requests to move an account to another mailbox: what their links lead to, and what lies on the desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, select

from shop.db import db
from shop.models.auth import Account
from shop.models.recovery import LostMailbox
from shop.rules.auth import masked_email, token_hash
from shop.rules.recovery import TO_DECIDE, UNDER_WAY

REQUESTS_AT_ONCE = 50


class RequestRow(NamedTuple):
    """A line of the desk's list, as it was told."""

    number: str
    state: str
    source: str
    family_name: str
    given_name: str
    asked_at: datetime
    waits_until: datetime | None
    first_approval_by: int | None


@dataclass(frozen=True, slots=True)
class RequestDesk:
    """A page of requests in one state, and how many there are in each."""

    rows: tuple[RequestRow, ...]
    counts: Mapping[str, int]
    state: str
    page: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class Move:
    """What the link in a letter to a new address leads to."""

    state: str
    new_email: str


def concerns_another(employee_id: int) -> ColumnElement[bool]:
    """Requests that an employee may see: nothing about the own account, nothing that leads to the own mailbox."""
    own = select(Account.email).where(Account.id == employee_id).scalar_subquery()
    return and_(
        LostMailbox.account_id.is_distinct_from(employee_id),
        LostMailbox.old_email != own,
        LostMailbox.new_email != own,
    )


def requests_at_desk(*, employee_id: int, state: str, page: int = 1) -> RequestDesk:
    """Return a page of requests in one state: the oldest first where hands are waited for, else the newest. Two queries."""
    seen = concerns_another(employee_id)
    by_state = select(LostMailbox.state, func.count()).where(seen).group_by(LostMailbox.state)
    counts = {at: number for at, number in db.session.execute(by_state)}
    order = LostMailbox.id if state in TO_DECIDE else LostMailbox.id.desc()
    columns = [getattr(LostMailbox, name) for name in RequestRow._fields]
    rows = db.session.execute(
        select(*columns)
        .where(seen, LostMailbox.state == state)
        .order_by(order)
        .limit(REQUESTS_AT_ONCE + 1)
        .offset((page - 1) * REQUESTS_AT_ONCE)
    ).all()
    shown = tuple(RequestRow(*row) for row in rows[:REQUESTS_AT_ONCE])
    return RequestDesk(shown, counts, state, page, has_more=len(rows) > REQUESTS_AT_ONCE)


def is_objection_possible(*, token: str) -> bool:
    """True while the link in a letter to the old address can stop a move."""
    found = select(LostMailbox.id).where(
        LostMailbox.stop_token_hash == token_hash(token), LostMailbox.state.in_(UNDER_WAY)
    )
    return db.session.scalar(found) is not None


def move_of_link(*, token: str, now: datetime) -> Move | None:
    """Return the move that the link in a letter to a new address finishes or has finished; None when it holds no more."""
    row = db.session.execute(
        select(LostMailbox.state, LostMailbox.new_email, LostMailbox.expires_at).where(
            LostMailbox.token_hash == token_hash(token)
        )
    ).one_or_none()
    is_live = row is not None and (
        row.state == "done" or (row.state == "confirming" and row.expires_at > now)
    )
    return Move(row.state, masked_email(row.new_email)) if row and is_live else None
