"""Returns as their customers see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from shop.db import db
from shop.models.auth import Account
from shop.models.catalog import Product
from shop.models.orders import Order, OrderLine
from shop.models.payments import PaymentAttempt, PaymentRefund, PayoutDetails
from shop.models.returns import (
    ReturnLine,
    ReturnMessage,
    ReturnPhoto,
    ReturnRequest,
)
from shop.queries.catalog import product_url
from shop.queries.returns.back import BACK_BY, Back, bonus_in
from shop.rules.returns import FAULTS, MOST_PHOTOS, OPEN, before, is_urgent

RETURNS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A return in a list."""

    number: str
    order_number: str
    state: str
    reason: str
    demanded_at: datetime
    pay_by: datetime
    back: Back

    @property
    def is_open(self) -> bool:
        """True while the money is still to be given back."""
        return self.state in OPEN

    @property
    def is_our_fault(self) -> bool:
        """True when the goods weren't as they should be: the way back is the shop's to pay."""
        return self.reason in FAULTS

    def is_urgent(self, now: datetime) -> bool:
        """True when eight of the ten days are over and nothing was paid or refused."""
        return self.is_open and is_urgent(self.demanded_at, now)


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """A line of a return; `accepted` is None until the goods were looked at."""

    id: int
    order_line_id: int
    url: str
    name: str
    picture: str
    tint: str
    quantity: int
    accepted: int | None
    is_good: bool


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the thread; `by` is an employee's name, else empty."""

    is_staff: bool
    by: str
    text: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class ReturnView:
    """One return with everything that its page says."""

    id: int
    order_id: int
    row: ReturnRow
    words: str
    refusal: str
    track: str
    decided_at: datetime | None
    sent_at: datetime | None
    received_at: datetime | None
    inspected_at: datetime | None
    inspected_by: int | None
    refunded_at: datetime | None
    ended_at: datetime | None
    customer_name: str
    customer_email: str
    lines: tuple[ReturnedLine, ...]
    messages: tuple[Message, ...]
    photos: tuple[str, ...]

    @property
    def taken(self) -> dict[int, int]:
        """How many pieces of which line of the order were taken back."""
        return {line.order_line_id: line.accepted for line in self.lines if line.accepted}

    @property
    def may_be_withdrawn(self) -> bool:
        """True while the customer may think better of it."""
        return self.row.state in before("withdrawn")

    @property
    def may_take_photos(self) -> bool:
        """True while more photos are welcome."""
        return self.row.is_open and len(self.photos) < MOST_PHOTOS


_ROW: tuple[Any, ...] = (
    ReturnRequest,
    Order.number.label("order_number"),
    PaymentRefund.state.label("refund_state"),
    PaymentRefund.settled_at.label("refund_settled_at"),
    Order.payment_method,
    PayoutDetails.refund_id.is_not(None).label("is_told"),
    *BACK_BY,
)


def returns_by(*more: Any) -> Any:
    """Return the query for returns with what is beside them; `row_of` reads its rows."""
    paid_by = (PaymentAttempt.order_id == Order.id) & (PaymentAttempt.state == "succeeded")
    return (
        select(*_ROW, *more)
        .select_from(ReturnRequest)
        .join(Order, Order.id == ReturnRequest.order_id)
        .outerjoin(PaymentRefund, PaymentRefund.id == ReturnRequest.refund_id)
        .outerjoin(PayoutDetails, PayoutDetails.refund_id == PaymentRefund.id)
        .outerjoin(PaymentAttempt, paid_by & PaymentAttempt.is_surplus.is_(False))
        .execution_options(populate_existing=True)
    )


def row_of(row: Row[Any]) -> ReturnRow:
    """Return the return of a row."""
    asked = row.ReturnRequest
    back = Back(
        asked.funding,
        asked.delivery_kopecks,
        row.refund_state or "",
        row.refund_settled_at,
        row.payment_method,
        row.card_scheme or "",
        row.card_last4 or "",
        row.is_told,
        bonus_in(row, asked.outside_kopecks),
    )
    return ReturnRow(
        asked.number,
        row.order_number,
        asked.state,
        asked.reason,
        asked.demanded_at,
        asked.pay_by,
        back,
    )


def returns_of(*, account_id: int, page: int = 1) -> tuple[list[ReturnRow], bool]:
    """Return a page of a customer's returns, the newest first, and whether there are more. One query."""
    rows = db.session.execute(
        returns_by()
        .where(Order.account_id == account_id)
        .order_by(ReturnRequest.id.desc())
        .limit(RETURNS_A_PAGE + 1)
        .offset((page - 1) * RETURNS_A_PAGE)
    ).all()
    return [row_of(row) for row in rows[:RETURNS_A_PAGE]], len(rows) > RETURNS_A_PAGE


def return_of(*, account_id: int, number: str) -> ReturnView:
    """Return one return of a customer. Four queries.

    :raises NoResultFound: when the customer has no such return.
    """
    return _view(ReturnRequest.number == number, Order.account_id == account_id)


def return_at_desk(*, number: str) -> ReturnView:
    """Return one return for the shop's people. Four queries.

    :raises NoResultFound: when there is no such return.
    """
    return _view(ReturnRequest.number == number)


def _view(*which: Any) -> ReturnView:
    names = (Account.given_name, Account.family_name, Account.email)
    row = db.session.execute(
        returns_by(*names).join(Account, Account.id == Order.account_id).where(*which)
    ).one()
    asked = row.ReturnRequest
    photos = db.session.scalars(
        select(ReturnPhoto.name).where(ReturnPhoto.return_id == asked.id).order_by(ReturnPhoto.id)
    )
    return ReturnView(
        asked.id,
        asked.order_id,
        row_of(row),
        asked.words,
        asked.refusal,
        asked.track,
        asked.decided_at,
        asked.sent_at,
        asked.received_at,
        asked.inspected_at,
        asked.inspected_by,
        asked.refunded_at,
        asked.ended_at,
        f"{row.given_name} {row.family_name}".strip(),
        row.email,
        _lines(asked.id),
        _messages(asked.id),
        tuple(photos),
    )


def _lines(return_id: int) -> tuple[ReturnedLine, ...]:
    rows = db.session.execute(
        select(ReturnLine, OrderLine, Product.slug)
        .join(OrderLine, OrderLine.id == ReturnLine.order_line_id)
        .join(Product, Product.id == OrderLine.product_id)
        .where(ReturnLine.return_id == return_id)
        .order_by(ReturnLine.id)
        .execution_options(populate_existing=True)
    )
    return tuple(
        ReturnedLine(
            line.id,
            line.order_line_id,
            product_url(bought.product_id, slug),
            bought.name,
            bought.picture,
            bought.tint,
            line.quantity,
            line.accepted,
            line.is_good,
        )
        for line, bought, slug in rows
    )


def _messages(return_id: int) -> tuple[Message, ...]:
    rows = db.session.execute(
        select(ReturnMessage, Account.given_name)
        .outerjoin(Account, Account.id == ReturnMessage.staff_id)
        .where(ReturnMessage.return_id == return_id)
        .order_by(ReturnMessage.id)
    )
    return tuple(
        Message(one.staff_id is not None, name or "", one.text, one.written_at)
        for one, name in rows
    )
