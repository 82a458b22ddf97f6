"""What the shop's people do about a return: decide, take the goods in, look at them, answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from shop.config import Config
from shop.db import db, use_case
from shop.db.guarded import changed
from shop.models.orders import Order, OrderLine
from shop.models.returns import ReturnLine, ReturnRequest
from shop.queries.returns import Choice, choice_by_number
from shop.rules.returns import FAULTS, NotPossible
from shop.rules.staff import refuse_own
from shop.services.catalog import return_stock
from shop.services.returns._letters import write
from shop.services.returns._steps import keep_message, move


class NothingSaid(Exception):
    """Fewer pieces are taken back than were asked, and nobody tells the customer why."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What the look at a line's goods has found: how many are taken back, and whether they can be sold again."""

    accepted: int
    is_good: bool


@use_case
def approve(*, number: str, actor_id: int, now: datetime) -> None:
    """Agree to take the goods back, and write to the customer how.

    :raises NoResultFound: when there is no such return.
    :raises ReturnMovedOn: when it was decided already, or withdrawn.
    :raises OwnMoney: when the employee is the customer.
    """
    asked, choice = _one(number, actor_id)
    move(number, "approved", decided_at=now, decided_by=actor_id)
    facts: dict[str, Any] = {"number": number, "pay_by": asked.pay_by.isoformat()}
    config: Config = current_app.extensions["shop_config"]
    facts |= {"return_address": config.seller_address, "is_our_fault": asked.reason in FAULTS}
    write("return_approved", choice, facts, once_key=f"return-approved-{number}", now=now)


@use_case
def reject(*, number: str, refusal: str, actor_id: int, now: datetime) -> None:
    """Refuse to take the goods back; `refusal` tells the customer why.

    :raises NoResultFound: when there is no such return.
    :raises ReturnMovedOn: when it isn't where it may be refused.
    :raises OwnMoney: when the employee is the customer.
    """
    _, choice = _one(number, actor_id)
    _reject(number, refusal, actor_id, choice, now)


def _reject(number: str, refusal: str, actor_id: int, choice: Choice, now: datetime) -> None:
    told: dict[str, Any] = {"decided_at": now, "decided_by": actor_id, "ended_at": now}
    move(number, "rejected", refusal=refusal, **told)
    facts = {"number": number, "refusal": refusal}
    write("return_rejected", choice, facts, once_key=f"return-rejected-{number}", now=now)


@use_case
def receive(*, number: str, now: datetime) -> None:
    """Note that the goods have come back. Anybody may: nothing is decided by it, another one looks at them.

    :raises NoResultFound: when there is no such return.
    :raises ReturnMovedOn: when they aren't awaited.
    """
    _one(number)
    move(number, "received", received_at=now)


@use_case
def inspect(
    *, number: str, found: Mapping[int, Looked], remark: str, actor_id: int, now: datetime
) -> None:
    """Note what the look at the goods has found, by line of the return; what is good can be bought again.

    When nothing at all is taken back the return is refused. `remark` tells the customer why it isn't all.

    :raises NoResultFound: when there is no such return.
    :raises NotPossible: when a line is missing or more is taken than was asked.
    :raises NothingSaid: when less is taken back without a remark.
    :raises ReturnMovedOn: when the goods aren't there to be looked at.
    :raises OwnMoney: when the employee is the customer.
    """
    asked, choice = _one(number, actor_id)
    lines = db.session.scalars(select(ReturnLine).where(ReturnLine.return_id == asked.id)).all()
    if {line.id for line in lines} != set(found):
        raise NotPossible
    if any(not 0 <= found[line.id].accepted <= line.quantity for line in lines):
        raise NotPossible
    is_any = any(one.accepted for one in found.values())
    if not remark and any(found[line.id].accepted < line.quantity for line in lines):
        raise NothingSaid
    if is_any:
        move(number, "inspected", inspected_at=now, inspected_by=actor_id, refusal=remark)
    else:
        _reject(number, remark, actor_id, choice, now)
    for line in sorted(lines, key=lambda one: one.order_line_id):
        _take_in(line, found[line.id])


def _take_in(line: ReturnLine, looked: Looked) -> None:
    is_good = looked.is_good and looked.accepted > 0
    changed(
        update(ReturnLine)
        .where(ReturnLine.id == line.id)
        .values(accepted=looked.accepted, is_good=is_good)
    )
    if is_good:
        bought = db.session.get_one(OrderLine, line.order_line_id)
        return_stock(
            product_id=bought.product_id,
            warehouse_id=bought.warehouse_id,
            quantity=looked.accepted,
        )


@use_case
def answer_customer(*, number: str, text: str, actor_id: int, once_key: str, now: datetime) -> None:
    """Write to a customer about a return; they get a letter that says so. The same `once_key` writes once.

    :raises NoResultFound: when there is no such return.
    """
    asked, choice = _one(number)
    if keep_message(asked.id, text, f"staff:{once_key}", actor_id, now):
        key = f"return-answered-{number}-{once_key}"[:80]
        write("return_answered", choice, {"number": number, "text": text}, once_key=key, now=now)


def _one(number: str, decider_id: int | None = None) -> tuple[ReturnRequest, Choice]:
    asked, order_number = db.session.execute(
        select(ReturnRequest, Order.number)
        .join(Order, Order.id == ReturnRequest.order_id)
        .where(ReturnRequest.number == number)
    ).one()
    choice = choice_by_number(number=order_number)
    if decider_id is not None:
        refuse_own(customer_id=choice.account_id, employee_id=decider_id)
    return asked, choice
