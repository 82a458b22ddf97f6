"""The new mailbox proves itself, and the account moves: whatever opened it before opens it no more, and its money rests."""

from datetime import datetime

from sqlalchemy import delete

from shop.db import db, errand, use_case
from shop.models.recovery import LostMailbox
from shop.models.security import Passkey
from shop.rules.auth import masked_email, token_hash
from shop.rules.recovery import MONEY_FROZEN
from shop.services.auth import PASSWORDS, end_recovery_links, end_sessions, take_address
from shop.services.recovery._letters import write_to_new, write_to_old
from shop.services.recovery._steps import note, owner_of, take
from shop.services.recovery.links import LinkIsOver
from shop.services.security import drop_second_step
from shop.services.security.moving import end_moves


class AddressTaken(Exception):
    """Another account has proved the new address meanwhile."""


@errand
def finish_move(*, token: str, password: str, now: datetime) -> None:
    """Give the account its new address and a new password; end every session and every older way in; freeze its money.

    :raises LinkIsOver: when the link doesn't hold (any more); then nothing has changed.
    :raises AddressTaken: when the new address is another account's by now; then nothing has changed.
    """
    _move(token=token, password_hash=PASSWORDS.hashed(password), now=now)


@use_case
def _move(*, token: str, password_hash: str, now: datetime) -> None:
    asked = take(
        LostMailbox.token_hash == token_hash(token),
        LostMailbox.state == "confirming",
        LostMailbox.expires_at > now,
        state="done",
        ended_at=now,
    )
    account = owner_of(asked) if asked else None
    if asked is None or account is None:
        raise LinkIsOver
    if not take_address(account_id=account.id, email=asked.new_email, now=now):
        raise AddressTaken
    account.password_hash = password_hash
    account.frozen_until = now + MONEY_FROZEN
    _end_older_ways_in(account.id, now)
    if asked.is_second_step_lost:
        drop_second_step(account_id=account.id, actor_id=asked.second_approval_by, now=now)
    told = {"old_email": masked_email(asked.old_email), "new_email": masked_email(asked.new_email)}
    told["frozen_until"] = account.frozen_until.isoformat()
    note("lost_mailbox_done", asked, now, facts=told)
    write_to_new(asked, "lost_mailbox_done", now, frozen_until=told["frozen_until"])
    write_to_old(asked, account, "lost_mailbox_moved", now, **told)


def _end_older_ways_in(account_id: int, now: datetime) -> None:
    """Sessions, passkeys, and whatever was sent to older mailboxes."""
    end_sessions(account_id=account_id, now=now)
    end_recovery_links(account_id=account_id, now=now)
    end_moves(account_id=account_id, with_undoing=True, now=now)
    db.session.execute(delete(Passkey).where(Passkey.account_id == account_id))
