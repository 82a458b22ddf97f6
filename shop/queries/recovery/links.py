"""Links to a new password."""

from datetime import datetime

from sqlalchemy import select

from shop.db import db
from shop.models.auth import Account, Recovery
from shop.rules.auth import token_hash


def email_of_link(*, token: str, now: datetime) -> str:
    """Return whose password a link changes, or an empty string when it holds no more."""
    email = db.session.scalar(
        select(Account.email)
        .join(Recovery, Recovery.account_id == Account.id)
        .where(
            Recovery.token_hash == token_hash(token),
            Recovery.used_at.is_(None),
            Recovery.expires_at > now,
        )
    )
    return email or ""
