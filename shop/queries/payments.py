"""How paying for an order stands, and which payments somebody must look at."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from shop.db import db
from shop.models.auth import Account
from shop.models.orders import Order, OrderLine
from shop.models.payments import PaymentAttempt, PaymentRefund
from shop.rules.payments import ASK_FRESH, ASK_OLD, FRESH, OPEN


@dataclass(frozen=True, slots=True)
class Paying:
    """An order and its attempt at being paid that counts: the one that paid it, else the newest."""

    order_id: int
    number: str
    order_state: str
    total_kopecks: int
    method: str
    pay_until: datetime
    attempt_id: int | None
    state: str
    is_surplus: bool
    pay_at: str
    cancel_reason: str
    card_last4: str
    card_scheme: str

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
        """How it stands, in a word: paid, surplus, dropped, mismatch, waiting, refused or unpaid."""
        if self.is_surplus:
            return "surplus"
        if self.state == "mismatch":
            return "mismatch"
        if not self.is_awaited:
            return "dropped" if self.order_state in {"expired", "canceled"} else "paid"
        if self.state in {"canceled", "rejected"}:
            return "refused"
        return "unpaid" if self.state in {"", "new"} else "waiting"


def open_payment_of(*, order_id: int) -> int | None:
    """Return the attempt that may still bring an order's money, or None."""
    return db.session.scalar(
        select(PaymentAttempt.id).where(
            PaymentAttempt.order_id == order_id, PaymentAttempt.state.in_(OPEN)
        )
    )


def awaited_amount(*, gateway: str, ref: str, now: datetime) -> int | None:
    """Return how many kopecks a payment that isn't made yet is to bring, or None when nobody waits for it."""
    return db.session.scalar(
        select(PaymentAttempt.amount_kopecks)
        .join(Order, Order.id == PaymentAttempt.order_id)
        .where(
            PaymentAttempt.gateway == gateway,
            PaymentAttempt.gateway_ref == ref,
            PaymentAttempt.state == "pending",
            Order.state == "awaiting_payment",
            Order.pay_until > now,
        )
    )


def payment_of(*, account_id: int, number: str) -> Paying:
    """Return how paying for a customer's order stands.

    :raises NoResultFound: when there is no such order of this customer's.
    """
    other = aliased(PaymentAttempt)
    brought_money = and_(other.state == "succeeded", other.is_surplus.is_(False))
    that_counts = (
        select(other.id)
        .where(other.order_id == Order.id)
        .order_by(brought_money.desc(), other.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    row = db.session.execute(
        select(
            Order.id.label("order_id"),
            Order.number,
            Order.state.label("order_state"),
            Order.total_kopecks,
            Order.payment_method.label("method"),
            Order.pay_until,
            PaymentAttempt.id.label("attempt_id"),
            PaymentAttempt.state,
            func.coalesce(PaymentAttempt.is_surplus, False).label("is_surplus"),
            PaymentAttempt.pay_at,
            PaymentAttempt.cancel_reason,
            PaymentAttempt.card_last4,
            PaymentAttempt.card_scheme,
        )
        .outerjoin(PaymentAttempt, PaymentAttempt.id == that_counts)
        .where(Order.account_id == account_id, Order.number == number)
    ).one()
    words = {name: value or "" for name, value in row._mapping.items() if name in _TEXTS}
    return Paying(**{**row._mapping, **words})


_TEXTS = {"state", "pay_at", "cancel_reason", "card_last4", "card_scheme"}


@dataclass(frozen=True, slots=True)
class BilledLine:
    """What stands on the bill: goods, or (without a name) their carriage."""

    name: str
    quantity: int
    price_kopecks: int


@dataclass(frozen=True, slots=True)
class Bill:
    """What an order costs, line by line, and whose mailbox the receipt goes to."""

    number: str
    email: str
    lines: tuple[BilledLine, ...]


def bill_of(*, order_id: int) -> Bill:
    """Return what the fiscal receipt of an order is made from."""
    number, email, carriage = db.session.execute(
        select(Order.number, Account.email, Order.delivery_kopecks)
        .join(Account, Account.id == Order.account_id)
        .where(Order.id == order_id)
    ).one()
    goods = db.session.execute(
        select(OrderLine.name, OrderLine.quantity, OrderLine.price_kopecks)
        .where(OrderLine.order_id == order_id)
        .order_by(OrderLine.id)
    )
    lines = [BilledLine(*line) for line in goods]
    if carriage:
        lines.append(BilledLine("", 1, carriage))
    return Bill(number, email, tuple(lines))


def undecided_attempts(*, now: datetime, most: int) -> list[int]:
    """Return attempts to ask the gateway about now, those first that were asked about longest ago.

    They were said to it, and it hasn't said its last word. Fresh ones are asked about more often.
    """
    is_undecided = and_(
        PaymentAttempt.settled_at.is_(None),
        PaymentAttempt.state.in_(("sending", "unknown", "pending", "held", "canceled")),
    )
    is_fresh = PaymentAttempt.opened_at > now - FRESH
    is_due = or_(
        PaymentAttempt.looked_at.is_(None),
        and_(is_fresh, PaymentAttempt.looked_at <= now - ASK_FRESH),
        PaymentAttempt.looked_at <= now - ASK_OLD,
    )
    return list(
        db.session.scalars(
            select(PaymentAttempt.id)
            .where(is_undecided, is_due)
            .order_by(PaymentAttempt.looked_at.asc().nulls_first(), PaymentAttempt.id)
            .limit(most)
        )
    )


def overdue_orders(*, now: datetime, most: int) -> list[tuple[int, datetime]]:
    """Return unpaid orders whose time is over, with when it was, oldest first."""
    rows = db.session.execute(
        select(Order.id, Order.pay_until)
        .where(Order.state == "awaiting_payment", Order.pay_until <= now)
        .order_by(Order.pay_until)
        .limit(most)
    )
    return [(row.id, row.pay_until) for row in rows]


@dataclass(frozen=True, slots=True)
class MoneyTrouble:
    """Money that a person must look at: it came wrong, or could not be sent back."""

    number: str
    amount_kopecks: int
    what: str
    problem: str


def money_troubles() -> list[MoneyTrouble]:
    """Return what staff must settle by hand: payments that don't match, refunds that failed."""
    mismatched = (
        select(Order.number, PaymentAttempt.amount_kopecks, PaymentAttempt.gateway_ref)
        .join(Order, Order.id == PaymentAttempt.order_id)
        .where(PaymentAttempt.state == "mismatch")
        .order_by(PaymentAttempt.id)
    )
    failed = (
        select(Order.number, PaymentRefund.amount_kopecks, PaymentRefund.problem)
        .join(PaymentAttempt, PaymentAttempt.id == PaymentRefund.attempt_id)
        .join(Order, Order.id == PaymentAttempt.order_id)
        .where(PaymentRefund.state == "failed")
        .order_by(PaymentRefund.id)
    )
    troubles = [
        MoneyTrouble(number, kopecks, "mismatch", ref or "")
        for number, kopecks, ref in db.session.execute(mismatched)
    ]
    return troubles + [
        MoneyTrouble(number, kopecks, "refund_failed", problem)
        for number, kopecks, problem in db.session.execute(failed)
    ]
