"""What was called off and given back of one order, and the photos of a return."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from shop.db import db
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt, PaymentRefund, PayoutDetails
from shop.models.returns import Cancellation, ReturnPhoto, ReturnRequest
from shop.queries.returns.back import BACK_BY, Back, bonus_in
from shop.queries.returns.cabinet import ReturnRow, returns_by, row_of


def photo_of(*, number: str, name: str, account_id: int | None = None) -> str:
    """Return the name of a return's photo; of the customer's own when `account_id` is given.

    :raises NoResultFound: when there is no such photo.
    """
    found = (
        select(ReturnPhoto.name)
        .join(ReturnRequest, ReturnRequest.id == ReturnPhoto.return_id)
        .join(Order, Order.id == ReturnRequest.order_id)
        .where(ReturnRequest.number == number, ReturnPhoto.name == name)
    )
    if account_id is not None:
        found = found.where(Order.account_id == account_id)
    return db.session.scalars(found).one()


# A return whose money has left us.
_PAID_BACK = ("refunded", "closed")


@dataclass(frozen=True, slots=True)
class Canceled:
    """Pieces that were called off, and what went back."""

    pieces: int
    canceled_at: datetime
    is_by_shop: bool
    reason: str
    back: Back


@dataclass(frozen=True, slots=True)
class History:
    """What was called off and given back of one order."""

    canceled: tuple[Canceled, ...]
    returns: tuple[ReturnRow, ...]

    @property
    def back_kopecks(self) -> int:
        """What came back of the order so far, points at their worth."""
        done = [one.back for one in self.returns if one.state in _PAID_BACK]
        all_of_it = [*(one.back for one in self.canceled), *done]
        return sum(back.funding.total_kopecks for back in all_of_it)

    @property
    def is_all_there(self) -> bool:
        """True when nothing of what was given back is still on its way."""
        done = [one.back for one in self.returns if one.state in _PAID_BACK]
        return all(back.is_there for back in [*(one.back for one in self.canceled), *done])


def history_of(*, order_id: int) -> History:
    """Return what was called off and given back of an order, oldest first. Two queries."""
    rows = db.session.execute(
        select(
            Cancellation,
            PaymentRefund.state.label("refund_state"),
            PaymentRefund.settled_at,
            *BACK_BY,
            PayoutDetails.refund_id.is_not(None).label("is_told"),
            Order.payment_method,
        )
        .join(Order, Order.id == Cancellation.order_id)
        .outerjoin(PaymentRefund, PaymentRefund.id == Cancellation.refund_id)
        .outerjoin(PayoutDetails, PayoutDetails.refund_id == PaymentRefund.id)
        .outerjoin(PaymentAttempt, PaymentAttempt.id == PaymentRefund.attempt_id)
        .where(Cancellation.order_id == order_id)
        .order_by(Cancellation.id)
    )
    asked = db.session.execute(
        returns_by().where(ReturnRequest.order_id == order_id).order_by(ReturnRequest.id)
    )
    return History(tuple(_canceled(row) for row in rows), tuple(row_of(row) for row in asked))


def _canceled(row: Any) -> Canceled:
    one = row.Cancellation
    back = Back(
        one.funding,
        0,
        row.refund_state or "",
        row.settled_at,
        row.payment_method,
        row.card_scheme or "",
        row.card_last4 or "",
        row.is_told,
        bonus_in(row, one.funding.outside_kopecks),
    )
    is_by_shop = one.actor.startswith("staff:")
    return Canceled(one.pieces, one.canceled_at, is_by_shop, one.reason, back)
