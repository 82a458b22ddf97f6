"""What an attempt is to pay for: whether it is still awaited, and the lines of its bill."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shop.db import db
from shop.models.auth import Account
from shop.models.certificates import Certificate
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt
from shop.queries.receipts import certificate_lines, order_lines
from shop.rules.receipts import Line


@dataclass(frozen=True, slots=True)
class Due:
    """An order or a certificate as something to be paid from outside."""

    number: str
    is_awaited: bool
    amount_kopecks: int
    method: str
    pay_until: datetime | None

    def is_due(self, now: datetime) -> bool:
        """True while money for it is welcome."""
        return self.is_awaited and self.pay_until is not None and now < self.pay_until


def due_of(*, order_id: int | None, certificate_id: int | None) -> Due:
    """Return what is to be paid for: exactly one of the two is given.

    :raises NoResultFound: when there is no such thing.
    """
    if order_id is not None:
        order = db.session.execute(
            select(
                Order.number,
                Order.state,
                Order.outside_kopecks,
                Order.payment_method,
                Order.pay_until,
            ).where(Order.id == order_id)
        ).one()
        is_awaited = order.state == "awaiting_payment"
        return Due(
            order.number, is_awaited, order.outside_kopecks, order.payment_method, order.pay_until
        )
    bought = db.session.execute(
        select(
            Certificate.serial,
            Certificate.state,
            Certificate.nominal_kopecks,
            Certificate.pay_until,
        ).where(Certificate.id == certificate_id)
    ).one()
    is_awaited = bought.state == "awaiting_payment"
    return Due(bought.serial, is_awaited, bought.nominal_kopecks, "", bought.pay_until)


def awaited_amount(*, gateway: str, ref: str, now: datetime) -> int | None:
    """Return how many kopecks a payment that isn't made yet is to bring, or None when nobody waits for it."""
    attempt = db.session.execute(
        select(
            PaymentAttempt.order_id, PaymentAttempt.certificate_id, PaymentAttempt.amount_kopecks
        ).where(
            PaymentAttempt.gateway == gateway,
            PaymentAttempt.gateway_ref == ref,
            PaymentAttempt.state == "pending",
        )
    ).one_or_none()
    if attempt is None:
        return None
    due = due_of(order_id=attempt.order_id, certificate_id=attempt.certificate_id)
    return attempt.amount_kopecks if due.is_due(now) else None


@dataclass(frozen=True, slots=True)
class Bill:
    """What an attempt asks money for, and the receipt that goes with it: its lines, and whose mailbox it goes to.

    Without lines its receipt goes apart: a balance pays for a part, which no payment's own receipt can say.
    """

    number: str
    email: str
    is_certificate: bool
    lines: tuple[Line, ...]


def bill_of(*, order_id: int | None, certificate_id: int | None) -> Bill:
    """Return what is paid from outside; the lines, if there are any, add up to just that."""
    if order_id is None:
        return _bill_of_certificate(certificate_id)
    number, email, balance = db.session.execute(
        select(Order.number, Account.email, Order.balance_kopecks)
        .join(Account, Account.id == Order.account_id)
        .where(Order.id == order_id)
    ).one()
    return Bill(number, email, False, () if balance else order_lines(order_id, number))


def _bill_of_certificate(certificate_id: int | None) -> Bill:
    row = db.session.execute(
        select(Certificate.serial, Certificate.nominal_kopecks, Account.email)
        .join(Account, Account.id == Certificate.buyer_id)
        .where(Certificate.id == certificate_id)
    ).one()
    return Bill(row.serial, row.email, True, certificate_lines(row.serial, row.nominal_kopecks))
