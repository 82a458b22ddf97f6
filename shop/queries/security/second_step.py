"""The second step of sign-in: whether an account has one, and what the right password leads to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from shop.db import db
from shop.models.auth import Account
from shop.models.security import RecoveryCode, SecondStep
from shop.rules.second_step import FEW_CODES, password_mark


@dataclass(frozen=True, slots=True)
class SecondStepCard:
    """How the second step stands."""

    # None while it is off.
    works_since: datetime | None
    # A secret was made, and no code of the app has been shown yet.
    is_begun: bool
    codes_left: int

    @property
    def has_few_codes(self) -> bool:
        """True when it is time to make new recovery codes."""
        return self.codes_left <= FEW_CODES


def second_step_of(*, account_id: int) -> SecondStepCard:
    """Return how the second step of an account stands."""
    left = (
        select(func.count(RecoveryCode.id))
        .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
        .scalar_subquery()
    )
    row = db.session.execute(
        select(SecondStep.works_since, left).where(SecondStep.account_id == account_id)
    ).one_or_none()
    if row is None:
        return SecondStepCard(works_since=None, is_begun=False, codes_left=0)
    return SecondStepCard(works_since=row[0], is_begun=row[0] is None, codes_left=row[1])


def mark_to_remember(*, account_id: int) -> str:
    """Return what a browser keeps between the right password and the code, or an empty string when no code is needed."""
    password_hash = db.session.scalar(
        select(Account.password_hash)
        .join(SecondStep, SecondStep.account_id == Account.id)
        .where(Account.id == account_id, SecondStep.works_since.is_not(None))
    )
    return password_mark(password_hash) if password_hash else ""
