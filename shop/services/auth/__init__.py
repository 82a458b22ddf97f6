"""Accounts: registering, proving a mailbox, signing in, appointing employees."""

from shop.services.auth.addresses import end_recovery_links, take_address
from shop.services.auth.appointing import Appointment, NoSuchAccount, appoint
from shop.services.auth.confirming import (
    CodeIsOver,
    LinkIsOver,
    NotConfirmed,
    WrongCode,
    confirm_by_code,
    confirm_by_token,
    send_confirmation_again,
    write_again,
    write_confirmation,
)
from shop.services.auth.passwords import PASSWORDS
from shop.services.auth.registering import register
from shop.services.auth.sessions import (
    end_session,
    end_sessions,
    leave,
    note_seen,
    open_session,
    prove_again,
    renew_session,
)
from shop.services.auth.signing_in import WrongCredentials, sign_in_with_password
from shop.services.auth.tries import (
    TooManyTries,
    count_try,
    forget_tries,
    note_try,
    spend_key,
    take_back_try,
)

__all__ = [
    "PASSWORDS",
    "Appointment",
    "CodeIsOver",
    "LinkIsOver",
    "NoSuchAccount",
    "NotConfirmed",
    "TooManyTries",
    "WrongCode",
    "WrongCredentials",
    "appoint",
    "confirm_by_code",
    "confirm_by_token",
    "count_try",
    "end_recovery_links",
    "end_session",
    "end_sessions",
    "forget_tries",
    "hash_password",
    "leave",
    "note_seen",
    "note_try",
    "open_session",
    "prove_again",
    "register",
    "renew_session",
    "send_confirmation_again",
    "sign_in_with_password",
    "spend_key",
    "take_address",
    "take_back_try",
    "write_again",
    "write_confirmation",
]


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    return PASSWORDS.hashed(password)
