"""Accounts that the owner of the shop opens and vouches for: no letter, no waiting."""

from datetime import datetime

from sqlalchemy import select

from shop.db import db, errand, use_case
from shop.models.auth import Account, Consent
from shop.rules.auth import canonical_email
from shop.rules.legal import DOCUMENTS
from shop.services.auth.passwords import PASSWORDS


@errand
def open_confirmed_account(
    *,
    email: str,
    password: str,
    given_name: str,
    family_name: str,
    patronymic: str = "",
    greeting: str = "name",
    now: datetime,
) -> int:
    """Open an account whose mailbox counts as proved; return its id. One that is there stays as it is."""
    names = {"given_name": given_name, "family_name": family_name, "patronymic": patronymic}
    return _open(
        email=canonical_email(email),
        password_hash=PASSWORDS.hashed(password),
        values=names | {"greeting": greeting},
        now=now,
    )


@use_case
def _open(*, email: str, password_hash: str, values: dict[str, str], now: datetime) -> int:
    proved = select(Account.id).where(
        Account.email == email, Account.email_confirmed_at.is_not(None)
    )
    if (known := db.session.scalar(proved)) is not None:
        return known
    account = Account(
        email=email, password_hash=password_hash, email_confirmed_at=now, created_at=now, **values
    )
    db.session.add(account)
    db.session.flush()
    document = "personal-data"
    db.session.add(
        Consent(account_id=account.id, document=document, version=DOCUMENTS[document], given_at=now)
    )
    return account.id
