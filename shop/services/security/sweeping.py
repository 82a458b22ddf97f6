"""What nobody needs any more goes: old sign-ins, old lines of the log, accounts nobody ever proved."""

from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, delete, exists, or_, select

from shop.db import db, use_case
from shop.models.auth import Account, Confirmation, Consent, UserSession
from shop.models.cart import Cart
from shop.models.favorites import Favorite
from shop.models.notices import OutboxItem
from shop.models.payments import PaymentNotice
from shop.models.profile import AccountEvent, Recipient

# At most so many rows of a kind at a time, so that nobody has to wait for it.
BATCH = 500
# An account goes with all that hangs on it.
ACCOUNTS_AT_ONCE = 50
UNSEEN_SESSIONS_LIVE = timedelta(days=180)
ENDED_SESSIONS_LIVE = timedelta(days=30)
EVENTS_LIVE = timedelta(days=2 * 365)
# The history of what a person was called and reached by stays as long as the account.
LASTING_KINDS = ("name_changed", "email_changed", "email_change_undone", "handed_over")
CLAIMS_LIVE = timedelta(days=30)
LETTERS_LIVE = timedelta(days=30)
PAYMENT_NOTICES_LIVE = timedelta(days=180)

# What goes with an account that was never proved; whatever else points at it keeps it.
_BELONGINGS: tuple[Any, ...] = (
    Cart.account_id,  # Its lines go with it.
    Favorite.account_id,
    Confirmation.account_id,
    Consent.account_id,
    UserSession.account_id,
    AccountEvent.account_id,
    Recipient.account_id,
)


@dataclass(frozen=True, slots=True)
class Swept:
    """How many of each went."""

    sessions: int
    events: int
    accounts: int
    outbox_items: int
    payment_notices: int

    @property
    def may_be_more(self) -> bool:
        """True when a heap was larger than one sweep takes."""
        return self.accounts >= ACCOUNTS_AT_ONCE or max(astuple(self)) >= BATCH


@use_case
def sweep(*, now: datetime) -> Swept:
    """Delete what is over, a batch of each kind. Safe to run twice, and to stop halfway."""
    return Swept(
        sessions=_delete(
            UserSession,
            or_(
                UserSession.seen_at < now - UNSEEN_SESSIONS_LIVE,
                UserSession.ended_at < now - ENDED_SESSIONS_LIVE,
            ),
        ),
        events=_delete(
            AccountEvent,
            AccountEvent.happened_at < now - EVENTS_LIVE,
            AccountEvent.kind.not_in(LASTING_KINDS),
        ),
        accounts=_delete_claims(now),
        outbox_items=_delete(OutboxItem, OutboxItem.done_at < now - LETTERS_LIVE),
        payment_notices=_delete(
            PaymentNotice,
            PaymentNotice.handled_at.is_not(None),
            PaymentNotice.received_at < now - PAYMENT_NOTICES_LIVE,
        ),
    )


def _delete(model: Any, *which: ColumnElement[bool]) -> int:
    batch = select(model.id).where(*which).limit(BATCH)
    gone = delete(model).where(model.id.in_(batch)).returning(model.id)
    return len(db.session.scalars(gone).all())


def _delete_claims(now: datetime) -> int:
    """Accounts whose mailbox was never proved, unless something of lasting worth hangs on them."""
    claims = list(
        db.session.scalars(
            select(Account.id)
            .where(
                Account.email_confirmed_at.is_(None),
                # Emptied at its owner's wish: it has no mailbox any more, but may have a history.
                Account.ended_at.is_(None),
                Account.created_at < now - CLAIMS_LIVE,
                *(~exists().where(column == Account.id) for column in _keepers()),
            )
            .limit(ACCOUNTS_AT_ONCE)
        )
    )
    if claims:
        for owner in _BELONGINGS:
            db.session.execute(delete(owner.class_).where(owner.in_(claims)))
        db.session.execute(delete(Account).where(Account.id.in_(claims)))
    return len(claims)


@cache
def _keepers() -> tuple[Column[Any], ...]:
    """Every column that points at an account and isn't a belonging: orders, roles, passkeys, and what is yet to come."""
    go = {owner.property.columns[0] for owner in _BELONGINGS}
    key = Account.__table__.c.id
    return tuple(
        column
        for table in db.metadata.sorted_tables
        for column in table.columns
        if column not in go and any(link.references(key.table) for link in column.foreign_keys)
    )
