"""The certificates that a customer has bought."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import func, select

from shop.db import db
from shop.models.certificates import Certificate
from shop.queries.certificates.states import columns_of

PAGE = 10


class BoughtRow(NamedTuple):
    """One certificate, as its buyer may see it: when it was activated, and not by whom."""

    serial: str
    code_end: str
    nominal_kopecks: int
    state: str
    recipient_name: str
    recipient_email: str
    send_on: date | None
    sent_at: datetime | None
    ordered_at: datetime
    pay_until: datetime | None
    sold_at: datetime | None
    expires_at: datetime
    activated_at: datetime | None
    refunded_at: datetime | None


@dataclass(frozen=True, slots=True)
class Bought:
    """A page of them, newest first."""

    rows: tuple[BoughtRow, ...]
    page: int
    pages: int


def bought_by(*, account_id: int, now: datetime, page: int = 1) -> Bought:
    """Return a page of what a customer has bought, but for what was never paid in time. One query."""
    columns = columns_of(BoughtRow._fields, now)
    found = db.session.execute(
        select(*columns, func.count().over().label("total"))
        .where(Certificate.buyer_id == account_id, Certificate.state != "dropped")
        .order_by(Certificate.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    pages = -(-found[0].total // PAGE) if found else 1
    return Bought(tuple(BoughtRow(*row[:-1]) for row in found), page, pages)


def bought_one(*, account_id: int, serial: str, now: datetime) -> BoughtRow:
    """Return one certificate of its buyer.

    :raises NoResultFound: when this customer has bought no such certificate.
    """
    columns = columns_of(BoughtRow._fields, now)
    mine = (Certificate.buyer_id == account_id, Certificate.serial == serial)
    return BoughtRow(*db.session.execute(select(*columns).where(*mine)).one())
