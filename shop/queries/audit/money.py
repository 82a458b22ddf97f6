"""Rules 7 to 9: what gateways brought and took back stands in the books, once; nothing is held for nothing."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from shop.models.certificates import Certificate
from shop.models.ledger import LedgerAccount, LedgerEntry, LedgerPosting
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt, PaymentRefund
from shop.queries.audit.findings import (
    NOTHING,
    Finding,
    Question,
    all_of,
    gateway_money,
    joined,
    of_customers,
    told,
    zero_if_none,
)
from shop.rules.ledger import UNAPPLIED
from shop.rules.payments import GRACE, REFUND_ARRIVED

# An unpaid order is dropped within seconds of its time, or of the time that a silent gateway was given.
DROPPED_WITHIN = GRACE + timedelta(hours=1)
HELD = {
    ":points:held": Order.points,
    ":promo:held": Order.promo_kopecks,
    ":balance:held": Order.balance_kopecks,
}


def payments_not_in_the_books(_now: datetime) -> list[Finding]:
    """7: a payment that succeeded has one entry of its sum, spent or kept as a surplus; nothing else brings money."""
    brought = gateway_money()
    key = case(
        (PaymentAttempt.is_surplus, joined("att:", PaymentAttempt.id, ":surplus")),
        (PaymentAttempt.order_id.is_not(None), joined("ord:", Order.number, ":paid")),
        else_=joined("cert:", Certificate.serial, ":sold"),
    )
    booked = _named(
        select(joined(_number(), " / ", PaymentAttempt.id), zero_if_none(brought.c.kopecks)),
    ).add_columns(PaymentAttempt.amount_kopecks)
    booked = (
        booked.outerjoin(LedgerEntry, LedgerEntry.once_key == key)
        .outerjoin(brought, brought.c.entry_id == LedgerEntry.id)
        .where(
            PaymentAttempt.state == "succeeded",
            or_(
                zero_if_none(brought.c.kopecks) != PaymentAttempt.amount_kopecks,
                zero_if_none(brought.c.bonus) != PaymentAttempt.bonus_kopecks,
            ),
        )
    )
    return all_of(
        told(7, "payment_not_booked", booked, in_money=True),
        told(7, "money_from_nowhere", _without_a_payment(), in_money=True),
    )


def _number() -> ColumnElement[str]:
    return func.coalesce(Order.number, Certificate.serial, "")


def _named(query: Question) -> Question:
    """Join an attempt with what it pays for."""
    return (
        query.select_from(PaymentAttempt)
        .outerjoin(Order, Order.id == PaymentAttempt.order_id)
        .outerjoin(Certificate, Certificate.id == PaymentAttempt.certificate_id)
    )


def _without_a_payment() -> Question:
    """Entries by which money came through a gateway that no succeeded attempt tells of."""
    brought = gateway_money()
    has_come = PaymentAttempt.state == "succeeded"
    spent = _named(select(_number())).where(has_come, PaymentAttempt.is_surplus.is_(False))
    kept = select(joined("att:", PaymentAttempt.id, ":surplus")).where(
        has_come, PaymentAttempt.is_surplus
    )
    return (
        select(LedgerEntry.once_key, brought.c.kopecks, NOTHING)
        .join(brought, brought.c.entry_id == LedgerEntry.id)
        .where(
            brought.c.kopecks > 0,
            or_(
                LedgerEntry.kind.not_in(("order_paid", "certificate_sold", "surplus")),
                and_(
                    LedgerEntry.kind.in_(("order_paid", "certificate_sold")),
                    LedgerEntry.reference.not_in(spent),
                ),
                and_(LedgerEntry.kind == "surplus", LedgerEntry.once_key.not_in(kept)),
            ),
        )
    )


def refunds_that_do_not_fit(_now: datetime) -> list[Finding]:
    """8: never more goes back than came; each refund that arrived is booked; what is still owed is on its way."""
    sent = func.sum(PaymentRefund.amount_kopecks)
    too_much = (
        _named(select(_number(), sent, PaymentAttempt.amount_kopecks))
        .join(PaymentRefund, PaymentRefund.attempt_id == PaymentAttempt.id)
        .group_by(PaymentAttempt.id, Order.number, Certificate.serial)
        .having(sent > PaymentAttempt.amount_kopecks)
    )
    return all_of(
        told(8, "refunded_too_much", too_much, in_money=True),
        told(8, "refund_not_booked", _refunds_not_booked(), in_money=True),
        told(8, "refund_too_soon", _refunds_booked_too_soon()),
        _debts_that_differ(),
    )


def _refunds_not_booked() -> Question:
    went = (
        select(LedgerPosting.entry_id, (-func.sum(LedgerPosting.amount)).label("kopecks"))
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        # The shop's own money, or the balance onto which its owner has taken it.
        .where(or_(LedgerAccount.kind == "A", LedgerAccount.code.like("customer:%:balance")))
        .group_by(LedgerPosting.entry_id)
        .subquery()
    )
    booked = zero_if_none(went.c.kopecks)
    key = joined("rf:", PaymentRefund.id, ":ok")
    return (
        select(key, booked, PaymentRefund.amount_kopecks)
        .outerjoin(LedgerEntry, LedgerEntry.once_key == key)
        .outerjoin(went, went.c.entry_id == LedgerEntry.id)
        .where(PaymentRefund.state.in_(REFUND_ARRIVED), booked != PaymentRefund.amount_kopecks)
    )


def _refunds_booked_too_soon() -> Question:
    settled = select(joined("rf:", PaymentRefund.id, ":ok")).where(
        PaymentRefund.state.in_(REFUND_ARRIVED)
    )
    return select(LedgerEntry.once_key).where(
        LedgerEntry.once_key.like("rf:%:ok"), LedgerEntry.once_key.not_in(settled)
    )


def _debts_that_differ() -> list[Finding]:
    """What the books owe for each order, and of surplus money, is what refunds under way will bring back."""
    is_open = PaymentRefund.state.not_in(REFUND_ARRIVED)
    of_order = func.coalesce(PaymentRefund.order_id, PaymentAttempt.order_id)
    owed = (
        select(
            func.coalesce(Order.number, Certificate.serial).label("number"),
            func.sum(PaymentRefund.amount_kopecks).label("kopecks"),
        )
        .select_from(PaymentRefund)
        .outerjoin(PaymentAttempt, PaymentAttempt.id == PaymentRefund.attempt_id)
        .outerjoin(Order, Order.id == of_order)
        .outerjoin(Certificate, Certificate.id == PaymentAttempt.certificate_id)
        .where(
            is_open,
            PaymentRefund.account_id.is_(None),
            func.coalesce(PaymentAttempt.is_surplus, False).is_(False),
        )
        .group_by(func.coalesce(Order.number, Certificate.serial))
        .subquery()
    )
    code = joined("order:", owed.c.number, ":refund-due")
    in_books = zero_if_none(LedgerAccount.balance)
    unbooked = (
        select(owed.c.number, in_books, owed.c.kopecks)
        .outerjoin(LedgerAccount, LedgerAccount.code == code)
        .where(in_books != owed.c.kopecks)
    )
    unowed = select(LedgerAccount.code, LedgerAccount.balance, NOTHING).where(
        LedgerAccount.code.like("order:%:refund-due"),
        LedgerAccount.balance != 0,
        LedgerAccount.code.not_in(select(code)),
    )
    return all_of(
        told(8, "debt", unbooked, in_money=True),
        told(8, "debt", unowed, in_money=True),
        told(8, "surplus", _surplus_left(), in_money=True),
        of_customers(8, "payout", ":payout", _payouts_asked_for(), in_money=True),
    )


def _payouts_asked_for() -> Question:
    return (
        select(PaymentRefund.account_id, func.sum(PaymentRefund.amount_kopecks))
        .where(PaymentRefund.account_id.is_not(None), PaymentRefund.state.not_in(REFUND_ARRIVED))
        .group_by(PaymentRefund.account_id)
    )


def _surplus_left() -> Question:
    is_open = PaymentRefund.state.not_in(REFUND_ARRIVED)
    surplus = (
        select(func.coalesce(func.sum(PaymentRefund.amount_kopecks), 0))
        .join(PaymentAttempt, PaymentAttempt.id == PaymentRefund.attempt_id)
        .where(is_open, PaymentAttempt.is_surplus)
        .scalar_subquery()
    )
    return select(LedgerAccount.code, LedgerAccount.balance, surplus).where(
        LedgerAccount.code == UNAPPLIED.code, LedgerAccount.balance != surplus
    )


def holds_for_nothing(now: datetime) -> list[Finding]:
    """9: what customers have set aside is what their unpaid orders wait for, and no order waits past its time."""
    waits = Order.state == "awaiting_payment"
    held = [
        of_customers(
            9,
            "held",
            suffix,
            select(Order.account_id, func.sum(amount)).where(waits).group_by(Order.account_id),
            in_money=amount is not Order.points,
        )
        for suffix, amount in HELD.items()
    ]
    late = select(Order.number).where(waits, Order.pay_until < now - DROPPED_WITHIN)
    hold, end = LedgerEntry.__table__.alias("hold"), LedgerEntry.__table__.alias("ending")
    ends = or_(
        end.c.once_key == joined("ord:", Order.number, ":release"),
        end.c.once_key == joined("ord:", Order.number, ":paid"),
    )
    forgotten = (
        select(Order.number)
        .join(hold, hold.c.once_key == joined("ord:", Order.number, ":hold"))
        .where(
            Order.state.in_(("expired", "canceled")),
            ~select(end.c.id).where(ends).exists(),
        )
    )
    return all_of(*held, told(9, "waits_too_long", late), told(9, "hold_on_dead_order", forgotten))
