"""Calling off what hasn't been handed over: by its customer, or by the shop."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shop.db import db, use_case
from shop.models.returns import Cancellation
from shop.queries.returns import Choice, choice_by_number, choice_of
from shop.rules.orders import IN_WORK
from shop.rules.returns import (
    BACK_ON_SHELF,
    CALLED_OFF_BY_CUSTOMER,
    CALLED_OFF_BY_SHOP,
    NOT_TAKEN,
    NotPossible,
    Split,
    split_of,
)
from shop.rules.staff import refuse_own
from shop.services.orders import call_off
from shop.services.payments import call_off_unpaid
from shop.services.returns._books import book_cancellation
from shop.services.returns._letters import goods, parts, write


class NothingHasLeft(Exception):
    """Nobody can have refused what hasn't been sent."""


class SplitChanged(Exception):
    """What would go back isn't what the page has shown: something has changed since. Nothing was done."""


@dataclass(frozen=True, slots=True)
class _Wish:
    once_key: str
    chosen: Mapping[int, int]
    states: tuple[str, ...]
    actor: str
    reason: str = ""
    # Whether goods that haven't left lie where they lay, to be sold to somebody else.
    to_stock: bool = True


@use_case
def cancel_unpaid(*, account_id: int, number: str, now: datetime) -> bool:
    """Drop an order that nobody has paid; False when it was dropped or paid already. Money that comes late goes back by itself.

    :raises NoResultFound: when the customer has no such order.
    """
    choice = choice_of(account_id=account_id, number=number)
    if not call_off_unpaid(order_id=choice.order_id, actor="customer", now=now):
        return False
    facts = {"is_whole": True, "is_unpaid": True, "reason": "", "lines": []}
    # What was set aside comes back; nothing has come from outside.
    set_aside = split_of(
        choice.pieces,
        _all_of(choice),
        choice.carriage,
        with_carriage=True,
        is_unpaid_outside=True,
    )
    facts |= parts(choice, set_aside)
    write("order_canceled", choice, facts, once_key=f"order-canceled-{number}", now=now)
    return True


def _all_of(choice: Choice) -> dict[int, int]:
    return {piece.line_id: piece.left for piece in choice.pieces}


@use_case
def cancel_pieces(
    *,
    account_id: int,
    number: str,
    chosen: Mapping[int, int],
    note: str,
    once_key: str,
    now: datetime,
) -> bool:
    """Call off pieces (line → how many) that haven't left yet; what paid for them goes back. False when this key did so before.

    `note` is what the page has shown (rules/returns.note_of). All that is left of an order is the whole order.

    :raises NoResultFound: when the customer has no such order.
    :raises NotPossible: when nothing is chosen, or a line has fewer pieces left.
    :raises SplitChanged: when other sums would go back than the page has shown.
    :raises StepNotPossible: when a parcel has left meanwhile.
    """
    choice = choice_of(account_id=account_id, number=number)
    key = f"{account_id}:{once_key}"
    if _was_done(key):
        return False
    wish = _Wish(key, chosen, CALLED_OFF_BY_CUSTOMER, "customer")
    split = choice.cancellation(chosen)
    if note != choice.note(split, chosen):
        raise SplitChanged
    _cancel(choice, split, wish, now)
    return True


@use_case
def cancel_by_shop(
    *,
    number: str,
    reason: str,
    actor_id: int,
    once_key: str,
    now: datetime,
    parcel_id: int | None = None,
) -> bool:
    """Call off all of a paid order that its customer hasn't got, carriage too, or one parcel of it.

    False when this key did so before. `reason` is one of rules/returns.SHOP_REASONS. One employee is enough for any sum: it
    goes back to who paid it, the way it came.

    :raises NotPossible: when nothing of it is left to call off.
    :raises NothingHasLeft: when its customer could not have refused it yet.
    :raises OwnMoney: when the employee is the customer.
    """
    choice = choice_by_number(number=number)
    refuse_own(customer_id=choice.account_id, employee_id=actor_id)
    key = f"staff:{once_key}"
    if _was_done(key):
        return False
    lines = choice.in_parcels(CALLED_OFF_BY_SHOP, parcel_id)
    if choice.state not in IN_WORK or not lines:
        raise NotPossible
    chosen = {line.id: line.piece.left for line in lines}
    if reason == NOT_TAKEN and all(line.parcel_state != "shipped" for line in lines):
        raise NothingHasLeft
    is_there = reason in BACK_ON_SHELF
    wish = _Wish(key, chosen, CALLED_OFF_BY_SHOP, f"staff:{actor_id}", reason, is_there)
    _cancel(choice, choice.cancellation(chosen), wish, now)
    return True


def _was_done(key: str) -> bool:
    done = select(Cancellation.id).where(Cancellation.once_key == key)
    return db.session.scalar(done) is not None


def _cancel(choice: Choice, split: Split, wish: _Wish, now: datetime) -> None:
    turn = sum(piece.canceled for piece in choice.pieces)
    is_whole = call_off(
        order_id=choice.order_id,
        chosen=wish.chosen,
        parcel_states=wish.states,
        to_stock=wish.to_stock,
        actor=wish.actor,
        now=now,
    )
    refund_id = book_cancellation(choice, split, wish.chosen, turn=turn, actor=wish.actor, now=now)
    db.session.add(
        Cancellation(
            order_id=choice.order_id,
            once_key=wish.once_key,
            actor=wish.actor,
            reason=wish.reason,
            pieces=sum(wish.chosen.values()),
            funding=split.funding,
            refund_id=refund_id,
            canceled_at=now,
        )
    )
    db.session.flush()
    facts = {"is_whole": is_whole, "is_unpaid": False, "reason": wish.reason}
    facts |= {"lines": goods(choice, wish.chosen)} | parts(choice, split)
    write("order_canceled", choice, facts, once_key=f"canceled-{choice.number}-{turn}", now=now)
