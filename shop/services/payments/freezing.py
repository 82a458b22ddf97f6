"""Money that stays where it is for a while, because its owner's mailbox has changed hands through the support."""

from datetime import datetime

from sqlalchemy import select

from shop.db import db, use_case
from shop.models.auth import Account
from shop.rules.recovery import still_frozen


class MoneyFrozen(Exception):
    """The account has moved to another mailbox a short while ago; `until` says when its money moves again."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@use_case
def must_not_be_frozen(*, account_id: int, now: datetime) -> None:
    """See to it that nobody gets at the money of an account that may be in the wrong hands.

    :raises MoneyFrozen: while it is frozen.
    """
    kept = db.session.scalar(select(Account.frozen_until).where(Account.id == account_id))
    if until := still_frozen(kept, now):
        raise MoneyFrozen(until)
