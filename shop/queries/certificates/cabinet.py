"""The certificates that a customer has bought."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from shop.db import db
from shop.models.certificates import Certificate
from shop.models.payments import PaymentRefund
from shop.queries.certificates.states import columns_of
from shop.rules.certificates import REFUND_KEY

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
    # The money of one that was given back: the refund, and how far it is (models/payments.PaymentRefund.state).
    refund_id: int | None
    refund_state: str | None


@dataclass(frozen=True, slots=True)
class Bought:
    """A page of them, newest first."""

    rows: tuple[BoughtRow, ...]
    page: int
    pages: int


def bought_by(*, account_id: int, now: datetime, page: int = 1) -> Bought:
    """Return a page of what a customer has bought, but for what was never paid in time. One query."""
    found = db.session.execute(
        _rows(now)
        .add_columns(func.count().over().label("total"))
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
    mine = (Certificate.buyer_id == account_id, Certificate.serial == serial)
    return BoughtRow(*db.session.execute(_rows(now).where(*mine)).one())


def _rows(now: datetime) -> Select[Any]:
    of_certificates = columns_of(BoughtRow._fields[:-2], now)
    return select(*of_certificates, PaymentRefund.id, PaymentRefund.state).outerjoin(
        PaymentRefund,
        PaymentRefund.once_key == REFUND_KEY + Certificate.serial,
    )
