"""Points for goods received: promised at handover, and the customer's own when goods may be brought back no more."""

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from shop.db import db, errand, use_case
from shop.db.here import zone
from shop.db.rounds import one_by_one
from shop.models.auth import Account
from shop.models.orders import Order
from shop.models.points import PointsPromise
from shop.queries.points import due_promises
from shop.rules import ledger
from shop.rules.ledger import POINTS_EXPIRED, POINTS_ISSUED, flow
from shop.rules.points import last_day, life_ends, matures_at
from shop.services.ledger import post
from shop.services.notices import write_to
from shop.services.points._opening import open_lot, spendable_part

log = logging.getLogger("shop.points")


@use_case
def promise(
    *,
    account_id: int,
    order_id: int,
    number: str,
    parcel_id: int,
    points: int,
    now: datetime,
    return_days: int,
) -> None:
    """Promise the points of a parcel that was handed over; they count after the days of return. Told twice, once."""
    is_new = post(
        once_key=f"shp:{parcel_id}:points",
        kind="points_promised",
        lines=flow(POINTS_ISSUED, ledger.points_pending(account_id), points),
        reference=number,
        actor="shop",
        now=now,
    )
    if is_new:
        db.session.add(
            PointsPromise(
                account_id=account_id,
                order_id=order_id,
                parcel_id=parcel_id,
                points=points,
                matures_at=matures_at(now, return_days, zone()),
            )
        )
        db.session.flush()


@errand
def mature_due(*, now: datetime) -> int:
    """Let promised points count whose days of return are over, each parcel by itself; return how many promises."""
    kept = one_by_one(
        due_promises(now=now),
        lambda promise_id: _mature(promise_id=promise_id, now=now),
        log=log,
        trouble="promise %s of points could not be kept; it is tried again",
    )
    return sum(kept)


@use_case
def _mature(*, promise_id: int, now: datetime) -> bool:
    due = db.session.execute(
        update(PointsPromise)
        .where(
            PointsPromise.id == promise_id,
            PointsPromise.matured_at.is_(None),
            PointsPromise.matures_at <= now,
        )
        .values(matured_at=now)
        .returning(
            PointsPromise.account_id,
            PointsPromise.order_id,
            PointsPromise.parcel_id,
            PointsPromise.points,
        )
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if due is None:
        return False
    if due.points:  # Else all the goods were brought back.
        account = db.session.get_one(Account, due.account_id)
        number = db.session.scalars(select(Order.number).where(Order.id == due.order_id)).one()
        if account.ended_at is None:
            _give(due, account, number, now)
        else:
            _drop(due, number, now)
    return True


def _give(due: Any, account: Account, number: str, now: datetime) -> None:
    expires_at = life_ends(now, zone())
    spendable = spendable_part(account.id, due.points)
    open_lot(
        account.id,
        spendable,
        source="order",
        reference=number,
        once_key=f"shp:{due.parcel_id}:points",
        now=now,
        expires_at=expires_at,
    )
    post(
        once_key=f"shp:{due.parcel_id}:mature",
        kind="points_matured",
        lines=flow(ledger.points_pending(account.id), ledger.points(account.id), due.points),
        reference=number,
        actor="shop",
        now=now,
    )
    write_to(
        account=account,
        letter="points_granted",
        facts={
            "number": number,
            "points": due.points,
            "debt_paid": due.points - spendable,
            "until": last_day(expires_at).isoformat(),
        },
        once_key=f"points-granted-{number}-{due.parcel_id}",
        now=now,
    )


def _drop(due: Any, number: str, now: datetime) -> None:
    """Nobody is left to use them."""
    post(
        once_key=f"shp:{due.parcel_id}:mature",
        kind="points_expired",
        lines=flow(ledger.points_pending(due.account_id), POINTS_EXPIRED, due.points),
        reference=number,
        actor="shop",
        now=now,
    )
