"""Employees: giving an account a role."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shop.db import db, errand, use_case
from shop.models.auth import Account, StaffRole
from shop.rules.auth import canonical_email
from shop.services.auth.passwords import PASSWORDS


class NoSuchAccount(Exception):
    """Nobody has proved this mailbox, and nothing was said to open an account with."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """What came of it."""

    account_id: int
    is_new_account: bool
    is_new_role: bool


@errand
def appoint(
    *,
    email: str,
    role: str,
    given_name: str = "",
    family_name: str = "",
    password: str = "",
    now: datetime,
) -> Appointment:
    """Give the account with this confirmed address a role; open it first when there is none and a password is given.

    :raises NoSuchAccount: when there is none and no password is given.
    """
    return _appoint(
        email=canonical_email(email),
        role=role,
        names={"given_name": given_name, "family_name": family_name},
        password_hash=PASSWORDS.hashed(password) if password else "",
        now=now,
    )


@use_case
def _appoint(
    *, email: str, role: str, names: dict[str, str], password_hash: str, now: datetime
) -> Appointment:
    account = db.session.scalar(
        select(Account).where(Account.email == email, Account.email_confirmed_at.is_not(None))
    )
    is_new = account is None
    if account is None:
        if not password_hash:
            raise NoSuchAccount(email)
        # The owner of the shop vouches for the mailbox.
        account = Account(
            email=email,
            email_confirmed_at=now,
            password_hash=password_hash,
            created_at=now,
            **names,
        )
        db.session.add(account)
        db.session.flush()
    held = select(StaffRole.id).where(StaffRole.account_id == account.id, StaffRole.role == role)
    has_role = db.session.scalar(held) is not None
    if not has_role:
        db.session.add(StaffRole(account_id=account.id, role=role, given_at=now))
    return Appointment(account.id, is_new, not has_role)
