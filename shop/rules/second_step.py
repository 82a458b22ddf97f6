"""The second step of sign-in: codes of an authenticator app (RFC 6238), and codes on paper for the day it is gone."""

import hmac
from datetime import datetime, timedelta

import pyotp

from shop.rules.auth import code_digits, token_hash

# The right password is remembered for so long while the person looks for the telephone.
STEP_WAITS = timedelta(minutes=10)
# A secret shown for scanning is good for so long; then the page makes another.
SCAN_WITHIN = timedelta(hours=1)
# Ways of coming in (models/auth.UserSession) that a stolen password alone doesn't open.
PROVED_TWICE = frozenset({"passkey", "second_step"})
INTERVAL_SECONDS = 30
APP_CODE_LENGTH = 6
RECOVERY_CODES = 10
# When so few are left, it is time to make new ones.
FEW_CODES = 3
CODE_GROUP, RECOVERY_CODE_LENGTH = 4, 12
# Neither i, l, o (they look like 1 and 0) nor u: 60 bits in twelve letters.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
# What hands and eyes make of a letter on paper; the last are Cyrillic.
_MEANT = str.maketrans("oilаеосрхукмтнв", "011ae0cpxykmthb")


def interval_of(now: datetime) -> int:
    """Return the number of the half-minute that `now` lies in; an app's code is good for one."""
    return int(now.timestamp()) // INTERVAL_SECONDS


def fitting_interval(secret: str, code: str, now: datetime) -> int | None:
    """Return the half-minute whose code this is: the present one, the one before or the one after (clocks differ), or None."""
    app, here = pyotp.TOTP(secret), interval_of(now)
    digits = code_digits(code)
    # All three are compared each time, so that the answer's time tells nothing.
    fitting = [
        interval
        for interval in (here - 1, here, here + 1)
        if hmac.compare_digest(app.generate_otp(interval), digits)
    ]
    return fitting[-1] if fitting else None


def address_to_scan(secret: str, *, shop_name: str, email: str) -> str:
    """Return what the square picture says to the app: whose code it is, and the secret."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=shop_name)


def in_groups(text: str, between: str = " ") -> str:
    """Return the text in groups of four, as people read and type it."""
    return between.join(text[at : at + CODE_GROUP] for at in range(0, len(text), CODE_GROUP))


def recovery_code_meant(text: str) -> str:
    """Return the one form of a recovery code: without spaces and dashes, in lower case, each letter the one it was taken for."""
    return "".join(sign for sign in text.casefold().translate(_MEANT) if sign in ALPHABET)


def is_recovery_code(text: str) -> bool:
    """True for what is long enough to be a recovery code and no code of an app."""
    return len(recovery_code_meant(text)) == RECOVERY_CODE_LENGTH


def recovery_code_hash(code: str, *, account_id: int, secret: str) -> str:
    """Return what is kept of a recovery code, however it was typed."""
    told = f"recovery-code\0{account_id}\0{recovery_code_meant(code)}"
    return hmac.new(secret.encode(), told.encode(), "sha256").hexdigest()


def password_mark(password_hash: str) -> str:
    """Return a word that another password wouldn't have: a right password holds until the code only while it is the password."""
    return token_hash(password_hash)[:16]
