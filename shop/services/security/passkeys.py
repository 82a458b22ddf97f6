"""Passkeys: adding, naming and removing them, and coming in by one."""

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from webauthn.helpers.structs import AuthenticationCredential

from shop.db import db, errand, use_case
from shop.models.auth import Account
from shop.models.security import Passkey
from shop.queries.security.passkeys import handle_of
from shop.rules.auth import token_hash
from shop.rules.devices import Device
from shop.rules.passkeys import (
    MOST_PASSKEYS,
    PROOF,
    SIGN_IN,
    Challenge,
    Party,
    counter_went_back,
)
from shop.services.auth import count_try, forget_tries, prove_again, spend_key
from shop.services.notices import write_to
from shop.services.profile import note_event
from shop.services.security._answers import (
    PasskeyRefused,
    PasskeyTooLate,
    challenge_in,
    new_key,
    shown_key,
    verified_count,
)

__all__ = [
    "PasskeyRefused",
    "PasskeyTooLate",
    "TooManyPasskeys",
    "add_passkey",
    "prove_again_with_passkey",
    "remove_passkey",
    "rename_passkey",
    "sign_in_with_passkey",
]

log = logging.getLogger("shop.passkeys")


class TooManyPasskeys(Exception):
    """The account has as many keys as it may."""


@use_case
def add_passkey(
    *, account_id: int, credential: str, name: str, party: Party, device: Device, now: datetime
) -> int:
    """Keep the key that a device has just made for this account; return its id. The mailbox is told.

    :raises PasskeyRefused: when it wasn't made by its owner, here, for this account, and a moment ago.
    :raises TooManyPasskeys: when there are ten already.
    """
    made = new_key(credential, account_id, party, now)
    count = select(func.count()).where(Passkey.account_id == account_id)
    if (db.session.scalar(count) or 0) >= MOST_PASSKEYS:
        raise TooManyPasskeys
    # A number that somebody has already, of whatever account, could open the wrong one.
    if db.session.scalar(select(exists().where(Passkey.credential_id == made.credential_id))):
        raise PasskeyRefused
    _spend(made.challenge, now)
    key = Passkey(
        account_id=account_id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        user_handle=handle_of(account_id=account_id),
        sign_count=made.sign_count,
        transports=made.transports,
        name=name,
        created_at=now,
    )
    db.session.add(key)
    db.session.flush()
    _tell("passkey_added", key, device, now)
    return key.id


@use_case
def rename_passkey(
    *, account_id: int, passkey_id: int, name: str, device: Device, now: datetime
) -> None:
    """Call one of an account's keys otherwise."""
    key = _own(account_id, passkey_id)
    if key.name == name:
        return
    facts = {"name": name, "old_name": key.name}
    key.name = name
    note_event(account_id=account_id, kind="passkey_renamed", facts=facts, device=device, now=now)


@use_case
def remove_passkey(*, account_id: int, passkey_id: int, device: Device, now: datetime) -> None:
    """Let one of an account's keys open nothing any more. The mailbox is told."""
    key = _own(account_id, passkey_id)
    db.session.delete(key)
    _tell("passkey_removed", key, device, now)


@errand
def sign_in_with_passkey(*, credential: str, party: Party, address: str = "", now: datetime) -> int:
    """Return the id of the confirmed account that a key opens. A second step isn't needed after it.

    :raises TooManyTries: before anything is compared.
    :raises PasskeyRefused: when it opens none.
    """
    shown = shown_key(credential)
    tried = {"deed": "passkey", "subject": shown.id if shown else "", "address": address}
    count_try(**tried, now=now)
    account_id = _take(shown=shown, purpose=SIGN_IN, account_id=0, party=party, now=now)
    forget_tries(**tried)
    return account_id


@errand
def prove_again_with_passkey(
    *,
    account_id: int,
    session_id: int,
    credential: str,
    party: Party,
    address: str = "",
    now: datetime,
) -> None:
    """Note that the person at a session has just shown a key of the account.

    :raises TooManyTries: before anything is compared.
    :raises PasskeyRefused: when it is no key of this account.
    """
    shown = shown_key(credential)
    tried = {"deed": "passkey", "subject": shown.id if shown else "", "address": address}
    count_try(**tried, now=now)
    _take(shown=shown, purpose=PROOF, account_id=account_id, party=party, now=now)
    forget_tries(**tried)
    prove_again(session_id=session_id, now=now)


@use_case
def _take(
    *,
    shown: AuthenticationCredential | None,
    purpose: str,
    account_id: int,
    party: Party,
    now: datetime,
) -> int:
    """Return whose key has answered, and let nobody use the answer again. `account_id` is 0 while it isn't known."""
    if shown is None:
        raise PasskeyRefused
    challenge = challenge_in(shown.response.client_data_json, purpose, account_id, now)
    key = db.session.scalar(
        select(Passkey)
        .join(Account, Account.id == Passkey.account_id)
        .where(
            Passkey.credential_id == shown.raw_id,
            Account.email_confirmed_at.is_not(None),
            Account.ended_at.is_(None),
        )
    )
    if key is None or (account_id and key.account_id != account_id):
        raise PasskeyRefused
    count = verified_count(key, shown, challenge, party)
    # First of all: the same answer sent twice says the same count twice, and means no harm.
    _spend(challenge, now)
    if counter_went_back(key.sign_count, count):
        log.warning(
            "passkey %s of account %s counted back from %s to %s: a copy of it may be in use",
            *(key.id, key.account_id, key.sign_count, count),
        )
        raise PasskeyRefused
    key.sign_count, key.used_at = count, now
    return key.account_id


def _spend(challenge: Challenge, now: datetime) -> None:
    key = f"passkey {challenge.nonce}"
    if not spend_key(key=key, expires_at=challenge.expires_at, now=now):
        raise PasskeyTooLate


def _own(account_id: int, passkey_id: int) -> Passkey:
    key = select(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == account_id)
    return db.session.scalars(key).one()


def _tell(kind: str, key: Passkey, device: Device, now: datetime) -> None:
    """Write it into the account's log, and to its mailbox."""
    note_event(
        account_id=key.account_id, kind=kind, facts={"name": key.name}, device=device, now=now
    )
    account = db.session.scalars(select(Account).where(Account.id == key.account_id)).one()
    facts: dict[str, Any] = {
        "name": key.name,
        "device": device.name,
        "country": device.country,
        "network": device.network,
        "at": now.isoformat(),
    }
    write_to(
        account=account,
        letter=kind,
        facts=facts,
        # The number of a row that is gone may be given again; a key's own never is.
        once_key=f"{kind.replace('_', '-')}-{token_hash(key.credential_id.hex())[:32]}",
        now=now,
    )
