"""The end of a return: its price goes back part by part, points too, and it is closed when the money has arrived."""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update

from shop.db import db, use_case
from shop.db.guarded import changed
from shop.models.orders import Order, OrderLine
from shop.models.payments import PaymentRefund
from shop.models.returns import ReturnLine, ReturnRequest
from shop.queries.returns import Choice, choice_by_number
from shop.rules.payments import REFUND_ARRIVED
from shop.rules.returns import NotPossible, Split
from shop.rules.staff import refuse_own
from shop.services.catalog import uncount_sales
from shop.services.payments import (
    must_be_second,
    settle_by_hand,
    take_to_balance,
)
from shop.services.points import ClawedBack, claw_back
from shop.services.returns._books import book_return
from shop.services.returns._letters import goods, parts, write
from shop.services.returns._steps import move


@use_case
def refund(*, number: str, actor_id: int, now: datetime) -> None:
    """Give back what was paid for the pieces that were taken back, each part to where it came from.

    :raises NoResultFound: when there is no such return.
    :raises ReturnMovedOn: when it was paid already, or the goods haven't been looked at.
    :raises OwnMoney: when the employee is the customer.
    :raises NeedsAnother: when so much money goes back that another one must say so than who looked at the goods.
    """
    asked, order_number, inspector = db.session.execute(
        select(ReturnRequest, Order.number, ReturnRequest.inspected_by)
        .join(Order, Order.id == ReturnRequest.order_id)
        .where(ReturnRequest.number == number)
        .execution_options(populate_existing=True)
    ).one()
    move(number, "refunded", refunded_at=now)
    choice = choice_by_number(number=order_number)
    taken = _taken(asked.id)
    split = choice.taking_back(taken, asked.reason)
    refuse_own(customer_id=choice.account_id, employee_id=actor_id)
    back = split.funding.money_kopecks
    must_be_second(kopecks=back, decided_by={inspector}, actor_id=actor_id)
    _count(taken)
    refund_id = book_return(choice, split, taken, number=number, actor=f"staff:{actor_id}", now=now)
    clawed = claw_back(
        account_id=choice.account_id,
        order_id=choice.order_id,
        number=choice.number,
        points=split.earned_points,
        once_key=f"ret:{number}:points",
        now=now,
    )
    _note(number, split, refund_id)
    _tell(asked, choice, split, taken, clawed, now)
    close_settled(now=now)


def _taken(return_id: int) -> dict[int, int]:
    rows = db.session.execute(
        select(ReturnLine.order_line_id, ReturnLine.accepted).where(
            ReturnLine.return_id == return_id, ReturnLine.accepted > 0
        )
    )
    return {row.order_line_id: row.accepted for row in rows}


def _count(taken: dict[int, int]) -> None:
    """Count the pieces as given back and as sold no more; the condition is the last word on there being so many."""
    gone: dict[int, int] = {}
    for line_id, units in sorted(taken.items()):
        done = db.session.execute(
            update(OrderLine)
            .where(
                OrderLine.id == line_id,
                OrderLine.quantity - OrderLine.canceled - OrderLine.returned >= units,
            )
            .values(returned=OrderLine.returned + units)
            .returning(OrderLine.product_id)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        if done is None:
            raise NotPossible
        gone[done.product_id] = gone.get(done.product_id, 0) + units
    uncount_sales(quantities=gone)


def _note(number: str, split: Split, refund_id: int | None) -> None:
    sums = split.funding
    changed(
        update(ReturnRequest)
        .where(ReturnRequest.number == number)
        .values(
            points=sums.points,
            promo_kopecks=sums.promo_kopecks,
            balance_kopecks=sums.balance_kopecks,
            outside_kopecks=sums.outside_kopecks,
            delivery_kopecks=split.delivery_kopecks,
            refund_id=refund_id,
        )
    )


def _tell(
    asked: ReturnRequest,
    choice: Choice,
    split: Split,
    taken: dict[int, int],
    clawed: ClawedBack,
    now: datetime,
) -> None:
    facts: dict[str, Any] = {"number": asked.number, "lines": goods(choice, taken)}
    facts["remark"] = asked.refusal
    # Points that were only promised simply don't come.
    facts |= {"earned": clawed.had + clawed.owed, "promised": clawed.promised}
    facts |= parts(choice, split)
    write("return_refunded", choice, facts, once_key=f"return-refunded-{asked.number}", now=now)


@use_case
def close_settled(*, now: datetime) -> None:
    """Close the returns whose money has arrived, or of which none goes through a gateway."""
    arrived = select(PaymentRefund.id).where(PaymentRefund.state.in_(REFUND_ARRIVED))
    changed(
        update(ReturnRequest)
        .where(
            ReturnRequest.state == "refunded",
            or_(ReturnRequest.refund_id.is_(None), ReturnRequest.refund_id.in_(arrived)),
        )
        .values(state="closed", ended_at=now)
    )


@use_case
def settle_manually(*, refund_id: int, actor_id: int, note: str, now: datetime) -> None:
    """Note that an employee has paid money back by hand, and how; a return that waited for it is closed.

    :raises NotOwedByHand: when it isn't waiting for that (any more).
    :raises OwnMoney, NeedsAnother: when another employee must pay it (payments/who).
    """
    settle_by_hand(refund_id=refund_id, actor_id=actor_id, note=note, now=now)
    close_settled(now=now)


@use_case
def take_to_balance_at_once(*, refund_id: int, now: datetime) -> None:
    """Give money that waits for a person to its owner's balance, at the owner's wish; a return that waited for it is closed.

    :raises NotOwedByHand: when it isn't waiting for that (any more).
    :raises BeingPaid: when an employee may be paying it just now.
    :raises MoneyFrozen: while its owner's money is frozen.
    """
    take_to_balance(refund_id=refund_id, now=now)
    close_settled(now=now)
