"""All that the shop's tables say of money and goods at one moment, read once after each step."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from shop.db import db
from shop.models import (
    Campaign,
    CampaignUse,
    Cancellation,
    Certificate,
    GatewayCheck,
    LedgerAccount,
    Order,
    OrderEvent,
    OrderLine,
    OutboxItem,
    Parcel,
    PaymentAttempt,
    PaymentNotice,
    PaymentRefund,
    PointsLot,
    PointsPromise,
    Receipt,
    ReturnLine,
    ReturnRequest,
    Stock,
)

# Putting a question together costs more than asking it: each is kept as it was first put.
_ASKED: dict[tuple[Any, ...], Any] = {}
_USES = (
    select(CampaignUse.account_id, Campaign.gives, Campaign.amount)
    .join(Campaign, Campaign.id == CampaignUse.campaign_id)
    .order_by(CampaignUse.id)
)
_WAITING = (
    select(OutboxItem.kind, OutboxItem.payload, OutboxItem.due_at, OutboxItem.last_problem)
    .where(OutboxItem.done_at.is_(None))
    .order_by(OutboxItem.id)
)
_BACK = select(OrderEvent.order_id).where(OrderEvent.state == "back").distinct()
_TAKEN = (
    select(OrderEvent.order_id)
    .where(OrderEvent.parcel_id.is_(None), OrderEvent.state.in_(("paid", "accepted")))
    .distinct()
)
_UNCOMPARED = select(GatewayCheck.gateway).where(
    (GatewayCheck.problem != "") | (GatewayCheck.unasked > 0)
)


def _rows(model: Any, *columns: str) -> Sequence[Any]:
    key = (model, *columns)
    if key not in _ASKED:
        wanted = [getattr(model, name) for name in columns] or list(model.__table__.columns)
        _ASKED[key] = select(*wanted).order_by(wanted[0])
    return db.session.execute(_ASKED[key]).all()


class Facts:
    """Rows by table, oldest first. Made inside an application context, read anywhere."""

    def __init__(self) -> None:
        db.session.rollback()
        self.orders = _rows(Order)
        self.lines = _rows(OrderLine)
        self.parcels = _rows(Parcel)
        self.attempts = _rows(PaymentAttempt)
        self.refunds = _rows(PaymentRefund)
        self.returns = _rows(ReturnRequest)
        self.return_lines = _rows(ReturnLine)
        self.cancellations = _rows(Cancellation)
        self.certificates = _rows(Certificate)
        self.campaigns = _rows(Campaign)
        self.uses = db.session.execute(_USES).all()
        self.promises = _rows(PointsPromise)
        self.lots = _rows(PointsLot)
        self.receipts = _rows(Receipt, "id", "state", "refund_id")
        self.notices = _rows(PaymentNotice, "id", "gateway_ref", "event", "handled_at")
        self.stock = {
            (row.product_id, row.warehouse_id): row.quantity
            for row in _rows(Stock, "product_id", "warehouse_id", "quantity")
        }
        self.books = {row.code: row for row in _rows(LedgerAccount, "code", "balance", "currency")}
        self.waiting = db.session.execute(_WAITING).all()
        self.taken = set(db.session.scalars(_TAKEN))
        self.back = set(db.session.scalars(_BACK))
        # Gateways that couldn't be asked in the last night.
        self.uncompared = set(db.session.scalars(_UNCOMPARED))
        self._index()
        db.session.rollback()

    def _index(self) -> None:
        self.order = {row.id: row for row in self.orders}
        self.attempt = {row.id: row for row in self.attempts}
        self.parcel = {row.id: row for row in self.parcels}
        self.certificate = {row.id: row for row in self.certificates}
        self.lines_of: dict[int, list[Any]] = defaultdict(list)
        self.parcels_of: dict[int, list[Any]] = defaultdict(list)
        self.back_of: dict[int, list[Any]] = defaultdict(list)
        for line in self.lines:
            self.lines_of[line.order_id].append(line)
        for parcel in self.parcels:
            self.parcels_of[parcel.order_id].append(parcel)
        for line in self.return_lines:
            self.back_of[line.order_line_id].append(line)
        self.return_ = {row.id: row for row in self.returns}

    def awaiting(self) -> list[Any]:
        """Orders that wait for their money."""
        return [order for order in self.orders if order.state == "awaiting_payment"]

    def in_work(self) -> list[Any]:
        """Orders that the warehouse works on."""
        wanted = ("accepted", "paid", "assembling", "shipped")
        return [order for order in self.orders if order.state in wanted]

    def received(self) -> list[Any]:
        """Orders of which a parcel has come, and some pieces of it are still kept."""
        return [
            order
            for order in self.orders
            if any(
                self.parcel[line.parcel_id].state == "received"
                and line.quantity > line.canceled + line.returned
                for line in self.lines_of[order.id]
            )
        ]

    def coming_back(self) -> list[int]:
        """Parcels whose called-off goods aren't back yet."""
        return sorted({line.parcel_id for line in self.lines if line.on_way_back})

    def open_returns(self) -> list[Any]:
        """Returns that aren't at their end."""
        ends = ("closed", "rejected", "withdrawn", "refunded")
        return [one for one in self.returns if one.state not in ends]

    def refunds_by_hand(self) -> list[Any]:
        """Refunds that wait for a person."""
        return [one for one in self.refunds if one.state == "manual_due"]

    def mismatches(self) -> list[Any]:
        """Payments that aren't what was asked for, until a person has settled them."""
        return [one for one in self.attempts if one.state == "mismatch" and one.sorted_at is None]

    def receipts_by_hand(self) -> list[Any]:
        """Receipts that a person prints."""
        return [one for one in self.receipts if one.state == "by_hand"]

    def is_surplus(self, refund: Any) -> bool:
        """True when the money never paid for anything."""
        return refund.attempt_id is not None and self.attempt[refund.attempt_id].is_surplus

    def number_of(self, refund: Any) -> str:
        """What a refund is about, as the audit names it: an order's number, a certificate's serial, or whose balance."""
        if refund.account_id is not None:
            return f"account {refund.account_id}"
        attempt = self.attempt.get(refund.attempt_id)
        order_id = attempt.order_id if attempt else refund.order_id
        if order_id is not None:
            return str(self.order[order_id].number)
        return str(self.certificate[attempt.certificate_id].serial)  # type: ignore[union-attr]

    def owner_of(self, refund: Any) -> int:
        """The account of whoever gets a refund."""
        if refund.account_id is not None:
            return int(refund.account_id)
        attempt = self.attempt.get(refund.attempt_id)
        order_id = attempt.order_id if attempt else refund.order_id
        if order_id is not None:
            return int(self.order[order_id].account_id)
        return int(self.certificate[attempt.certificate_id].buyer_id)  # type: ignore[union-attr]
