"""Money that waits for a person to pay it: as its owner sees it, and as the shop's people do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select

from shop.db import db
from shop.models.auth import Account
from shop.models.certificates import Certificate
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt, PaymentRefund, PayoutDetails
from shop.models.returns import Cancellation, ReturnRequest
from shop.rules import payouts
from shop.rules.payments import REFUND_BY_HAND
from shop.rules.recovery import still_frozen

PAYOUTS_AT_ONCE = 50
# How the key of a return's refund begins; its number follows.
_OF_RETURN = "return-"


@dataclass(frozen=True, slots=True)
class Told:
    """Where the money shall go. The whole number is told only where it was opened: no template can let it slip."""

    way: str
    name: str
    bic: str
    number: str
    bank: str
    given_at: datetime
    is_opened: bool
    # An employee has opened it, and may be paying: its owner can't change it any more.
    is_being_paid: bool
    # The given name of who has, and when; a colleague can't open it meanwhile, and later knows whom to ask.
    opened_by: str
    opened_at: datetime | None
    is_anothers: bool


@dataclass(frozen=True, slots=True)
class Payout:
    """Money that a person pays; `number` is of what it is about, empty for a customer's own balance."""

    refund_id: int
    number: str
    account_id: int
    customer_name: str
    customer_email: str
    amount_kopecks: int
    state: str
    problem: str
    is_of_gateway: bool
    opened_at: datetime
    pay_by: datetime
    settled_at: datetime | None
    paid_by: str
    note: str
    told: Told | None
    # Employees who have decided that this money goes back.
    decided_by: frozenset[int]
    # Until when its owner's money stays where it is, because the mailbox has changed hands.
    frozen_until: datetime | None

    @property
    def is_waiting(self) -> bool:
        """True until the money is paid."""
        return self.state == "manual_due"

    @property
    def was_refused(self) -> bool:
        """True when the gateway was asked to send it back, and didn't."""
        return bool(self.problem)

    @property
    def is_balance(self) -> bool:
        """True for money of a customer's own balance."""
        return not self.number

    def is_urgent(self, now: datetime) -> bool:
        """True when it waits, and eight of the ten days are over."""
        return self.is_waiting and payouts.is_urgent(self.pay_by, now)

    def frozen(self, now: datetime) -> datetime | None:
        """Return until when its owner can't say where it goes; None when nothing bars that."""
        return still_frozen(self.frozen_until, now) if self.is_waiting else None


def payout_of(*, refund_id: int) -> Payout:
    """Return money that waits for a person, or was paid by one; whose it is the caller looks at. One query.

    :raises NoResultFound: when there is no such money.
    """
    which = (PaymentRefund.id == refund_id, PaymentRefund.state.in_(REFUND_BY_HAND))
    return _payout(db.session.execute(_payouts().where(*which)).one())


def payouts_of_order(*, order_id: int) -> list[Payout]:
    """Return the money of one order that waits for a person, the oldest first. One query."""
    return _waiting(Order.id == order_id)


def payouts_of(*, account_id: int) -> list[Payout]:
    """Return all of a customer's money that waits for a person, the oldest first. One query."""
    return _waiting(_whose() == account_id)


def payouts_at_desk(
    *, is_paid: bool, employee_id: int, now: datetime, page: int = 1
) -> tuple[list[Payout], bool]:
    """Return a page of money to pay by hand, the oldest first, or of what was paid, the newest first; and whether there is more.

    What this employee has opened a short while ago is told whole. One query.
    """
    order = PaymentRefund.settled_at.desc() if is_paid else PaymentRefund.opened_at
    rows = db.session.execute(
        _payouts()
        .where(
            PaymentRefund.state.in_(REFUND_BY_HAND),
            (PaymentRefund.state != "manual_due")
            if is_paid
            else (PaymentRefund.state == "manual_due"),
        )
        .order_by(order, PaymentRefund.id)
        .limit(PAYOUTS_AT_ONCE + 1)
        .offset((page - 1) * PAYOUTS_AT_ONCE)
    ).all()
    found = [_payout(row, employee_id, now) for row in rows[:PAYOUTS_AT_ONCE]]
    return found, len(rows) > PAYOUTS_AT_ONCE


_CLERK, _OPENER = Account.__table__.alias("clerk"), Account.__table__.alias("opener")


def _whose() -> ColumnElement[int]:
    return func.coalesce(PaymentRefund.account_id, Order.account_id, Certificate.buyer_id)


def _waiting(which: Any) -> list[Payout]:
    waits = (PaymentRefund.state == "manual_due", which)
    rows = db.session.execute(_payouts().where(*waits).order_by(PaymentRefund.id))
    return [_payout(row) for row in rows]


_COLUMNS = (
    PaymentRefund,
    PayoutDetails,
    func.coalesce(Order.number, Certificate.serial, "").label("number"),
    # The law's days run from the demand, not from the moment at which a gateway gave up.
    ReturnRequest.pay_by,
    ReturnRequest.decided_by,
    ReturnRequest.inspected_by,
    Cancellation.actor,
    Certificate.blocked_by,
    PaymentAttempt.sorted_by,
    Account.id.label("account_id"),
    Account.given_name,
    Account.family_name,
    Account.email,
    Account.frozen_until,
    _CLERK.c.given_name.label("clerk"),
    _OPENER.c.given_name.label("opener"),
)


def _payouts() -> Any:
    of_order = func.coalesce(PaymentRefund.order_id, PaymentAttempt.order_id)
    return (
        select(*_COLUMNS)
        .select_from(PaymentRefund)
        .outerjoin(PayoutDetails, PayoutDetails.refund_id == PaymentRefund.id)
        .outerjoin(PaymentAttempt, PaymentAttempt.id == PaymentRefund.attempt_id)
        .outerjoin(Order, Order.id == of_order)
        .outerjoin(Certificate, Certificate.id == PaymentAttempt.certificate_id)
        # By the key: the letter is written before the return itself is told of the refund. What is worked out stands
        # on the refund's side, for the returns are found by the index of their numbers.
        .outerjoin(
            ReturnRequest,
            and_(
                PaymentRefund.once_key.startswith(_OF_RETURN),
                ReturnRequest.number == func.substr(PaymentRefund.once_key, len(_OF_RETURN) + 1),
            ),
        )
        .outerjoin(
            Cancellation,
            (Cancellation.order_id == Order.id) & (Cancellation.refund_id == PaymentRefund.id),
        )
        .join(Account, Account.id == _whose())
        .outerjoin(_CLERK, _CLERK.c.id == PaymentRefund.paid_by)
        .outerjoin(_OPENER, _OPENER.c.id == PayoutDetails.opened_by)
        .execution_options(populate_existing=True)
    )


def _payout(row: Row[Any], employee_id: int | None = None, now: datetime | None = None) -> Payout:
    refund: PaymentRefund = row.PaymentRefund
    return Payout(
        refund_id=refund.id,
        number=row.number,
        account_id=row.account_id,
        customer_name=f"{row.given_name} {row.family_name}".strip(),
        customer_email=row.email,
        amount_kopecks=refund.amount_kopecks,
        state=refund.state,
        problem=refund.problem,
        is_of_gateway=refund.attempt_id is not None,
        opened_at=refund.opened_at,
        pay_by=row.pay_by or payouts.pay_by(refund.opened_at),
        settled_at=refund.settled_at,
        paid_by=row.clerk or "",
        note=refund.note,
        told=_told(row, employee_id, now) if row.PayoutDetails else None,
        decided_by=_deciders(row),
        frozen_until=row.frozen_until,
    )


def _deciders(row: Row[Any]) -> frozenset[int]:
    """Of a return, of an order called off by the shop ("staff:17"), of a certificate killed or a payment sorted out by an employee."""
    clerks = {row.decided_by, row.inspected_by, row.blocked_by, row.sorted_by} - {None}
    who, _, number = (row.actor or "").partition(":")
    return frozenset(clerks | ({int(number)} if who == "staff" else set()))


def _told(row: Row[Any], employee_id: int | None, now: datetime | None) -> Told:
    kept: PayoutDetails = row.PayoutDetails
    is_fresh = (
        now is not None
        and kept.opened_at is not None
        and kept.opened_at > now - payouts.OPENING_LIVES
    )
    is_opened = is_fresh and kept.opened_by == employee_id
    number = kept.account_number or kept.phone
    return Told(
        way=kept.way,
        name=kept.name if is_opened or employee_id is None else "",
        bic=kept.bic,
        number=number if is_opened else payouts.end_of(number),
        bank=kept.bank,
        given_at=kept.given_at,
        is_opened=is_opened,
        is_being_paid=kept.opened_at is not None,
        opened_by=row.opener or "",
        opened_at=kept.opened_at,
        is_anothers=is_fresh and kept.opened_by != employee_id,
    )
