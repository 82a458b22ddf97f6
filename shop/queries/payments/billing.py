"""What an attempt is to pay for: whether it is still awaited, and the lines of its bill."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shop.db import db
from shop.models.auth import Account
from shop.models.certificates import Certificate
from shop.models.orders import Order, OrderLine, Parcel
from shop.models.payments import PaymentAttempt
from shop.rules.funding import unit_shares


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
class BilledLine:
    """What stands on the bill: goods, their carriage (without a name), or a certificate, which is an advance."""

    name: str
    quantity: int
    price_kopecks: int
    is_advance: bool = False


@dataclass(frozen=True, slots=True)
class Bill:
    """What is paid from outside, line by line, and whose mailbox the receipt goes to."""

    number: str
    email: str
    lines: tuple[BilledLine, ...]


def bill_of(*, order_id: int | None, certificate_id: int | None) -> Bill:
    """Return what the fiscal receipt of a payment is made from; its lines add up to what is paid from outside.

    What points and balances pay for is a lower price on the bill, unit by unit.
    """
    if order_id is None:
        return _bill_of_certificate(certificate_id)
    number, email = db.session.execute(
        select(Order.number, Account.email)
        .join(Account, Account.id == Order.account_id)
        .where(Order.id == order_id)
    ).one()
    goods = db.session.execute(
        select(OrderLine.name, OrderLine.quantity, OrderLine.outside_kopecks)
        .where(OrderLine.order_id == order_id, OrderLine.outside_kopecks > 0)
        .order_by(OrderLine.id)
    )
    lines = [line for row in goods for line in _lines_of(*row)]
    carriage = sum(
        parcel.delivery_kopecks - parcel.delivery_promo_kopecks - parcel.delivery_balance_kopecks
        for parcel in db.session.scalars(select(Parcel).where(Parcel.order_id == order_id))
    )
    if carriage:
        lines.append(BilledLine("", 1, carriage))
    return Bill(number, email, tuple(lines))


def _lines_of(name: str, quantity: int, kopecks: int) -> list[BilledLine]:
    """Return lines of whole kopecks a piece: at most two, a kopeck apart."""
    shares = unit_shares(kopecks, quantity)
    return [
        BilledLine(name, shares.count(price), price)
        for price in sorted(set(shares), reverse=True)
        if price
    ]


def _bill_of_certificate(certificate_id: int | None) -> Bill:
    row = db.session.execute(
        select(Certificate.serial, Certificate.nominal_kopecks, Account.email)
        .join(Account, Account.id == Certificate.buyer_id)
        .where(Certificate.id == certificate_id)
    ).one()
    return Bill(row.serial, row.email, (BilledLine("", 1, row.nominal_kopecks, is_advance=True),))
