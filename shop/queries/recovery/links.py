"""Links to a new password, and the anti-spam codes before them."""

from datetime import datetime

from sqlalchemy import exists, select

from shop.db import db
from shop.models.auth import Account, Recovery, SpentKey
from shop.rules.auth import token_hash


def email_of_link(*, token: str, now: datetime) -> str:
    """Return whose password a link changes, or an empty string when it holds no more."""
    email = db.session.scalar(
        select(Account.email)
        .join(Recovery, Recovery.account_id == Account.id)
        .where(
            Recovery.token_hash == token_hash(token),
            Recovery.email == Account.email,
            Recovery.used_at.is_(None),
            Recovery.expires_at > now,
        )
    )
    return email or ""


def is_spent(*, key: str) -> bool:
    """True when a signed key was used already."""
    return bool(db.session.scalar(select(exists().where(SpentKey.key_hash == token_hash(key)))))
