"""Opening an account: a claim to a mailbox, until the mailbox is proved."""

import hashlib
from datetime import datetime

from sqlalchemy import select

from shop.db import db, errand, use_case
from shop.models.auth import Account, Consent
from shop.rules.auth import canonical_email
from shop.rules.legal import DOCUMENTS
from shop.services.auth.confirming import write_confirmation
from shop.services.auth.passwords import PASSWORDS
from shop.services.auth.tries import count_try, note_try
from shop.services.profile import note_event


@errand
def register(
    *,
    email: str,
    password: str,
    given_name: str,
    family_name: str,
    patronymic: str = "",
    language: str = "ru",
    once_key: str = "",
    address: str = "",
    now: datetime,
) -> int:
    """Open an account with a mailbox still to be proved, and write to that mailbox; return the account's id.

    Whether the address is somebody's already makes no difference here: the letter alone tells.
    A form sent twice (the same `once_key`, address and password) opens one account.

    :raises TooManyTries: when this was done too often, with this address or from this place.
    """
    email = canonical_email(email)
    count_try(deed="register", subject=email, address=address, now=now)
    names = {"given_name": given_name, "family_name": family_name, "patronymic": patronymic}
    return _open_account(
        email=email,
        password=password,
        # Made outside the transaction: nobody should wait while it is counted.
        password_hash=PASSWORDS.hashed(password),
        names=names,
        language=language,
        once_key=hashlib.sha256(f"{once_key}\0{email}".encode()).hexdigest() if once_key else None,
        address=address,
        now=now,
    )


@use_case
def _open_account(
    *,
    email: str,
    password: str,
    password_hash: str,
    names: dict[str, str],
    language: str,
    once_key: str | None,
    address: str,
    now: datetime,
) -> int:
    known = once_key and db.session.scalar(select(Account).where(Account.once_key == once_key))
    if known and PASSWORDS.fits(password, known.password_hash):
        return known.id
    account = Account(
        email=email,
        password_hash=password_hash,
        language=language,
        once_key=None if known else once_key,
        created_at=now,
        **names,
    )
    db.session.add(account)
    db.session.flush()
    document = "personal-data"
    db.session.add(
        Consent(account_id=account.id, document=document, version=DOCUMENTS[document], given_at=now)
    )
    note_event(account_id=account.id, kind="registered", now=now)
    note_try(deed="letter", subject=email, address=address, now=now)
    write_confirmation(account_id=account.id, now=now)
    return account.id
