"""Two different employees decide whether the account of a lost mailbox may move."""

import secrets
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from shop.db import db, use_case
from shop.models.auth import Account
from shop.models.recovery import LostMailbox
from shop.queries.recovery.lost_mailbox import concerns_another
from shop.rules.auth import masked_email, token_hash
from shop.rules.recovery import OPEN, REFUSALS, UNDER_WAY, WAITING
from shop.services.recovery._letters import write_to_new, write_to_old
from shop.services.recovery._steps import is_taken, note, owner_of, take

_OTHER = aliased(LostMailbox)


class NotNow(Exception):
    """The step isn't possible (any more): somebody else has decided meanwhile."""


class NoSuchOwner(NotNow):
    """No account has the old address (now): there is nothing to open and nothing to move."""


class NewAddressTaken(NotNow):
    """The new address is another account's."""


class SameEmployee(NotNow):
    """Whoever approved first can't be the second as well."""


class AnotherUnderWay(NotNow):
    """The account is on its way to another address already."""


@use_case
def look_at_account(*, number: str, employee_id: int, now: datetime) -> None:
    """Note that an employee opens the data of the account a request is about; its owner will read it.

    :raises NoResultFound: when there is no such request for this employee.
    :raises NoSuchOwner: when there are no data to open.
    """
    asked = _at_desk(number, employee_id)
    if owner_of(asked) is None:
        raise NoSuchOwner
    note("lost_mailbox_looked_at", asked, now, actor_id=employee_id)


@use_case
def approve_first(*, number: str, employee_id: int, now: datetime) -> None:
    """Be the first of the two employees who believe that it is the owner who asks.

    :raises NotNow: when that isn't possible; then nothing has changed.
    """
    asked = _at_desk(number, employee_id)
    _movable(asked)
    taken = take(
        LostMailbox.id == asked.id,
        LostMailbox.state == "new",
        state="approved",
        first_approval_by=employee_id,
        first_approval_at=now,
    )
    if taken is None:
        raise NotNow
    note("lost_mailbox_approved", asked, now, actor_id=employee_id)


@use_case
def approve_second(*, number: str, employee_id: int, now: datetime) -> None:
    """Be the second: the waiting begins, and the old mailbox is told how to stop it.

    :raises NotNow: when that isn't possible; then nothing has changed.
    """
    asked = _at_desk(number, employee_id)
    account = _movable(asked)
    is_on_its_way = exists().where(_OTHER.account_id == account.id, _OTHER.state.in_(UNDER_WAY))
    token, until = secrets.token_urlsafe(32), now + WAITING
    taken = take(
        LostMailbox.id == asked.id,
        LostMailbox.state == "approved",
        LostMailbox.first_approval_by != employee_id,
        ~is_on_its_way,
        state="waiting",
        second_approval_by=employee_id,
        second_approval_at=now,
        waits_until=until,
        stop_token_hash=token_hash(token),
    )
    if taken is None:
        raise _why_not(asked, employee_id)
    told = {"until": until.isoformat(), "new_email": masked_email(asked.new_email)}
    note("lost_mailbox_waiting", asked, now, actor_id=employee_id, facts=told)
    link = f"/auth/lost-mailbox/objection?token={token}"
    write_to_old(asked, account, "lost_mailbox_warning", now, link=link, **told)


@use_case
def refuse_move(
    *, number: str, employee_id: int, reason: str, remark: str = "", now: datetime
) -> None:
    """Refuse a request, with a reason for the applicant and a remark for colleagues; also one that waits already.

    :raises NotNow: when it has come to an end already.
    """
    assert reason in REFUSALS, reason
    asked = _at_desk(number, employee_id)
    was_under_way = asked.state in UNDER_WAY
    taken = take(
        LostMailbox.id == asked.id,
        LostMailbox.state.in_(OPEN),
        state="refused",
        refusal=reason,
        note=remark,
        refused_by=employee_id,
        ended_at=now,
    )
    if taken is None:
        raise NotNow
    note("lost_mailbox_refused", asked, now, actor_id=employee_id)
    write_to_new(asked, "lost_mailbox_refused", now, reason=reason)
    if was_under_way and asked.account_id:
        account = db.session.get_one(Account, asked.account_id)
        write_to_old(asked, account, "lost_mailbox_stopped", now)


def _at_desk(number: str, employee_id: int) -> LostMailbox:
    """The request; for an employee whom it concerns it isn't there."""
    return db.session.scalars(
        select(LostMailbox).where(LostMailbox.number == number, concerns_another(employee_id))
    ).one()


def _movable(asked: LostMailbox) -> Account:
    account = owner_of(asked)
    if account is None:
        raise NoSuchOwner
    if is_taken(asked.new_email):
        raise NewAddressTaken
    return account


def _why_not(asked: LostMailbox, employee_id: int) -> NotNow:
    if asked.state != "approved":
        return NotNow()
    return SameEmployee() if asked.first_approval_by == employee_id else AnotherUnderWay()
