"""An order as something to call off or give back: each line with what is left of it and what paid for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from sqlalchemy import Row, exists, func, select

from shop.db import db
from shop.models.auth import Account
from shop.models.catalog import Product
from shop.models.orders import Order, OrderLine, Parcel
from shop.models.payments import PaymentAttempt
from shop.models.returns import ReturnLine, ReturnRequest
from shop.queries.catalog import product_url
from shop.queries.payments import sent_back
from shop.rules.funding import Funding
from shop.rules.payments import bonus_back, sends_back
from shop.rules.returns import FAULTS, OPEN, Piece, Split, note_of, reasons_for, split_of


@dataclass(frozen=True, slots=True)
class Line:
    """A line with how many pieces may be chosen, and for which reasons it may be given back."""

    piece: Piece
    url: str
    name: str
    picture: str
    tint: str
    price_kopecks: int
    parcel_state: str
    parcel_position: int
    received_at: datetime | None
    # A return of some of its pieces is under way: the next one waits, so that sums stay as they were shown.
    is_asked: bool

    @property
    def id(self) -> int:
        """The line's number."""
        return self.piece.line_id


@dataclass(frozen=True, slots=True)
class Choice:
    """An order with its lines, and where its money from outside came from."""

    order_id: int
    number: str
    account_id: int
    state: str
    payment_method: str
    total_kopecks: int
    email: str
    attempt_id: int | None
    gateway: str
    card_scheme: str
    card_last4: str
    # What that payment brought, how much of it in the bank's bonuses, and how much of both went back before.
    came_kopecks: int
    bonus_kopecks: int
    sent_back_kopecks: int
    sent_back_bonus_kopecks: int
    lines: tuple[Line, ...]
    carriage: Mapping[int, Funding]
    fault_carriage: Mapping[int, Funding]

    @property
    def is_unpaid_outside(self) -> bool:
        """True when the outside money is given at the door."""
        return self.payment_method == "on_receipt"

    @property
    def is_by_hand(self) -> bool:
        """True when a person pays money from outside back: no payment of a gateway brought it, or it sends nothing back."""
        return self.attempt_id is None or not sends_back(self.payment_method)

    @property
    def pieces(self) -> list[Piece]:
        """Every line as rules/returns counts it."""
        return [line.piece for line in self.lines]

    def in_parcels(self, states: tuple[str, ...], parcel_id: int | None = None) -> list[Line]:
        """Return the lines of which something is left in parcels that have come so far, or in one of these."""
        return [
            line
            for line in self.lines
            if line.piece.left
            and line.parcel_state in states
            and parcel_id in (None, line.piece.parcel_id)
        ]

    def cancellation(self, chosen: Mapping[int, int]) -> Split:
        """Return what goes back when these pieces (line → how many) are called off before they are handed over.

        :raises NotPossible: when they aren't there.
        """
        split = split_of(
            self.pieces,
            chosen,
            self.carriage,
            with_carriage=True,
            is_unpaid_outside=self.is_unpaid_outside,
        )
        return self._with_bonus(split)

    def taking_back(self, chosen: Mapping[int, int], reason: str) -> Split:
        """Return what goes back when these pieces are given back for a reason.

        :raises NotPossible: when they aren't there.
        """
        by_fault = reason in FAULTS
        split = split_of(self.pieces, chosen, self.fault_carriage, with_carriage=by_fault)
        return self._with_bonus(split)

    def _with_bonus(self, split: Split) -> Split:
        bonus = bonus_back(
            whole_kopecks=self.came_kopecks,
            bonus_kopecks=self.bonus_kopecks,
            before_kopecks=self.sent_back_kopecks,
            bonus_before_kopecks=self.sent_back_bonus_kopecks,
            kopecks=split.funding.outside_kopecks,
        )
        return replace(split, bonus_kopecks=bonus)

    def price_of(self, chosen: Mapping[int, int]) -> int:
        """Return what these pieces cost, in kopecks."""
        return sum(line.price_kopecks * chosen.get(line.id, 0) for line in self.lines)

    def note(self, split: Split, chosen: Mapping[int, int]) -> str:
        """Return the word by which a page remembers what it has shown."""
        return note_of(split, self.pieces, chosen)

    @property
    def is_some_on_its_way(self) -> bool:
        """True when something has left already: it can be given back once it is there."""
        return any(line.parcel_state in {"shipped", "received"} for line in self.lines)

    def returnable(self, *, today: date, zone: tzinfo, return_days: int) -> list[Line]:
        """Return the received lines that may be given back today for any reason at all."""
        return [
            line
            for line in self.lines
            if line.piece.left
            and not line.is_asked
            and self.reasons([line], today=today, zone=zone, return_days=return_days)
        ]

    def reasons(
        self, lines: list[Line], *, today: date, zone: tzinfo, return_days: int
    ) -> tuple[str, ...]:
        """Return the reasons for which all of these lines may be given back today."""
        days = [line.received_at.astimezone(zone).date() for line in lines if line.received_at]
        if not days or len(days) < len(lines):
            return ()
        return reasons_for(min(days), today, return_days)


def choice_of(*, account_id: int, number: str) -> Choice:
    """Return a customer's order as something to choose pieces of. Two queries.

    :raises NoResultFound: when the customer has no such order.
    """
    return _choice(Order.number == number, Order.account_id == account_id)


def choice_by_number(*, number: str) -> Choice:
    """Return an order for the shop's people and for who holds its code. Two queries.

    :raises NoResultFound: when there is no such order.
    """
    return _choice(Order.number == number)


def _choice(*which: object) -> Choice:
    brought = (PaymentAttempt.order_id == Order.id) & (PaymentAttempt.state == "succeeded")
    gone, gone_in_bonuses = sent_back(PaymentAttempt.id)
    order = db.session.execute(
        select(
            Order.id,
            Order.number,
            Order.account_id,
            Order.state,
            Order.payment_method,
            Order.total_kopecks,
            Account.email,
            PaymentAttempt.id.label("attempt_id"),
            func.coalesce(PaymentAttempt.gateway, "").label("gateway"),
            func.coalesce(PaymentAttempt.card_scheme, "").label("card_scheme"),
            func.coalesce(PaymentAttempt.card_last4, "").label("card_last4"),
            func.coalesce(PaymentAttempt.amount_kopecks, 0).label("came_kopecks"),
            func.coalesce(PaymentAttempt.bonus_kopecks, 0).label("bonus_kopecks"),
            gone.label("sent_back_kopecks"),
            gone_in_bonuses.label("sent_back_bonus_kopecks"),
        )
        .join(Account, Account.id == Order.account_id)
        .outerjoin(PaymentAttempt, brought & PaymentAttempt.is_surplus.is_(False))
        .where(*which)  # type: ignore[arg-type]
    ).one()
    lines = _lines(order.id)
    facts = {name: value for name, value in order._mapping.items() if name != "id"}
    return Choice(
        order_id=order.id,
        **facts,
        lines=tuple(_line(row) for row in lines),
        carriage={row.parcel_id: _carriage(row) for row in lines},
        # Part of the parcel came back because it didn't suit: then it isn't all the shop's fault.
        fault_carriage={
            row.parcel_id: Funding() if row.was_unsuitable else _carriage(row) for row in lines
        },
    )


def _lines(order_id: int) -> list[Row[tuple[object, ...]]]:
    of_line = (
        exists()
        .where(ReturnLine.order_line_id == OrderLine.id)
        .where(ReturnRequest.id == ReturnLine.return_id, ReturnRequest.state.in_(OPEN))
    )
    other = (
        select(OrderLine.parcel_id)
        .join(ReturnLine, ReturnLine.order_line_id == OrderLine.id)
        .join(ReturnRequest, ReturnRequest.id == ReturnLine.return_id)
        .where(ReturnLine.accepted > 0, ReturnRequest.reason.not_in(FAULTS))
        .where(OrderLine.order_id == order_id)
    )
    return list(
        db.session.execute(
            select(
                OrderLine,
                Product.slug,
                Parcel.id.label("parcel_id"),
                Parcel.state.label("parcel_state"),
                Parcel.position,
                Parcel.received_at,
                Parcel.delivery_kopecks,
                Parcel.delivery_promo_kopecks,
                Parcel.delivery_balance_kopecks,
                of_line.label("is_asked"),
                Parcel.id.in_(other).label("was_unsuitable"),
            )
            .join(Parcel, Parcel.id == OrderLine.parcel_id)
            .join(Product, Product.id == OrderLine.product_id)
            .where(OrderLine.order_id == order_id)
            .order_by(Parcel.position, OrderLine.id)
            # What a deed has changed a moment ago counts, not what was read before.
            .execution_options(populate_existing=True)
        )
    )


def _line(row: Row[tuple[object, ...]]) -> Line:
    line = row.OrderLine
    piece = Piece(
        line_id=line.id,
        parcel_id=line.parcel_id,
        quantity=line.quantity,
        canceled=line.canceled,
        returned=line.returned,
        funding=line.funding,
        earns_points=line.earns_points,
    )
    return Line(
        piece,
        product_url(line.product_id, row.slug),
        line.name,
        line.picture,
        line.tint,
        line.price_kopecks,
        row.parcel_state,
        row.position,
        row.received_at,
        bool(row.is_asked),
    )


def _carriage(row: Row[tuple[object, ...]]) -> Funding:
    promo, balance = row.delivery_promo_kopecks, row.delivery_balance_kopecks
    return Funding(0, promo, balance, row.delivery_kopecks - promo - balance)
