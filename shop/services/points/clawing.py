"""Taking back the points that goods brought which the customer has brought back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, select, update

from shop.db import db, use_case
from shop.db.guarded import changed
from shop.models.ledger import LedgerEntry
from shop.models.points import PointsLot, PointsPromise
from shop.rules import ledger
from shop.rules.ledger import POINTS_ISSUED, flow
from shop.services.ledger import post
from shop.services.points._opening import taken_from


@dataclass(frozen=True, slots=True)
class ClawedBack:
    """Where the points came from: those only promised, those the customer had, and those now owed."""

    promised: int = 0
    had: int = 0
    owed: int = 0


@use_case
def claw_back(
    *, account_id: int, order_id: int, number: str, points: int, once_key: str, now: datetime
) -> ClawedBack:
    """Take back points that an order brought: those still promised, then the customer's own, the rest as a debt.

    A debt is paid off by points that come later, never by money. The same key takes them once; told again it
    answers that nothing was taken.
    """
    told = select(LedgerEntry.id).where(LedgerEntry.once_key == once_key)
    if points <= 0 or db.session.scalar(told) is not None:
        return ClawedBack()
    promised = _from_promises(order_id, points, now)
    had = _from_lots(account_id, number, points - promised)
    lines = [*flow(ledger.points_pending(account_id), POINTS_ISSUED, promised)]
    # Forced: whoever has spent the points already owes them.
    own = flow(ledger.points(account_id), POINTS_ISSUED, points - promised, is_forced=True)
    post(
        once_key=once_key,
        kind="points_clawed_back",
        lines=[*lines, *own],
        reference=number,
        actor="shop",
        now=now,
    )
    return ClawedBack(promised, had, points - promised - had)


def _from_promises(order_id: int, points: int, now: datetime) -> int:
    """Lower what is promised, the last to count first; a promise of nothing is over."""
    taken = 0
    waiting = db.session.execute(
        select(PointsPromise.id, PointsPromise.points)
        .where(
            PointsPromise.order_id == order_id,
            PointsPromise.matured_at.is_(None),
            PointsPromise.points > 0,
        )
        .order_by(PointsPromise.matures_at.desc(), PointsPromise.id.desc())
    ).all()
    for row in waiting:
        part = min(row.points, points - taken)
        is_over = {"matured_at": now} if part == row.points else {}
        changed(
            update(PointsPromise)
            .where(PointsPromise.id == row.id)
            .values(points=PointsPromise.points - part, **is_over)
        )
        taken += part
    return taken


def _from_lots(account_id: int, number: str, points: int) -> int:
    """Take them off the order's own lots, then off those that end soonest; return how many there were."""
    is_others = case((PointsLot.reference == number, 0), else_=1)
    # Those that have ended and wait for the timer are among them: the balance counts them still.
    lots = db.session.execute(
        select(PointsLot.id, PointsLot.remaining)
        .where(PointsLot.account_id == account_id, PointsLot.remaining > 0)
        .order_by(is_others, PointsLot.expires_at, PointsLot.id)
    ).all()
    return sum(part for _, part in taken_from(lots, points))
