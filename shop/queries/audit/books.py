"""Rules 1 to 3: every entry adds up, every balance is what its postings say, no balance is below its floor."""

from datetime import datetime

from sqlalchemy import and_, case, func, or_, select

from shop.models.ledger import LedgerAccount, LedgerEntry, LedgerPosting
from shop.queries.audit.findings import NOTHING, Finding, all_of, told, zero_if_none
from shop.rules.ledger import PTS, SIGN

_POINTS = "customer:%:points"


def entries_that_do_not_add_up(_now: datetime) -> list[Finding]:
    """1: the postings of each entry add up to nothing in each currency, are two at least, and each moves something."""
    rest = func.sum(LedgerPosting.amount)
    unbalanced = (
        select(LedgerEntry.once_key, rest, NOTHING)
        .join(LedgerPosting, LedgerPosting.entry_id == LedgerEntry.id)
        .join(LedgerAccount, LedgerAccount.id == LedgerPosting.account_id)
        .group_by(LedgerEntry.once_key, LedgerAccount.currency)
        .having(rest != 0)
    )
    lines = func.count(LedgerPosting.id)
    alone = (
        select(LedgerEntry.once_key, lines)
        .outerjoin(LedgerPosting, LedgerPosting.entry_id == LedgerEntry.id)
        .group_by(LedgerEntry.once_key)
        .having(lines < 2)
    )
    empty = (
        select(LedgerEntry.once_key)
        .join(LedgerPosting, LedgerPosting.entry_id == LedgerEntry.id)
        .where(LedgerPosting.amount == 0)
    )
    return all_of(
        told(1, "unbalanced", unbalanced),
        told(1, "one_line", alone),
        told(1, "empty_line", empty),
    )


def balances_of_other_sums(_now: datetime) -> list[Finding]:
    """2: what stands on an account is the sum of its postings."""
    sums = (
        select(LedgerPosting.account_id, func.sum(LedgerPosting.amount).label("amount"))
        .group_by(LedgerPosting.account_id)
        .subquery()
    )
    sign = case(SIGN, value=LedgerAccount.kind)
    must_be = sign * zero_if_none(sums.c.amount)
    return all_of(
        told(
            2,
            "balance",
            select(LedgerAccount.code, LedgerAccount.balance, must_be)
            .outerjoin(sums, sums.c.account_id == LedgerAccount.id)
            .where(LedgerAccount.balance != must_be)
            .order_by(LedgerAccount.code),
        )
    )


def balances_below_their_floor(_now: datetime) -> list[Finding]:
    """3: nothing is below its floor, but points by as many as were taken back after they had been spent."""
    taken_back = (
        select(LedgerPosting.account_id, func.sum(LedgerPosting.amount).label("points"))
        .join(LedgerEntry, LedgerEntry.id == LedgerPosting.entry_id)
        .where(LedgerEntry.kind == "points_clawed_back")
        .group_by(LedgerPosting.account_id)
        .subquery()
    )
    are_points = and_(LedgerAccount.currency == PTS, LedgerAccount.code.like(_POINTS))
    floor = case((are_points, -zero_if_none(taken_back.c.points)), else_=LedgerAccount.floor)
    return all_of(
        told(
            3,
            "floor",
            select(LedgerAccount.code, LedgerAccount.balance, floor)
            .outerjoin(taken_back, taken_back.c.account_id == LedgerAccount.id)
            .where(or_(LedgerAccount.floor.is_not(None), are_points), LedgerAccount.balance < floor)
            .order_by(LedgerAccount.code),
        )
    )
