"""What a test about returns reads: how orders, refunds and wallets stand, and whether the books are right."""

from collections.abc import Iterator
from typing import Any

import pytest
from factories import NOON
from returning import Mixed, Returning
from sqlalchemy import func, select

from shop.db import db
from shop.models import (
    LedgerAccount,
    LedgerEntry,
    LedgerPosting,
    Order,
    OrderLine,
    OutboxItem,
    Parcel,
    PaymentRefund,
    PointsLot,
    ReturnRequest,
    Stock,
)
from shop.queries.audit import run_audit
from shop.queries.ledger import balance_of, balances_of
from shop.rules import ledger
from shop.rules.ledger import SIGN


def the_return(number: str) -> ReturnRequest:
    """A return as it is kept."""
    db.session.rollback()
    query = select(ReturnRequest).where(ReturnRequest.number == number)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def wallet(order: Mixed) -> tuple[int, int, int]:
    """What the customer has: points, given and bought kopecks."""
    has = balances_of(account_id=order.account.id)
    return has.points, has.promo, has.balance


def owed(order: Mixed) -> int:
    """What the books owe for the order outside."""
    return balance_of(ledger.refund_due(order.number))


def advance(order: Mixed) -> int:
    """What is kept for goods that weren't handed over."""
    return balance_of(ledger.advance(order.number))


def refunds() -> list[tuple[str, int]]:
    """Money on its way back: state and kopecks."""
    rows = db.session.execute(
        select(PaymentRefund.state, PaymentRefund.amount_kopecks).order_by(PaymentRefund.id)
    )
    return [(row.state, row.amount_kopecks) for row in rows]


def state_of(order: Mixed) -> str:
    """How far the order is."""
    return db.session.scalars(select(Order.state).where(Order.id == order.order_id)).one()


def parcel_states(order: Mixed) -> list[str]:
    """How far its parcels are."""
    query = select(Parcel.state).where(Parcel.order_id == order.order_id).order_by(Parcel.position)
    return list(db.session.scalars(query))


def counts(order: Mixed) -> list[tuple[int, int]]:
    """Of each line, how many were called off and given back."""
    rows = db.session.execute(
        select(OrderLine.canceled, OrderLine.returned)
        .where(OrderLine.order_id == order.order_id)
        .order_by(OrderLine.id)
    )
    return [tuple(row) for row in rows]  # type: ignore[misc]


def stock() -> list[int]:
    """How many teapots and cups lie in the warehouse."""
    return list(db.session.scalars(select(Stock.quantity).order_by(Stock.product_id)))


def letters(name: str) -> list[dict[str, Any]]:
    """The facts of the letters of a kind."""
    written = select(OutboxItem).where(OutboxItem.kind == "letter").order_by(OutboxItem.id)
    rows = db.session.scalars(written)
    return [row.payload["facts"] for row in rows if row.payload["letter"] == name]


def assert_books_are_right() -> None:
    """Each entry adds up in each currency, each balance is its postings' sum, lots are the points."""
    db.session.rollback()
    uneven = db.session.execute(
        select(LedgerEntry.once_key, LedgerAccount.currency, func.sum(LedgerPosting.amount))
        .join(LedgerPosting, LedgerPosting.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .group_by(LedgerEntry.once_key, LedgerAccount.currency)
        .having(func.sum(LedgerPosting.amount) != 0)
    ).all()
    assert uneven == []
    accounts = db.session.execute(
        select(LedgerAccount, func.coalesce(func.sum(LedgerPosting.amount), 0))
        .outerjoin(LedgerPosting, LedgerPosting.account_id == LedgerAccount.id)
        .group_by(LedgerAccount.id)
        .execution_options(populate_existing=True)
    ).all()
    wrong = [
        account.code
        for account, total in accounts
        if account.balance != SIGN[account.kind] * total
        # Points may be owed; nothing else may be below its floor.
        or (
            account.floor is not None
            and account.balance < account.floor
            and account.currency == "RUB"
        )
    ]
    assert wrong == []
    lots = db.session.execute(
        select(PointsLot.account_id, func.sum(PointsLot.remaining)).group_by(PointsLot.account_id)
    )
    for account_id, remaining in lots:
        assert remaining == max(0, balance_of(ledger.points(account_id)))
    assert (found := run_audit(now=NOON)) == [], found


@pytest.fixture(autouse=True)
def books_are_right(returning: Returning) -> Iterator[None]:
    """For every test of a module that imports it: whatever was done, the books are right afterwards."""
    yield
    assert_books_are_right()
