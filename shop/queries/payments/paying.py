"""How paying for an order or a certificate stands, as the customer sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, null, select
from sqlalchemy.orm import aliased

from shop.db import db
from shop.models.certificates import Certificate
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt, PaymentRefund
from shop.rules.payments import OPEN


@dataclass(frozen=True, slots=True)
class Paying:
    """What is paid for, and its attempt at it that counts: while money is awaited the newest; then the one that paid it,
    else one that brought money which goes back, else the newest.

    Of a certificate the state is told in an order's words; `total_kopecks` is what is paid from outside.
    """

    order_id: int | None
    certificate_id: int | None
    number: str
    order_state: str
    total_kopecks: int
    method: str
    pay_until: datetime | None
    attempt_id: int | None
    state: str
    is_surplus: bool
    pay_at: str
    pay_form: dict[str, str] | None
    cancel_reason: str
    card_last4: str
    card_scheme: str
    # A payment that didn't fit, sorted out by a person; what they found, and (with `is_surplus`) how much had come.
    is_sorted: bool
    sorted_words: str
    attempt_kopecks: int
    # How far money is that came too late or wrong: the state of its refund, or nothing.
    back: str = ""

    @property
    def is_awaited(self) -> bool:
        """True while the order waits for its money."""
        return self.order_state == "awaiting_payment"

    @property
    def is_open(self) -> bool:
        """True while the newest attempt may still bring the money."""
        return self.state in OPEN

    @property
    def stands(self) -> str:
        """How it stands, in a word.

        paid, surplus, called_off (paid, and then called off), dropped, at_the_door (paid on receipt), mismatch,
        sorted (it was a mismatch, and a person has looked into it), waiting, refused or unpaid.
        """
        if self.is_sorted:
            return "sorted"
        if self.is_surplus:
            return "surplus"
        if self.state == "mismatch":
            return "mismatch"
        if self.order_state == "canceled" and self.state == "succeeded":
            return "called_off"
        if self.method == "on_receipt" and self.order_state in {
            "accepted",
            "assembling",
            "shipped",
        }:
            return "at_the_door"
        if not self.is_awaited:
            return "dropped" if self.order_state in {"expired", "canceled"} else "paid"
        if self.state in {"canceled", "rejected"}:
            return "refused"
        return "unpaid" if self.state in {"", "new"} else "waiting"


def open_payment_of(
    *, order_id: int | None = None, certificate_id: int | None = None
) -> int | None:
    """Return the attempt that may still bring the money for an order or a certificate, or None."""
    return db.session.scalar(
        select(PaymentAttempt.id).where(
            PaymentAttempt.order_id == order_id
            if order_id is not None
            else PaymentAttempt.certificate_id == certificate_id,
            PaymentAttempt.state.in_(OPEN),
        )
    )


def payment_of(*, account_id: int, number: str) -> Paying:
    """Return how paying for a customer's order stands.

    :raises NoResultFound: when there is no such order of this customer's.
    """
    return _paying(
        Order,
        "order_id",
        {
            "order_id": Order.id,
            "certificate_id": null(),
            "number": Order.number,
            "order_state": Order.state,
            "total_kopecks": Order.outside_kopecks,
            "method": Order.payment_method,
            "pay_until": Order.pay_until,
        },
        and_(Order.account_id == account_id, Order.number == number),
    )


def certificate_payment_of(*, account_id: int, serial: str) -> Paying:
    """Return how paying for a certificate stands, for its buyer.

    :raises NoResultFound: when this customer has bought no such certificate.
    """
    state = case(
        (Certificate.state == "awaiting_payment", "awaiting_payment"),
        (Certificate.state == "dropped", "expired"),
        (Certificate.refunded_at.is_not(None), "canceled"),
        else_="paid",
    )
    return _paying(
        Certificate,
        "certificate_id",
        {
            "order_id": null(),
            "certificate_id": Certificate.id,
            "number": Certificate.serial,
            "order_state": state,
            "total_kopecks": Certificate.nominal_kopecks,
            "method": func.coalesce(PaymentAttempt.method, ""),
            "pay_until": Certificate.pay_until,
        },
        and_(Certificate.buyer_id == account_id, Certificate.serial == serial),
    )


def _paying(
    thing: type[Order] | type[Certificate],
    link: str,
    about: dict[str, Any],
    whose: ColumnElement[bool],
) -> Paying:
    """Return a thing of that kind with the attempt at it that counts; `link` is the attempt's column that names it."""
    other = aliased(PaymentAttempt)
    tries = select(other.id).where(getattr(other, link) == thing.id).limit(1)
    has_paid = and_(other.state == "succeeded", other.is_surplus.is_(False))
    newest = tries.order_by(other.id.desc()).scalar_subquery()
    brought_money = tries.order_by(
        has_paid.desc(), (other.state == "succeeded").desc(), other.id.desc()
    ).scalar_subquery()
    that_counts = case((thing.state == "awaiting_payment", newest), else_=brought_money)
    row = db.session.execute(
        select(
            *(column.label(name) for name, column in about.items()),
            PaymentAttempt.id.label("attempt_id"),
            PaymentAttempt.state,
            func.coalesce(PaymentAttempt.is_surplus, False).label("is_surplus"),
            PaymentAttempt.pay_at,
            PaymentAttempt.pay_form,
            PaymentAttempt.cancel_reason,
            PaymentAttempt.card_last4,
            PaymentAttempt.card_scheme,
            PaymentAttempt.sorted_at.is_not(None).label("is_sorted"),
            PaymentAttempt.sorted_words,
            func.coalesce(PaymentAttempt.amount_kopecks, 0).label("attempt_kopecks"),
            _way_back_of_surplus().label("back"),
        )
        .select_from(thing)
        .outerjoin(PaymentAttempt, PaymentAttempt.id == that_counts)
        .where(whose)
    ).one()
    words = {name: value or "" for name, value in row._mapping.items() if name in _TEXTS}
    return Paying(**{**row._mapping, **words})


_TEXTS = {"state", "pay_at", "cancel_reason", "card_last4", "card_scheme", "sorted_words", "back"}


def _way_back_of_surplus() -> Any:
    surplus = select(PaymentRefund.state).where(
        PaymentRefund.attempt_id == PaymentAttempt.id, PaymentAttempt.is_surplus
    )
    return surplus.correlate(PaymentAttempt).limit(1).scalar_subquery()
