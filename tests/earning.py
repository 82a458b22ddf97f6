"""For tests of points: the entries that orders post around them, and what must always be true of lots and books."""

from datetime import datetime
from typing import Any

from factories import NOON, Make
from sqlalchemy import select

from shop.db import db, use_case
from shop.models import Account, Order, PointsLot
from shop.queries.ledger import balance_of
from shop.rules import ledger
from shop.rules.ledger import POINTS_REDEEMED, Line, flow
from shop.services.ledger import post
from shop.services.points import (
    ClawedBack,
    claw_back,
    grant,
    promise,
    put_back_to_lots,
    take_from_lots,
)


def given(
    account: Account, points: int, *, until: datetime, key: str = "gift", now: datetime = NOON
) -> None:
    """A gift of points."""
    grant(
        account_id=account.id,
        points=points,
        source="gift",
        reference="Подарок",
        once_key=key,
        now=now,
        expires_at=until,
    )


def promised(
    make: Make, order: Order, points: int, *, parcel: int = 0, now: datetime = NOON
) -> None:
    """Promise what one parcel of an order brings, as handing it over does; it counts a week later."""
    promise(
        account_id=order.account_id,
        order_id=order.id,
        number=order.number,
        parcel_id=make.parcel_ids(order.id)[parcel],
        points=points,
        now=now,
        return_days=7,
    )


def take_back(
    order: Order, points: int, *, key: str = "ret:1:points", now: datetime = NOON
) -> ClawedBack:
    """Take back points that an order brought, as a return does."""
    return claw_back(
        account_id=order.account_id,
        order_id=order.id,
        number=order.number,
        points=points,
        once_key=key,
        now=now,
    )


def _post(order: Order, key: str, kind: str, lines: Any, now: datetime) -> None:
    post(
        once_key=f"ord:{order.number}:{key}",
        kind=kind,
        lines=list(lines),
        reference=order.number,
        actor="customer",
        now=now,
    )


@use_case
def hold(*, order: Order, points: int, now: datetime = NOON, key: str = "points") -> None:
    """Set points aside for an order, as placing it does."""
    take_from_lots(account_id=order.account_id, order_id=order.id, points=points, now=now)
    mine = order.account_id
    _post(
        order, key, "order_hold", flow(ledger.points(mine), ledger.points_held(mine), points), now
    )


@use_case
def redeem(*, order: Order, points: int, now: datetime = NOON, key: str = "redeem") -> None:
    """Spend what was set aside, as paying does."""
    held = ledger.points_held(order.account_id)
    _post(order, key, "order_paid", flow(held, POINTS_REDEEMED, points), now)


@use_case
def put_back(
    *,
    order: Order,
    points: int,
    now: datetime = NOON,
    key: str = "back",
    spent: bool = False,
) -> int:
    """Give points of an order back: those set aside, or those spent."""
    into_lots = put_back_to_lots(order_id=order.id, points=points, now=now)
    mine = order.account_id
    source = POINTS_REDEEMED if spent else ledger.points_held(mine)
    lines: list[Line] = list(flow(source, ledger.points(mine), points))
    _post(order, key, "order_release", lines, now)
    return into_lots


def balance(account: Account) -> int:
    """What the books say of a customer's points."""
    db.session.rollback()
    return balance_of(ledger.points(account.id))


def lots(account: Account) -> list[tuple[str, int, int]]:
    """Source, earned and remaining of each lot, the soonest to end first."""
    db.session.rollback()
    rows = db.session.execute(
        select(PointsLot.source, PointsLot.earned, PointsLot.remaining)
        .where(PointsLot.account_id == account.id)
        .order_by(PointsLot.expires_at, PointsLot.id)
    )
    return [tuple(row) for row in rows]


def adds_up(account: Account) -> bool:
    """True when the lots together are the balance, or nothing where that is a debt."""
    return sum(lot[2] for lot in lots(account)) == max(balance(account), 0)
