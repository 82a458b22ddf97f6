"""The passkeys of an account, and what a browser is told to ask of a key."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import exists, select
from webauthn import generate_authentication_options, generate_registration_options
from webauthn.helpers import options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from shop.db import db
from shop.models.auth import Account
from shop.models.security import Passkey
from shop.rules.names import greeting
from shop.rules.passkeys import (
    CHALLENGE_LIVES,
    PROOF,
    REGISTRATION,
    SIGN_IN,
    Challenge,
    Party,
    user_handle,
)

# Browsers give up before the shop does.
_PATIENCE_MS = int(CHALLENGE_LIVES.total_seconds() * 1000) - 30_000


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    """One key as its owner sees it."""

    id: int
    name: str
    created_at: datetime
    used_at: datetime | None


def passkeys_of(*, account_id: int) -> list[PasskeyLine]:
    """Return the keys of an account, the newest first."""
    rows = db.session.execute(
        select(Passkey.id, Passkey.name, Passkey.created_at, Passkey.used_at)
        .where(Passkey.account_id == account_id)
        .order_by(Passkey.created_at.desc(), Passkey.id.desc())
    )
    return [PasskeyLine(*row) for row in rows]


def has_passkeys(*, account_id: int) -> bool:
    """True when a key opens this account."""
    return bool(db.session.scalar(select(exists().where(Passkey.account_id == account_id))))


def handle_of(*, account_id: int) -> bytes:
    """Return what keys know an account by: what the ones it has were told (the secret may have changed since)."""
    told = db.session.scalar(
        select(Passkey.user_handle).where(Passkey.account_id == account_id).limit(1)
    )
    return told or user_handle(account_id, secret=current_app.config["SECRET_KEY"])


def question_of_registration(*, account_id: int, party: Party, now: datetime) -> dict[str, Any]:
    """Return what a device is asked to make a new key for an account: never a second one on the same device."""
    account = db.session.execute(
        select(Account.email, Account.given_name, Account.patronymic, Account.greeting).where(
            Account.id == account_id
        )
    ).one()
    options = generate_registration_options(
        rp_id=party.host,
        rp_name=party.name,
        user_id=handle_of(account_id=account_id),
        user_name=account.email,
        user_display_name=greeting(account.given_name, account.patronymic, account.greeting),
        challenge=_challenge(REGISTRATION, account_id, now),
        timeout=_PATIENCE_MS,
        # A key stands for the password and the second step together: so it must know its owner by
        # itself, and have made sure that it is the owner who holds it.
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_known_keys(account_id),
    )
    return options_to_json_dict(options)


def question_of_sign_in(*, party: Party, now: datetime) -> dict[str, Any]:
    """Return what any key of this shop may answer; the key says whose it is."""
    return _question(party, _challenge(SIGN_IN, 0, now), [])


def question_of_proof(*, account_id: int, party: Party, now: datetime) -> dict[str, Any]:
    """Return what only a key of this account may answer."""
    return _question(party, _challenge(PROOF, account_id, now), _known_keys(account_id))


def _question(
    party: Party, challenge: bytes, allowed: list[PublicKeyCredentialDescriptor]
) -> dict[str, Any]:
    options = generate_authentication_options(
        rp_id=party.host,
        challenge=challenge,
        timeout=_PATIENCE_MS,
        allow_credentials=allowed,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def _challenge(purpose: str, account_id: int, now: datetime) -> bytes:
    asked = Challenge(purpose, account_id, now, secrets.token_hex(16))
    return asked.sealed(current_app.config["SECRET_KEY"])


def _known_keys(account_id: int) -> list[PublicKeyCredentialDescriptor]:
    keys = db.session.execute(
        select(Passkey.credential_id, Passkey.transports)
        .where(Passkey.account_id == account_id)
        .order_by(Passkey.id)
    )
    return [
        PublicKeyCredentialDescriptor(
            id=key.credential_id,
            transports=[AuthenticatorTransport(way) for way in key.transports],
        )
        for key in keys
    ]
