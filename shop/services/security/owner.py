"""The one deed that makes an account another person's."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from shop.db import db, use_case
from shop.models.auth import Account, Confirmation, Consent, Recovery, UserSession
from shop.models.profile import Recipient
from shop.models.recovery import LostMailbox
from shop.models.security import DataExport, EmailChange
from shop.rules.devices import Device
from shop.rules.legal import DOCUMENTS
from shop.rules.profile import PersonalData
from shop.services.auth import take_address
from shop.services.profile import change_profile, note_event
from shop.services.security.moving import AddressTaken, end_moves, forget_keys

# What the new owner has no business with. The log stays, for the shop to prove; the new owner reads it from here on.
_FORMER_OWNERS: tuple[Any, ...] = (Recipient, UserSession, Confirmation, Recovery, EmailChange)
# Requests of the former owner that employees have agreed to already, and that would bring the account back.
_AGREED = ("approved", "waiting", "confirming")


@use_case
def make_owner(
    *,
    account_id: int,
    email: str,
    person: PersonalData,
    password_hash: str,
    consented_at: datetime,
    device: Device,
    now: datetime,
) -> None:
    """Give the account to `person`, who has proved `email` and consented. Nothing that opened it before opens it after.

    Only services/security/handover.py calls this, when both sides have said yes.

    :raises AddressTaken: when the mailbox is another account's.
    """
    account = db.session.get_one(Account, account_id)
    old_email = account.email
    if not take_address(account_id=account_id, email=email, now=now):
        raise AddressTaken
    account.password_hash = password_hash
    account.ends_at = None  # The former owner's farewell isn't the new one's.
    change_profile(account_id=account_id, told=person, now=now, device=device)
    end_moves(account_id=account_id, with_undoing=True, now=now)
    forget_keys(account_id=account_id)
    _forget_former_owner(account_id, now)
    _consent(account_id, consented_at, device, now)
    facts = {"from": old_email, "to": email}
    note_event(account_id=account_id, kind="handed_over", facts=facts, device=device, now=now)


def _forget_former_owner(account_id: int, now: datetime) -> None:
    """What was the former owner's alone: who receives for them, their devices and mailboxes, their data in a file."""
    for table in _FORMER_OWNERS:
        db.session.execute(delete(table).where(table.account_id == account_id))
    db.session.execute(
        update(DataExport)
        .where(DataExport.account_id == account_id, DataExport.state == "asked")
        .values(state="gone")
    )
    # The file itself is swept away; from now on nobody may fetch it.
    db.session.execute(
        update(DataExport)
        .where(DataExport.account_id == account_id, DataExport.state == "ready")
        .values(expires_at=now)
    )
    db.session.execute(
        update(LostMailbox)
        .where(LostMailbox.account_id == account_id, LostMailbox.state.in_(_AGREED))
        .values(state="stopped", ended_at=now)
    )


def _consent(account_id: int, given_at: datetime, device: Device, now: datetime) -> None:
    """Write the new owner's consent down, in the place of the former owner's; the log keeps both."""
    facts = {"document": "personal-data", "version": DOCUMENTS["personal-data"]}
    former = db.session.scalar(select(Consent).filter_by(account_id=account_id, **facts))
    if former is None:
        db.session.add(Consent(account_id=account_id, given_at=given_at, **facts))
    else:
        facts["former"] = former.given_at.isoformat()
        former.given_at = given_at
    note_event(account_id=account_id, kind="consent_given", facts=facts, device=device, now=now)
