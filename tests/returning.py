"""Orders paid by everything at once, at every stage, and what must be true of the books after each deed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from factories import NOON, Make
from flask import Flask
from paying import DELIVERY, Paying
from sqlalchemy import select

from shop.db import db, use_case
from shop.models import Account, OrderLine, PaymentAttempt, ReturnLine, ReturnRequest
from shop.queries.returns import Choice, choice_of
from shop.rules import ledger
from shop.rules.funding import Funding, compose
from shop.rules.ledger import BANK, PROMO_COST, flow
from shop.rules.orders import RETURN_DAYS
from shop.rules.payments import METHODS
from shop.services.catalog import take_stock
from shop.services.ledger import post
from shop.services.orders import (
    NewLine,
    NewParcel,
    accept_order,
    assemble_parcel,
    dispatch_parcel,
    mark_paid,
    open_order,
    receive_parcel,
)
from shop.services.payments import open_attempt
from shop.services.points import grant
from shop.services.returns import (
    Looked,
    approve,
    cancel_pieces,
    inspect,
    receive,
    refund,
    request_return,
)

# Teapots of 1 490 ₽ and cups of 333 ₽ each; carriage of 299 ₽ a parcel.
TEAPOT, CUP, CARRIAGE = 149_000, 33_300, 29_900


@dataclass(frozen=True)
class Mixed:
    """An order of three teapots in the first parcel and two cups in the second."""

    order_id: int
    number: str
    account: Account
    teapots: int
    cups: int
    funding: Funding
    attempt_id: int | None

    @property
    def all_teapots(self) -> Mapping[int, int]:
        """Every teapot."""
        return {self.teapots: 3}

    @property
    def everything(self) -> Mapping[int, int]:
        """All of it."""
        return {self.teapots: 3, self.cups: 2}


class Returning:
    """The customers, the clerks, the bank and the worker of a test about returns."""

    def __init__(self, app: Flask, make: Make) -> None:
        self.app, self.make = app, make
        self.paying = Paying(app, make)
        self.clerk = make.employee("support")

    def order(
        self,
        *,
        points: int = 700,
        promo: int = 50_000,
        balance: int = 100_001,
        method: str = "bank_card",
        stage: str = "paid",
        account: Account | None = None,
        is_given: bool = True,
        bonus: int = 0,
    ) -> Mixed:
        """An order paid by points, both balances and the rest (`bonus`: of it in a bank's bonuses), as far as `stage`."""
        account = account or self.make.account()
        things = [
            self.make.product("Чайник", price=1490, in_stock=10),
            self.make.product("Чашка", price=333, in_stock=10),
        ]
        with self.app.app_context():
            if is_given:
                give(account, points, promo, balance)
            funding = compose(
                goods_kopecks=3 * TEAPOT + 2 * CUP,
                delivery_kopecks=2 * CARRIAGE,
                points=points,
                promo_kopecks=promo,
                balance_kopecks=balance,
            )
            order_id, number = self._placed(account, things, funding, method)
            attempt_id = self._paid(order_id, funding, method, bonus) if stage != "unpaid" else None
            if stage == "unpaid":
                attempt_id = _attempt(order_id, funding)
            of_order = select(OrderLine.id).where(OrderLine.order_id == order_id)
            lines = db.session.scalars(of_order.order_by(OrderLine.id)).all()
            found = Mixed(order_id, number, account, *lines, funding, attempt_id)
            for parcel_id in self.make.parcel_ids(order_id):
                bring(parcel_id, stage)
        return found

    def _placed(
        self, account: Account, things: list[Any], funding: Funding, method: str
    ) -> tuple[int, str]:
        warehouse = self.make.warehouse()
        counts = (3, 2)
        parcels = tuple(
            NewParcel(
                warehouse.id,
                date(2026, 11, 27),
                500,
                CARRIAGE,
                (NewLine(one.id, one.name, "", "sage", count, one.price_kopecks, None),),
            )
            for one, count in zip(things, counts, strict=True)
        )

        @use_case
        def place() -> tuple[int, str]:
            for one, count in zip(things, counts, strict=True):
                take_stock(product_id=one.id, warehouse_id=warehouse.id, quantity=count)
            return open_order(
                account_id=account.id,
                once_key=f"returning-{things[0].id}",
                delivery=DELIVERY,
                parcels=parcels,
                payment_method=method if funding.outside_kopecks else "",
                pay_until=NOON + timedelta(minutes=30),
                now=NOON,
                funding=funding,
                percent=3,
            )

        return place()

    def _paid(self, order_id: int, funding: Funding, method: str, bonus: int) -> int | None:
        if method == "on_receipt":
            accept_order(order_id=order_id, now=NOON)
            return None
        if not funding.outside_kopecks:
            mark_paid(order_id=order_id, came=None, now=NOON)
            return None
        self.app.extensions["shop_gateways"][METHODS[method].gateway] = self.paying.bank
        attempt_id = _attempt(order_id, funding, method)
        self.pay(attempt_id, bonus=bonus)
        return attempt_id

    def pay(self, attempt_id: int, now: datetime = NOON, bonus: int = 0) -> None:
        """Let the customer pay on the bank's page, and the shop hear of it."""
        from shop.services.payments import start, sync

        start(attempt_id=attempt_id, return_to="http://localhost/", now=now)
        attempt = db.session.get_one(PaymentAttempt, attempt_id, populate_existing=True)
        bank, ref = self.paying.bank, attempt.gateway_ref or ""
        bank.end(ref, "succeeded")
        bank.payments[ref] = replace(bank.payments[ref], bonus_kopecks=bonus)
        sync(attempt_id=attempt_id, now=now)

    def work(self, now: datetime = NOON) -> None:
        """What the worker does with money that goes back."""
        self.paying.work(now)
        db.session.rollback()  # What was read before is not what is there now.

    def cancel(self, order: Mixed, chosen: Mapping[int, int], key: str = "c1") -> bool:
        """Press the button of the page that stands now."""
        choice = chosen_of(order)
        return cancel_pieces(
            account_id=order.account.id,
            number=order.number,
            chosen=chosen,
            note=choice.note(choice.cancellation(chosen), chosen),
            once_key=key,
            now=NOON,
        )

    def ask(
        self,
        order: Mixed,
        chosen: Mapping[int, int],
        reason: str = "unsuitable",
        key: str = "r1",
        now: datetime = NOON,
    ) -> str:
        """Send the form of the page that stands now."""
        choice = chosen_of(order)
        return request_return(
            account_id=order.account.id,
            number=order.number,
            chosen=chosen,
            reason=reason,
            words="",
            note=choice.note(choice.taking_back(chosen, reason), chosen),
            once_key=key,
            now=now,
        )

    def bring_back(
        self, number: str, accepted: Mapping[int, int] | None = None, now: datetime = NOON
    ) -> None:
        """The shop's way from a demand to the money: agreed, received, looked at (all of it good), paid."""
        approve(number=number, actor_id=self.clerk.id, now=now)
        receive(number=number, now=now)
        found = {
            line.id: Looked((accepted or {}).get(line.order_line_id, line.quantity), True)
            for line in return_lines(number)
        }
        remark = "Остальное не то" if accepted else ""
        inspect(number=number, found=found, remark=remark, actor_id=self.clerk.id, now=now)
        refund(number=number, actor_id=self.clerk.id, now=now)

    def give_back(
        self, order: Mixed, chosen: Mapping[int, int], reason: str = "unsuitable", key: str = "r1"
    ) -> str:
        """The whole way of a return."""
        number = self.ask(order, chosen, reason, key)
        self.bring_back(number)
        return number


def give(account: Account, points: int, promo: int, balance: int) -> None:
    """What the customer has before ordering."""
    if points:
        grant(
            account_id=account.id,
            points=points,
            source="gift",
            reference="",
            once_key=f"gift-{account.id}",
            now=NOON,
            expires_at=NOON + timedelta(days=365),
        )
    lines = [
        *flow(PROMO_COST, ledger.promo(account.id), promo),
        *flow(BANK, ledger.balance(account.id), balance),
    ]
    post(
        once_key=f"given-{account.id}",
        kind="test",
        lines=lines,
        reference="",
        actor="shop",
        now=NOON,
    )


def _attempt(order_id: int, funding: Funding, method: str = "bank_card") -> int:
    amount = funding.outside_kopecks
    return open_attempt(order_id=order_id, amount_kopecks=amount, method=method, now=NOON)


def bring(parcel_id: int, stage: str) -> None:
    """Take a parcel's steps up to `stage`."""
    stages = ("assembled", "shipped", "received")
    reach = stages.index(stage) + 1 if stage in stages else 0
    step: dict[str, Any] = {"parcel_id": parcel_id, "actor": "staff:1", "now": NOON}
    if reach >= 1:
        assemble_parcel(**step)
    if reach >= 2:
        dispatch_parcel(**step, track="")
    if reach >= 3:
        receive_parcel(**step, return_days=RETURN_DAYS)


def chosen_of(order: Mixed) -> Choice:
    """The order as its customer's page has it."""
    db.session.rollback()
    return choice_of(account_id=order.account.id, number=order.number)


def return_lines(number: str) -> list[ReturnLine]:
    """The lines of a return."""
    of = select(ReturnRequest.id).where(ReturnRequest.number == number)
    query = select(ReturnLine).where(ReturnLine.return_id.in_(of)).order_by(ReturnLine.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


@pytest.fixture
def returning(inside: Flask, make: Make) -> Returning:
    """The people of a test about returns."""
    return Returning(inside, make)
