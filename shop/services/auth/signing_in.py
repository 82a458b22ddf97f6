"""Coming in by password."""

from datetime import datetime

from sqlalchemy import select, update

from shop.db import db, errand, use_case
from shop.models.auth import Account
from shop.rules.auth import canonical_email
from shop.services.auth.passwords import PASSWORDS
from shop.services.auth.tries import count_try, forget_tries


class WrongCredentials(Exception):
    """There is no confirmed account with this address and this password; which of the two, nobody is told."""


@errand
def sign_in_with_password(
    *, email: str, password: str, device_key: str = "", address: str = "", now: datetime
) -> int:
    """Return the id of the account that this confirmed e-mail and this password open.

    Takes as long for an address nobody has. The login is the confirmed address, so a claim to a
    mailbox that isn't proved yet opens nothing. `device_key` is the word of a browser that this account
    was opened from before: its tries are counted by themselves, so nobody else's hold it up.

    :raises TooManyTries: before anything is compared, when there were too many wrong ones.
    :raises WrongCredentials: else.
    """
    email = canonical_email(email)
    whence = f"device:{device_key}" if device_key else address
    count_try(deed="sign_in", subject=email, address=whence, now=now)
    if not device_key:
        count_try(deed="sign_in_anywhere", subject=email, address=address, now=now)
    account = db.session.execute(
        select(Account.id, Account.password_hash).where(
            Account.email == email, Account.email_confirmed_at.is_not(None)
        )
    ).one_or_none()
    fits = PASSWORDS.fits(password, account.password_hash if account else PASSWORDS.NOBODYS)
    if account is None or not fits:
        raise WrongCredentials
    is_outdated = PASSWORDS.is_outdated(account.password_hash)
    _note_success(
        account_id=account.id,
        email=email,
        address=whence,
        renewed=PASSWORDS.hashed(password) if is_outdated else None,
        instead_of=account.password_hash,
    )
    return int(account.id)


@use_case
def _note_success(
    *, account_id: int, email: str, address: str, renewed: str | None, instead_of: str
) -> None:
    forget_tries(deed="sign_in", subject=email, address=address)
    if renewed:
        # Only over the hash that was compared: the password may have been changed meanwhile.
        db.session.execute(
            update(Account)
            .where(Account.id == account_id, Account.password_hash == instead_of)
            .values(password_hash=renewed)
        )
