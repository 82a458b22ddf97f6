"""Accounts: registering, proving a mailbox, signing in, appointing employees."""

from shop.services.auth.appointing import Appointment, NoSuchAccount, appoint
from shop.services.auth.confirming import (
    CodeIsOver,
    LinkIsOver,
    NotConfirmed,
    WrongCode,
    confirm_by_code,
    confirm_by_token,
    send_confirmation_again,
    write_confirmation,
)
from shop.services.auth.passwords import PASSWORDS
from shop.services.auth.registering import register
from shop.services.auth.signing_in import WrongCredentials, sign_in_with_password
from shop.services.auth.tries import TooManyTries, count_try, forget_tries, note_try

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
    "forget_tries",
    "hash_password",
    "note_try",
    "register",
    "send_confirmation_again",
    "sign_in_with_password",
    "write_confirmation",
]


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    return PASSWORDS.hashed(password)
