"""People who may receive parcels: a list of its own. Nothing here ever writes into the account, nor into an order."""

import hashlib
from datetime import datetime

from sqlalchemy import delete, func, select

from shop.db import db, use_case
from shop.models.profile import Recipient
from shop.rules.profile import MOST_RECIPIENTS


class TooManyRecipients(Exception):
    """The list is as long as it may be."""


@use_case
def keep_recipient(
    *, account_id: int, full_name: str, phone: str, once_key: str = "", now: datetime
) -> int:
    """Put somebody on an account's list; return the line's id. Who stands there already isn't written twice.

    :raises TooManyRecipients: when the list is full.
    """
    key = _key(account_id, once_key, full_name, phone)
    known = _known(account_id, full_name, phone) or _made_by(key)
    if known is not None:
        return known
    if _count(account_id) >= MOST_RECIPIENTS:
        raise TooManyRecipients
    recipient = Recipient(
        account_id=account_id,
        full_name=full_name,
        phone=phone,
        once_key=key,
        created_at=now,
    )
    db.session.add(recipient)
    db.session.flush()
    return recipient.id


@use_case
def change_recipient(*, account_id: int, recipient_id: int, full_name: str, phone: str) -> None:
    """Write another name or phone. Orders keep what they were given; two lines that became alike become one.

    :raises NoResultFound: when there is no such line on this account's list.
    """
    recipient = _of(account_id, recipient_id)
    twin = _known(account_id, full_name, phone)
    if twin not in {None, recipient_id}:
        db.session.delete(recipient)
        return
    recipient.full_name = full_name
    recipient.phone = phone


@use_case
def remove_recipient(*, account_id: int, recipient_id: int) -> None:
    """Take somebody off the list.

    :raises NoResultFound: when there is no such line on this account's list.
    """
    recipient = _of(account_id, recipient_id)
    db.session.execute(delete(Recipient).where(Recipient.id == recipient.id))


def _of(account_id: int, recipient_id: int) -> Recipient:
    return db.session.scalars(
        select(Recipient)
        .where(Recipient.id == recipient_id, Recipient.account_id == account_id)
        .execution_options(populate_existing=True)
    ).one()


def _known(account_id: int, full_name: str, phone: str) -> int | None:
    return db.session.scalar(
        select(Recipient.id).where(
            Recipient.account_id == account_id,
            Recipient.full_name == full_name,
            Recipient.phone == phone,
        )
    )


def _made_by(key: str | None) -> int | None:
    return db.session.scalar(select(Recipient.id).where(Recipient.once_key == key)) if key else None


def _count(account_id: int) -> int:
    query = select(func.count()).select_from(Recipient).where(Recipient.account_id == account_id)
    return db.session.scalar(query) or 0


def _key(account_id: int, once_key: str, full_name: str, phone: str) -> str | None:
    """One form sent twice; the same form with something else written in it is another."""
    written = f"{account_id}\0{once_key}\0{full_name}\0{phone}"
    return hashlib.sha256(written.encode()).hexdigest() if once_key else None
