"""What fiscal receipts are made from: the goods of orders and parcels, and the payments that receipts hang on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import false, func, select

from shop.db import db
from shop.models.certificates import Certificate
from shop.models.orders import Order, OrderLine, Parcel
from shop.models.payments import PaymentAttempt, PaymentRefund
from shop.rules.funding import Funding
from shop.rules.receipts import (
    BALANCE,
    CASH_DESKS,
    CERTIFICATE,
    PAID_FOR,
    Goods,
    Line,
    Sold,
    advance_of,
)


def vat_code() -> int:
    """Return the gateway's code of the shop's VAT rate."""
    return int(current_app.extensions["shop_config"].yookassa_vat_code)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The payment at a gateway that a receipt may hang on; `has_receipt` when the payment took one along."""

    attempt_id: int
    gateway: str
    has_receipt: bool

    @property
    def can_register(self) -> bool:
        """True when the gateway has a cash desk."""
        return self.gateway in CASH_DESKS


@dataclass(frozen=True, slots=True)
class Handed:
    """A parcel in its customer's hands: what was in it, and how its order is paid."""

    order_id: int
    number: str
    account_id: int
    is_paid_at_the_door: bool
    goods: Goods


def order_goods(order_id: int) -> Goods:
    """Return all that was ordered, with its carriage. Two queries."""
    lines = db.session.scalars(
        select(OrderLine).where(OrderLine.order_id == order_id).order_by(OrderLine.id)
    )
    parcels = db.session.scalars(select(Parcel).where(Parcel.order_id == order_id))
    sold = tuple(Sold(one.name, one.quantity, 0, one.quantity, _funding(one)) for one in lines)
    return Goods(sold, sum((_carriage(parcel) for parcel in parcels), Funding()))


def order_lines(order_id: int, number: str) -> tuple[Line, ...]:
    """Return the lines of the receipt of an order that is paid beforehand."""
    return order_goods(order_id).lines(number=number, mode="full_prepayment", vat=vat_code())


def certificate_lines(serial: str, kopecks: int) -> tuple[Line, ...]:
    """Return the line of a certificate, which is an advance."""
    return advance_of(CERTIFICATE.format(serial), kopecks, vat=vat_code())


def balance_lines(kopecks: int, name: str = BALANCE) -> tuple[Line, ...]:
    """Return the line of a balance that is paid out, what is left of advances; or of what comes onto it."""
    return advance_of(name, kopecks, vat=vat_code())


def payment_lines(number: str, kopecks: int) -> tuple[Line, ...]:
    """Return the line of money that came for an order which waited for it no more."""
    return advance_of(PAID_FOR.format(number), kopecks, vat=vat_code())


def handed_over(parcel_id: int) -> Handed:
    """Return what is in a parcel but for what was called off. Two queries."""
    parcel, order = db.session.execute(
        select(Parcel, Order).join(Order, Order.id == Parcel.order_id).where(Parcel.id == parcel_id)
    ).one()
    lines = db.session.scalars(
        select(OrderLine).where(OrderLine.parcel_id == parcel_id).order_by(OrderLine.id)
    )
    return Handed(
        order.id,
        order.number,
        order.account_id,
        order.payment_method == "on_receipt",
        Goods(tuple(_kept(lines)), _carriage(parcel)),
    )


def _kept(lines: Iterable[OrderLine]) -> list[Sold]:
    return [
        Sold(one.name, one.quantity, one.canceled, one.quantity - one.canceled, _funding(one))
        for one in lines
    ]


def _funding(line: OrderLine) -> Funding:
    return Funding(line.points, line.promo_kopecks, line.balance_kopecks, line.outside_kopecks)


def _carriage(parcel: Parcel) -> Funding:
    promo, balance = parcel.delivery_promo_kopecks, parcel.delivery_balance_kopecks
    return Funding(0, promo, balance, parcel.delivery_kopecks - promo - balance)


def anchor_of(attempt_id: int | None) -> Anchor | None:
    """Return the payment of an attempt as what a receipt hangs on."""
    if attempt_id is None:
        return None
    return _anchor(_attempts().where(PaymentAttempt.id == attempt_id))


def anchor_of_order(order_id: int) -> Anchor | None:
    """Return the payment that brought an order's money from outside; None where there was none."""
    return _anchor(
        _attempts().where(PaymentAttempt.order_id == order_id, PaymentAttempt.is_surplus.is_(False))
    )


def anchor_of_balance(account_id: int) -> Anchor | None:
    """Return the payment of the last certificate that came onto a customer's balance and was sold by a gateway with a cash desk."""
    return _anchor(
        _attempts()
        .join(Certificate, Certificate.id == PaymentAttempt.certificate_id)
        .where(
            Certificate.activated_by == account_id,
            PaymentAttempt.is_surplus.is_(False),
            PaymentAttempt.gateway.in_(CASH_DESKS),
        )
        .order_by(Certificate.activated_at.desc(), Certificate.id.desc())
        .limit(1)
    )


def _attempts() -> Any:
    return select(PaymentAttempt).where(PaymentAttempt.state == "succeeded")


def _anchor(query: Any) -> Anchor | None:
    attempt = db.session.scalars(query).one_or_none()
    if attempt is None:
        return None
    return Anchor(attempt.id, attempt.gateway, "receipt" in (attempt.request or {}))


class GoesBack(NamedTuple):
    """Money on its way back: of which order or certificate, and whether that ever waited for it."""

    order_id: int | None
    certificate_id: int | None
    kopecks: int
    is_surplus: bool


def going_back(refund_id: int) -> GoesBack:
    """Return what a refund is of. One query."""
    row = db.session.execute(
        select(
            func.coalesce(PaymentRefund.order_id, PaymentAttempt.order_id),
            PaymentAttempt.certificate_id,
            PaymentRefund.amount_kopecks,
            func.coalesce(PaymentAttempt.is_surplus, false()),
        )
        .select_from(PaymentRefund)
        .outerjoin(PaymentAttempt, PaymentAttempt.id == PaymentRefund.attempt_id)
        .where(PaymentRefund.id == refund_id)
    ).one()
    return GoesBack(*row)


def name_of(*, order_id: int | None, certificate_id: int | None) -> str:
    """Return the number of an order or the serial of a certificate."""
    which = (
        select(Order.number).where(Order.id == order_id)
        if order_id is not None
        else select(Certificate.serial).where(Certificate.id == certificate_id)
    )
    return db.session.scalars(which).one()
