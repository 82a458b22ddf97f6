"""Returns as the shop's people see them: what waits for whose hands, the most urgent first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from shop.db import db
from shop.models.payments import PaymentRefund
from shop.models.returns import ReturnRequest
from shop.queries.returns.cabinet import ReturnRow, returns_by, row_of
from shop.rules.returns import OPEN, URGENT_AFTER

RETURNS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class ReturnsDesk:
    """A page of returns in one state, how many there are in each, how many are urgent, and how much is to be paid by hand."""

    rows: tuple[ReturnRow, ...]
    counts: Mapping[str, int]
    urgent: int
    by_hand: int
    state: str
    page: int
    has_more: bool


def returns_at_desk(*, state: str = "", now: datetime, page: int = 1) -> ReturnsDesk:
    """Return a page of returns: of one state, or ("urgent") those whose eight of ten days are over. Three queries.

    What is due soonest stands first.
    """
    is_urgent = ReturnRequest.demanded_at <= now - URGENT_AFTER
    by_state = select(
        ReturnRequest.state,
        func.count(),
        func.count().filter(is_urgent, ReturnRequest.state.in_(OPEN)),
    )
    counted = db.session.execute(by_state.group_by(ReturnRequest.state)).all()
    by_hand = db.session.scalar(select(func.count()).where(PaymentRefund.state == "manual_due"))
    which = (
        [is_urgent, ReturnRequest.state.in_(OPEN)]
        if state == "urgent"
        else [ReturnRequest.state == state]
    )
    rows = db.session.execute(
        returns_by()
        .where(*which)
        .order_by(ReturnRequest.pay_by, ReturnRequest.id)
        .limit(RETURNS_AT_ONCE + 1)
        .offset((page - 1) * RETURNS_AT_ONCE)
    ).all()
    return ReturnsDesk(
        tuple(row_of(row) for row in rows[:RETURNS_AT_ONCE]),
        {name: count for name, count, _ in counted},
        sum(urgent for _, _, urgent in counted),
        by_hand or 0,
        state,
        page,
        has_more=len(rows) > RETURNS_AT_ONCE,
    )
