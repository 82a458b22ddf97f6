"""While an approved move waits: its owner may stop it, and time takes it on."""

import logging
import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from shop.db import db, errand, use_case
from shop.db.rounds import one_by_one
from shop.models.auth import Account
from shop.models.recovery import LostMailbox
from shop.rules.auth import token_hash
from shop.rules.devices import NO_DEVICE, Device
from shop.rules.recovery import LINK_LIVES, UNDER_WAY
from shop.services.recovery._letters import write_to_new, write_to_old
from shop.services.recovery._steps import note, owner_of, take
from shop.services.recovery.links import LinkIsOver

log = logging.getLogger("shop.recovery")


@use_case
def stop_move(*, account_id: int, device: Device = NO_DEVICE, now: datetime) -> bool:
    """«It isn't me», said on a signed-in device; False when nothing was under way (any more)."""
    return _stop(LostMailbox.account_id == account_id, device=device, now=now)


@use_case
def stop_move_by_link(*, token: str, device: Device = NO_DEVICE, now: datetime) -> None:
    """«It isn't me», said in the old mailbox.

    :raises LinkIsOver: when nothing is under way (any more), or there never was such a link.
    """
    if not _stop(LostMailbox.stop_token_hash == token_hash(token), device=device, now=now):
        raise LinkIsOver


@errand
def move_on(*, now: datetime) -> int:
    """Do with requests under way what time has brought; return how many came to another state."""
    due = select(LostMailbox.id).where(
        or_(
            and_(LostMailbox.state == "waiting", LostMailbox.waits_until <= now),
            and_(LostMailbox.state == "confirming", LostMailbox.expires_at <= now),
        )
    )
    moved = one_by_one(
        db.session.scalars(due.order_by(LostMailbox.id)).all(),
        lambda asked_id: _step_on(asked_id=asked_id, now=now),
        log=log,
        trouble="request %s to move an account did not go on; it is tried again",
    )
    return sum(moved)


@use_case
def _step_on(*, asked_id: int, now: datetime) -> bool:
    asked = db.session.get_one(LostMailbox, asked_id)
    if asked.state == "waiting" and owner_of(asked) is None:
        # The owner has given the account another address meanwhile, or closed it.
        return _stop(LostMailbox.id == asked_id, device=NO_DEVICE, now=now)
    return _ask_new_address(asked_id, now) or _expire(asked_id, now)


def _ask_new_address(asked_id: int, now: datetime) -> bool:
    """Nobody has stopped it: let the new mailbox prove itself."""
    token = secrets.token_urlsafe(32)
    asked = take(
        LostMailbox.id == asked_id,
        LostMailbox.state == "waiting",
        LostMailbox.waits_until <= now,
        state="confirming",
        token_hash=token_hash(token),
        expires_at=now + LINK_LIVES,
    )
    if asked is None:
        return False
    link = f"/auth/lost-mailbox/password?token={token}"
    write_to_new(asked, "lost_mailbox_confirm", now, link=link, days=LINK_LIVES.days)
    return True


def _expire(asked_id: int, now: datetime) -> bool:
    over = (
        LostMailbox.id == asked_id,
        LostMailbox.state == "confirming",
        LostMailbox.expires_at <= now,
    )
    return take(*over, state="expired", ended_at=now) is not None


def _stop(which: ColumnElement[bool], *, device: Device, now: datetime) -> bool:
    asked = take(which, LostMailbox.state.in_(UNDER_WAY), state="stopped", ended_at=now)
    if asked is None or asked.account_id is None:
        return False
    note("lost_mailbox_stopped", asked, now, device=device)
    account = db.session.get_one(Account, asked.account_id)
    write_to_old(asked, account, "lost_mailbox_stopped", now)
    # Whoever has the new mailbox may be a thief: no word of an owner who was asked.
    write_to_new(asked, "lost_mailbox_refused", now, reason="not_enough")
    return True
