"""E-mail addresses, confirmation codes and how often a thing may be tried."""

import hashlib
import hmac
import ipaddress
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# The link in a letter is too long to guess and may wait for the morning; six digits may not.
LINK_LIVES = timedelta(hours=24)
CODE_LIVES = timedelta(minutes=30)
RECOVERY_LIVES = timedelta(minutes=30)
CODE_LENGTH = 6
# For so long after the password or a passkey was shown, what is delicate may be done without showing it again.
FRESH_FOR = timedelta(minutes=15)
# A session's last use is written down at most so often.
SEEN_EVERY = timedelta(minutes=15)
# After so many wrong codes a new letter is needed.
MOST_WRONG_CODES = 10


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many tries within a while."""

    most: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """How often one thing may be tried: for one subject (from one address, when `by_pair`), and from one address at all."""

    subject: tuple[Limit, ...] = ()
    address: tuple[Limit, ...] = ()
    by_pair: bool = False


_QUARTER, _HOUR, _DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)

LIMITS = {
    # A stranger's guesses must not lock the owner out, so they count for the pair of account and address.
    "sign_in": Limits(
        subject=(Limit(10, _QUARTER),), address=(Limit(100, _QUARTER),), by_pair=True
    ),
    # Guesses from many addresses at once; a browser that the owner has used before isn't counted here.
    "sign_in_anywhere": Limits(subject=(Limit(100, _HOUR),)),
    # The code after the right password: six digits, so fewer; counted in the same two ways.
    "second_step": Limits(subject=(Limit(10, _QUARTER),), by_pair=True),
    "second_step_anywhere": Limits(subject=(Limit(30, _HOUR),)),
    # Nobody guesses a key; this keeps anybody from having signatures compared without end.
    "passkey": Limits(
        subject=(Limit(30, _QUARTER),), address=(Limit(100, _QUARTER),), by_pair=True
    ),
    # Thousands of a mobile operator's customers may share one address.
    "register": Limits(subject=(Limit(10, _HOUR),), address=(Limit(60, _HOUR),)),
    "code": Limits(address=(Limit(100, _QUARTER),)),
    "letter": Limits(
        subject=(Limit(1, timedelta(minutes=1)), Limit(5, _HOUR)), address=(Limit(30, _HOUR),)
    ),
    "recovery": Limits(
        subject=(Limit(1, timedelta(minutes=1)), Limit(5, _HOUR)), address=(Limit(30, _HOUR),)
    ),
    # Pictures and voices of anti-spam codes: many people may stand behind one address, and a player fetches in pieces.
    "captcha": Limits(address=(Limit(300, _QUARTER),)),
    # Counted for the account that asks and for the mailbox that is written to; so twice for the place it comes from.
    "email_change": Limits(subject=(Limit(5, _HOUR),), address=(Limit(60, _HOUR),)),
    "handover": Limits(subject=(Limit(5, _HOUR),), address=(Limit(60, _HOUR),)),
    "lost_mailbox": Limits(subject=(Limit(3, _DAY),), address=(Limit(5, _HOUR),)),
    # Letters to the new address of such a request: whose it is, nobody has shown yet.
    "lost_mailbox_letter": Limits(subject=(Limit(3, _DAY),)),
    # «Download my data» costs the worker some seconds each time.
    "export": Limits(subject=(Limit(3, _DAY),)),
    # Codes mailed for returning goods without signing in: asked for, and tried.
    "return_code": Limits(
        subject=(Limit(1, timedelta(minutes=1)), Limit(5, _HOUR)), address=(Limit(30, _HOUR),)
    ),
    "return_code_try": Limits(subject=(Limit(20, _HOUR),), address=(Limit(30, _QUARTER),)),
    # Codes and words that don't fit, by the account and by the address they come from; what fits isn't counted.
    "certificate": Limits(subject=(Limit(10, _HOUR),), address=(Limit(10, _HOUR),)),
}
# Tries older than this say nothing any more.
TRIES_LIVE = _DAY


def wait_after(tries: Sequence[datetime], limit: Limit, now: datetime) -> timedelta:
    """Return how long to wait before one more try, zero when it may be made now.

    `tries` are the moments of earlier ones. The window slides: a try is forgotten when it is old, not all at once.
    """
    recent = sorted(moment for moment in tries if moment > now - limit.within)
    if len(recent) < limit.most:
        return timedelta(0)
    return recent[-limit.most] + limit.within - now


def canonical_email(text: str) -> str:
    """Return the one form an address is kept and compared in: no spaces of any kind, lower case, letters in one piece."""
    text = unicodedata.normalize("NFC", text)
    return "".join(
        sign
        for sign in text
        if not sign.isspace() and unicodedata.category(sign) not in {"Cc", "Cf"}
    ).lower()


def masked_email(email: str) -> str:
    """Return «i•••r@example.ru»: enough for its owner to know it by."""
    name, _, host = email.rpartition("@")
    return f"{name[:1]}•••{name[-1:] if len(name) > 2 else ''}@{host}"


def code_digits(text: str) -> str:
    """Return the digits of a code as people type or paste it: with spaces, dashes, or the words around it."""
    return "".join(
        str(unicodedata.digit(sign))
        for sign in text
        if sign.isdigit() and unicodedata.digit(sign, None) is not None
    )


def address_group(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 that one IPv6 line has to itself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:45]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def token_hash(token: str) -> str:
    """Return what is kept of a link's token: it is too long to be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def code_hash(code: str, *, account_id: int, secret: str) -> str:
    """Return what is kept of a code: six digits need a key, or whoever reads the database tries them all."""
    return _keyed(secret, "code", str(account_id), code)


def subject_hash(deed: str, subject: str, *, secret: str) -> str:
    """Return what is kept of whatever was tried."""
    return _keyed(secret, "try", deed, subject)


def _keyed(secret: str, *parts: str) -> str:
    return hmac.new(secret.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()
