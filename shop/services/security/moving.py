"""What the changes of an address and the handovers have in common: how they are ended, and what they shut."""

from datetime import datetime

from sqlalchemy import delete, select, update

from shop.db import db, use_case
from shop.models.security import EmailChange, Handover, Passkey, RecoveryCode, SecondStep


class MoveIsOver(Exception):
    """The link was used, stopped, is too old, or never was."""


class AddressTaken(Exception):
    """The mailbox is another account's."""


class SameAddress(Exception):
    """This is the account's address already."""


@use_case
def end_moves(*, account_id: int, with_undoing: bool = False, now: datetime) -> None:
    """Let nothing that is under way give this account another address or another owner.

    `with_undoing`: nor bring an older address back; right when the account has another owner, or was given to its
    owner by other proof than that mailbox.
    """
    open_ones = (EmailChange.account_id == account_id, EmailChange.ended_at.is_(None))
    changes = update(EmailChange).where(*open_ones).values(ended_at=now)
    if not with_undoing:
        changes = changes.where(EmailChange.confirmed_at.is_(None))
    db.session.execute(changes)
    db.session.execute(
        update(Handover)
        .where(
            Handover.account_id == account_id,
            Handover.ended_at.is_(None),
            Handover.done_at.is_(None),
        )
        # What the other person had written of themselves isn't this shop's to keep any longer.
        .values(ended_at=now, given_name="", family_name="", patronymic="", password_hash="")
    )


@use_case
def forget_keys(*, account_id: int, since: datetime | None = None) -> None:
    """Take away the passkeys and the second step, or only those that were added `since` a moment.

    Paper codes go with the second step they stand in for.
    """
    keys = delete(Passkey).where(Passkey.account_id == account_id)
    step = select(SecondStep).where(SecondStep.account_id == account_id)
    if since is not None:
        keys = keys.where(Passkey.created_at >= since)
        step = step.where(SecondStep.works_since.is_(None) | (SecondStep.works_since >= since))
    db.session.execute(keys)
    if (found := db.session.scalar(step)) is not None:
        db.session.delete(found)
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
