"""A lost mailbox: how long each step takes, why one may be refused, and what is compared with what."""

import re
from datetime import datetime, timedelta

# For so long the old address and every signed-in device are asked whether it is really their owner.
WAITING = timedelta(hours=72)
# The link in the letter to the new address.
LINK_LIVES = timedelta(days=7)
# Once it has moved, its balances and points stay where they are: time for the true owner to be heard.
MONEY_FROZEN = timedelta(days=7)
# An employee who opened an account's data sees them for so long; then they are opened, and noted, again.
OPENING_LIVES = timedelta(minutes=30)

STATES = ("new", "approved", "waiting", "confirming", "done", "refused", "stopped", "expired")
# What somebody's hands are waited for.
TO_DECIDE = ("new", "approved")
# What the owner may stop.
UNDER_WAY = ("waiting", "confirming")
OPEN = TO_DECIDE + UNDER_WAY

# Why a request is refused. The answer goes to a mailbox that may be a stranger's, so each reason is as true of an
# account that isn't there as of one that is; a stop by the owner is answered with the first one as well.
REFUSALS = ("not_enough", "withdrawn", "duplicate", "new_address")

# How what was told compares with what the account has.
FITS, DIFFERS, NOT_GIVEN, NOT_KEPT = "fits", "differs", "not_given", "not_kept"


def request_number(chance: int) -> str:
    """Return «482-177-304», made of a random number below 10⁹: it tells nothing, and can't be taken for an order's."""
    digits = f"{chance:09}"
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"


def still_frozen(until: datetime | None, now: datetime) -> datetime | None:
    """Return until when an account's money is frozen; None when it isn't (any more)."""
    return until if until is not None and until > now else None


def mark(given: str, kept: str) -> str:
    """Say whether what a person told fits what the account has; case, ё, and spaces make no difference."""
    if not given:
        return NOT_GIVEN
    if not kept:
        return NOT_KEPT
    return FITS if _plain(given) == _plain(kept) else DIFFERS


def _plain(text: str) -> str:
    text = " ".join(text.casefold().replace("ё", "е").replace("’", "'").split())
    return re.sub(r"\s*-\s*", "-", text)


def order_number_in(text: str) -> str:
    """Return «0042-1187» for an order's number however it was written or told, or an empty string."""
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    return f"{digits[:4]}-{digits[4:]}" if len(digits) == 8 else ""


def masked_word(word: str) -> str:
    """Return «С•••••в»: who knows the name sees that it is the one; its length isn't told."""
    if not word:
        return ""
    return f"{word[0]}•••••{word[-1] if len(word) > 3 else ''}"


def masked_phone(phone: str) -> str:
    """Return «•••••67»: the last two figures of a telephone."""
    return f"•••••{phone[-2:]}" if phone else ""
