"""«Delete my account»: how long one may think better of it, and what an account is called that was emptied."""

from datetime import datetime, timedelta

# For so long after it was asked for, signing in and one press keep the account.
GRACE = timedelta(days=30)
# The letter that says it is done; a mailbox that takes it no more after so long is forgotten, too.
LAST_LETTER_LIVES = timedelta(days=7)

# A host that the standards promise nobody will ever have (RFC 6761): nothing is sent there.
NOWHERE = "@deleted.invalid"


def ends_at(now: datetime) -> datetime:
    """Return when an account ends whose owner asks for it now."""
    return now + GRACE


def emptied_email(account_id: int) -> str:
    """Return «deleted-17@deleted.invalid»: an address of nobody, different for each account."""
    return f"deleted-{account_id}{NOWHERE}"


def is_nowhere(email: str) -> bool:
    """True for the address of an emptied account."""
    return email.endswith(NOWHERE)
