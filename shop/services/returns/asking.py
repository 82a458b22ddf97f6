"""What a customer does about a return: demand it, write about it, send the goods, or think better of it."""

from collections.abc import Mapping
from datetime import datetime

from flask import current_app
from sqlalchemy import func, select

from shop.config import Config
from shop.db import db, use_case
from shop.models.orders import Order
from shop.models.returns import ReturnLine, ReturnRequest
from shop.queries.returns import Choice, choice_of
from shop.rules.returns import NotPossible, Split, pay_by
from shop.services.returns._letters import goods, parts, write
from shop.services.returns._steps import keep_message, move
from shop.services.returns.canceling import SplitChanged


class TooLate(Exception):
    """For this reason the goods can't be given back any more."""


@use_case
def request_return(
    *,
    account_id: int,
    number: str,
    chosen: Mapping[int, int],
    reason: str,
    words: str,
    note: str,
    once_key: str,
    now: datetime,
) -> str:
    """Demand that pieces (line → how many) of an order be taken back; return the number of the return.

    The same `once_key` demands once. `note` is what the page has shown; ten days to pay begin now.

    :raises NoResultFound: when the customer has no such order.
    :raises NotPossible: when nothing is chosen, or what is chosen isn't there or is being returned already.
    :raises TooLate: when the time for this reason is over, or a parcel hasn't come yet.
    :raises SplitChanged: when other sums would go back than the page has shown.
    """
    choice = choice_of(account_id=account_id, number=number)
    key = f"{account_id}:{once_key}"
    earlier = db.session.scalar(select(ReturnRequest.number).where(ReturnRequest.once_key == key))
    if earlier is not None:
        return earlier
    wanted = {line_id: units for line_id, units in chosen.items() if units}
    split = choice.taking_back(wanted, reason)
    _check(choice, wanted, reason, now)
    if note != choice.note(split, wanted):
        raise SplitChanged
    asked = _written(choice, split, reason, words, key, now)
    _write_lines(asked.id, wanted)
    facts = {"number": asked.number, "lines": goods(choice, wanted)}
    facts |= {"pay_by": asked.pay_by.isoformat()} | parts(choice, split)
    write("return_requested", choice, facts, once_key=f"return-requested-{asked.number}", now=now)
    return asked.number


def _write_lines(return_id: int, wanted: Mapping[int, int]) -> None:
    db.session.add_all(
        ReturnLine(return_id=return_id, order_line_id=line_id, quantity=units)
        for line_id, units in sorted(wanted.items())
    )
    db.session.flush()


def _check(choice: Choice, wanted: Mapping[int, int], reason: str, now: datetime) -> None:
    config: Config = current_app.extensions["shop_config"]
    lines = [line for line in choice.lines if line.id in wanted]
    if any(line.is_asked for line in lines):
        raise NotPossible
    zone = config.shop_time_zone
    today = now.astimezone(zone).date()
    if reason not in choice.reasons(lines, today=today, zone=zone, return_days=config.return_days):
        raise TooLate


def _written(
    choice: Choice, split: Split, reason: str, words: str, key: str, now: datetime
) -> ReturnRequest:
    count = select(func.count()).where(ReturnRequest.order_id == choice.order_id)
    turn = (db.session.scalar(count) or 0) + 1
    asked = ReturnRequest(
        number=f"{choice.number}-{turn}",
        order_id=choice.order_id,
        once_key=key,
        state="requested",
        reason=reason,
        words=words,
        funding=split.funding,
        delivery_kopecks=split.delivery_kopecks,
        demanded_at=now,
        pay_by=pay_by(now),
    )
    db.session.add(asked)
    db.session.flush()
    return asked


def _own(account_id: int, number: str) -> ReturnRequest:
    return db.session.scalars(
        select(ReturnRequest)
        .join(Order, Order.id == ReturnRequest.order_id)
        .where(ReturnRequest.number == number, Order.account_id == account_id)
    ).one()


@use_case
def withdraw(*, account_id: int, number: str, now: datetime) -> None:
    """Take a demand back while the goods haven't been sent.

    :raises NoResultFound: when the customer has no such return.
    :raises ReturnMovedOn: when it is too late for that.
    """
    move(_own(account_id, number).number, "withdrawn", ended_at=now)


@use_case
def mark_in_transit(*, account_id: int, number: str, track: str, now: datetime) -> None:
    """Note that the customer has sent the goods, under which number where there is one.

    :raises NoResultFound: when the customer has no such return.
    :raises ReturnMovedOn: when it isn't waiting for that.
    """
    move(_own(account_id, number).number, "in_transit", track=track, sent_at=now)


@use_case
def write_to_shop(*, account_id: int, number: str, text: str, once_key: str, now: datetime) -> None:
    """Write a message about a return; the same `once_key` writes once.

    :raises NoResultFound: when the customer has no such return.
    """
    asked = _own(account_id, number)
    keep_message(asked.id, text, f"{account_id}:{once_key}", None, now)
