"""Rule 11: no more comes back than was bought, and with it just what paid for it and the points that it brought."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.sql.selectable import Subquery

from shop.models.ledger import LedgerAccount, LedgerEntry, LedgerPosting
from shop.models.orders import Order, OrderLine
from shop.models.payments import PaymentAttempt, PaymentRefund
from shop.models.points import PointsUse
from shop.models.returns import Cancellation, ReturnLine, ReturnRequest
from shop.queries.audit.findings import Finding, all_of, told, zero_if_none
from shop.queries.audit.orders import was_taken
from shop.rules.ledger import POINTS_ISSUED

_IS_PAID_BACK = ReturnRequest.state.in_(("refunded", "closed"))


def returns_that_differ(_now: datetime) -> list[Finding]:
    """11: pieces that came back were bought and are told by a cancellation or a return, and so is what went back for them."""
    gone = OrderLine.canceled + OrderLine.returned
    too_many = (
        select(Order.number, gone, OrderLine.quantity)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(or_(gone > OrderLine.quantity, OrderLine.canceled < 0, OrderLine.returned < 0))
    )
    return all_of(
        told(11, "pieces", too_many), _pieces_untold(), _points_back(), _money_back(), _claw_backs()
    )


def _pieces_untold() -> list[Finding]:
    """Each piece called off or given back is told by a cancellation, or by a return that was paid."""
    canceled, returned, pieces = _canceled(), _returned(), _lines()
    beside = (
        select(Order.number)
        .join(pieces, pieces.c.order_id == Order.id)
        .outerjoin(canceled, canceled.c.order_id == Order.id)
        .outerjoin(returned, returned.c.order_id == Order.id)
    )
    return all_of(
        *(
            told(
                11,
                "return_pieces",
                beside.add_columns(counted, telling).where(counted != telling),
            )
            for counted, telling in (
                (pieces.c.canceled, zero_if_none(canceled.c.pieces)),
                (pieces.c.returned, zero_if_none(returned.c.pieces)),
            )
        )
    )


def _lines() -> Subquery:
    """Of each order: pieces, and what falls on those that are gone, by cumulative floors (rules/funding)."""
    gone, of = OrderLine.canceled + OrderLine.returned, OrderLine.quantity

    def share(amount: Any, units: Any = gone) -> ColumnElement[int]:
        return func.sum(amount * units // of)

    own = OrderLine.promo_kopecks, OrderLine.balance_kopecks, OrderLine.outside_kopecks
    earned = OrderLine.earns_points
    return (
        select(
            OrderLine.order_id,
            func.sum(OrderLine.canceled).label("canceled"),
            func.sum(OrderLine.returned).label("returned"),
            share(OrderLine.points).label("points"),
            (share(own[0]) + share(own[1]) + share(own[2])).label("money"),
            (share(earned) - share(earned, OrderLine.canceled)).label("earned"),
        )
        .group_by(OrderLine.order_id)
        .subquery()
    )


def _canceled() -> Subquery:
    return (
        select(Cancellation.order_id, func.sum(Cancellation.pieces).label("pieces"))
        .group_by(Cancellation.order_id)
        .subquery()
    )


def _returned() -> Subquery:
    return (
        select(ReturnRequest.order_id, func.sum(ReturnLine.accepted).label("pieces"))
        .join(ReturnLine, ReturnLine.return_id == ReturnRequest.id)
        .where(_IS_PAID_BACK)
        .group_by(ReturnRequest.order_id)
        .subquery()
    )


def _points_back() -> list[Finding]:
    """All of an unpaid order's points come back, of a paid one those of the pieces that are gone."""
    lines = _lines()
    used = (
        select(PointsUse.order_id, func.sum(PointsUse.returned).label("points"))
        .group_by(PointsUse.order_id)
        .subquery()
    )
    is_dropped = and_(Order.state.in_(("expired", "canceled")), ~was_taken())
    must_be = case((is_dropped, Order.points), else_=lines.c.points)
    came = zero_if_none(used.c.points)
    query = (
        select(Order.number, came, must_be)
        .join(lines, lines.c.order_id == Order.id)
        .outerjoin(used, used.c.order_id == Order.id)
    )
    return all_of(told(11, "points_back", query.where(came != must_be)))


def _money_back() -> list[Finding]:
    """What went back is what paid for the pieces, and carriage at most; what came from outside is on its way as a refund."""
    # Apart, and not as one union of both: PostgreSQL cannot tell how many orders a union has, and compares each order
    # with each record then, which takes hours in a large shop.
    canceled, returned = _sums(Cancellation), _sums(ReturnRequest, _IS_PAID_BACK)
    lines, refunds = _lines(), _refunds()
    went = zero_if_none(canceled.c.money) + zero_if_none(returned.c.money)
    outside = zero_if_none(canceled.c.outside) + zero_if_none(returned.c.outside)
    sent = zero_if_none(refunds.c.kopecks)
    beside = (
        select(Order.number)
        .join(lines, lines.c.order_id == Order.id)
        .outerjoin(canceled, canceled.c.order_id == Order.id)
        .outerjoin(returned, returned.c.order_id == Order.id)
        .outerjoin(refunds, refunds.c.order_id == Order.id)
    )
    # At the door nothing has been paid from outside yet for what is called off before.
    is_paid_ahead = Order.payment_method != "on_receipt"
    too_little = and_(is_paid_ahead, went < lines.c.money)
    return all_of(
        told(
            11,
            "money_back",
            beside.add_columns(went, lines.c.money).where(
                or_(too_little, went > lines.c.money + Order.delivery_kopecks)
            ),
            in_money=True,
        ),
        told(
            11, "refunds", beside.add_columns(sent, outside).where(sent != outside), in_money=True
        ),
    )


def _sums(model: Any, *which: ColumnElement[bool]) -> Subquery:
    """What cancellations, or returns, say went back for each order."""
    money = model.promo_kopecks + model.balance_kopecks + model.outside_kopecks
    return (
        select(
            model.order_id,
            func.sum(money).label("money"),
            func.sum(model.outside_kopecks).label("outside"),
        )
        .where(*which)
        .group_by(model.order_id)
        .subquery()
    )


def _refunds() -> Subquery:
    of_order = func.coalesce(PaymentRefund.order_id, PaymentAttempt.order_id)
    return (
        select(of_order.label("order_id"), func.sum(PaymentRefund.amount_kopecks).label("kopecks"))
        .select_from(PaymentRefund)
        .outerjoin(PaymentAttempt, PaymentAttempt.id == PaymentRefund.attempt_id)
        .where(func.coalesce(PaymentAttempt.is_surplus, False).is_(False))
        .group_by(of_order)
        .subquery()
    )


def _claw_backs() -> list[Finding]:
    """Points are taken back for what was given back, as many as it had brought."""
    lines = _lines()
    taken = (
        select(LedgerEntry.reference, (-func.sum(LedgerPosting.amount)).label("points"))
        .join(LedgerPosting, LedgerPosting.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .where(LedgerEntry.kind == "points_clawed_back", LedgerAccount.code == POINTS_ISSUED.code)
        .group_by(LedgerEntry.reference)
        .subquery()
    )
    points = zero_if_none(taken.c.points)
    query = (
        select(Order.number, points, lines.c.earned)
        .join(lines, lines.c.order_id == Order.id)
        .outerjoin(taken, taken.c.reference == Order.number)
    )
    return all_of(told(11, "points_taken_back", query.where(points != lines.c.earned)))
