"""What keys answer, taken apart and found true; nothing is written here."""

import logging
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import AuthenticationCredential

from shop.models.security import Passkey
from shop.rules.passkeys import (
    LONGEST_CREDENTIAL_ID,
    REGISTRATION,
    SIGN_IN,
    Challenge,
    Party,
    read_challenge,
)

log = logging.getLogger("shop.passkeys")


class PasskeyRefused(Exception):
    """What a key has answered opens nothing. Why, nobody is told."""


class PasskeyTooLate(PasskeyRefused):
    """The question was asked too long ago, or has been answered before."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that a device has just made, and the question it was made for."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]
    challenge: Challenge


def shown_key(credential: str) -> AuthenticationCredential | None:
    """Return what a browser says that a key has answered, or None when it is nothing of the kind."""
    try:
        return parse_authentication_credential_json(credential)
    except Exception:  # Whatever a stranger sends: the library lets faults of its parts through.
        return None


def new_key(credential: str, account_id: int, party: Party, now: datetime) -> NewKey:
    """Return the key that was made by its owner, at this address, for this account.

    :raises PasskeyRefused: when it wasn't.
    """
    try:
        given = parse_registration_credential_json(credential)
    except Exception:
        raise PasskeyRefused from None
    challenge = challenge_in(given.response.client_data_json, REGISTRATION, account_id, now)
    try:
        made = verify_registration_response(
            credential=given,
            expected_challenge=_sealed(challenge),
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception as fault:
        log.info("a new passkey was refused: %s", fault)
        raise PasskeyRefused from None
    if len(made.credential_id) > LONGEST_CREDENTIAL_ID:
        raise PasskeyRefused
    return NewKey(
        made.credential_id,
        made.credential_public_key,
        made.sign_count,
        [way.value for way in given.response.transports or []],
        challenge,
    )


def verified_count(
    key: Passkey, shown: AuthenticationCredential, challenge: Challenge, party: Party
) -> int:
    """Return what the key says of how often it was used, after everything it says was found true.

    :raises PasskeyRefused: when something wasn't.
    """
    # A key that was found by itself must say whose it is; one that was asked for by its number may.
    told = shown.response.user_handle
    if told != key.user_handle and (told is not None or challenge.purpose == SIGN_IN):
        raise PasskeyRefused
    try:
        verified = verify_authentication_response(
            credential=shown,
            expected_challenge=_sealed(challenge),
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=key.public_key,
            # The count is looked at by whoever asks, and only when the signature is right.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as fault:
        log.info("passkey %s was refused: %s", key.id, fault)
        raise PasskeyRefused from None
    return verified.new_sign_count


def challenge_in(client_data: bytes, purpose: str, account_id: int, now: datetime) -> Challenge:
    """Return the question that was answered, if it was ours, for this purpose and this account.

    :raises PasskeyRefused: when it wasn't.
    :raises PasskeyTooLate: when it was asked too long ago.
    """
    try:
        sealed = parse_client_data_json(client_data).challenge
    except Exception:
        raise PasskeyRefused from None
    challenge = read_challenge(sealed, secret=current_app.config["SECRET_KEY"])
    if challenge is None or (challenge.purpose, challenge.account_id) != (purpose, account_id):
        raise PasskeyRefused
    if challenge.is_over(now):
        raise PasskeyTooLate
    return challenge


def _sealed(challenge: Challenge) -> bytes:
    return challenge.sealed(current_app.config["SECRET_KEY"])
