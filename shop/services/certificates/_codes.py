"""A certificate's code: made by chance, found by its hash, kept sealed for whoever may print it."""

import secrets
from datetime import datetime

from flask import current_app

from shop.rules.certificates import ALPHABET, CODE_LENGTH, code_hash, code_of
from shop.services.security.sealing import Seal, SealIsBroken


def new_code() -> str:
    """Make a code that nobody guesses."""
    return code_of(secrets.randbelow(len(ALPHABET)) for _ in range(CODE_LENGTH))


def hash_of(code: str) -> str:
    """Return what a code is found by."""
    return code_hash(code, secret=current_app.config["SECRET_KEY"])


def seal(code: str, certificate_id: int, now: datetime) -> str:
    """Return a code as it is kept; it opens for this certificate only."""
    return Seal("certificate", certificate_id).close(code, now)


def opened(sealed: str, certificate_id: int) -> str:
    """Return a code, or nothing when the shop's secret has been changed since."""
    try:
        return Seal("certificate", certificate_id).open(sealed)
    except SealIsBroken:
        return ""
