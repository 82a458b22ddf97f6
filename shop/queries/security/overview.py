"""How an account is kept safe, in one look."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from shop.db import db
from shop.models.auth import Account
from shop.models.security import DataExport, EmailChange, Passkey, RecoveryCode, SecondStep


@dataclass(frozen=True, slots=True)
class Overview:
    """What the cards of the security page tell."""

    passkeys: int
    has_second_step: bool
    # Those not used yet.
    recovery_codes: int
    # The address that has not confirmed yet, or an empty string.
    new_email: str
    # "asked", "ready", "gone", or an empty string when nothing was ever asked for; and until when it may be fetched.
    export_state: str
    export_expires_at: datetime | None
    # When the account will be emptied, as its owner asked.
    ends_at: datetime | None


def overview_of(*, account_id: int, now: datetime) -> Overview:
    """Return how an account is kept safe."""
    newest = select(func.max(DataExport.id)).where(DataExport.account_id == account_id)
    row = db.session.execute(
        select(
            *(part.scalar_subquery() for part in _parts(account_id, now)),
            DataExport.state,
            DataExport.expires_at,
            Account.ends_at,
        )
        .outerjoin(DataExport, DataExport.id == newest.scalar_subquery())
        .where(Account.id == account_id)
    ).one()
    return Overview(
        passkeys=row[0],
        has_second_step=row[1] is not None,
        recovery_codes=row[2],
        new_email=row[3] or "",
        export_state=row[4] or "",
        export_expires_at=row[5],
        ends_at=row[6],
    )


def _parts(account_id: int, now: datetime) -> tuple[Select[Any], ...]:
    """The number of passkeys, since when the second step works, the codes left, the address yet to confirm."""
    return (
        select(func.count(Passkey.id)).where(Passkey.account_id == account_id),
        select(SecondStep.works_since).where(SecondStep.account_id == account_id),
        select(func.count(RecoveryCode.id)).where(
            RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
        ),
        select(EmailChange.new_email)
        .where(
            EmailChange.account_id == account_id,
            EmailChange.confirmed_at.is_(None),
            EmailChange.ended_at.is_(None),
            EmailChange.expires_at > now,
        )
        .order_by(EmailChange.id.desc())
        .limit(1),
    )
