"""Orders that wait for their money, and a bank that does as it is told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

from factories import NOON, Make
from flask import Flask
from sqlalchemy import select

from shop.db import db, use_case
from shop.gateways.payments.fake import FakeGateway
from shop.models import Account, Order, OutboxItem, PaymentAttempt, PaymentRefund, Stock
from shop.services.catalog import take_stock
from shop.services.notices import work_through
from shop.services.orders import Delivery, NewLine, NewParcel, open_order
from shop.services.payments import look_into, open_attempt, send_back, start
from shop.services.receipts import send_receipt

DELIVERY = Delivery("Анна Петрова", "+79161234567", "courier", "Москва", "ул. Лесная, 7", None, "")
BACK = "http://localhost/my/orders/1/payment"


@dataclass(frozen=True)
class Bought:
    """An order that waits for its payment."""

    order_id: int
    number: str
    attempt_id: int
    account: Account
    product_id: int
    total_kopecks: int


class Paying:
    """The customers, the bank and the worker of a test about payments."""

    def __init__(self, app: Flask, make: Make) -> None:
        self.app, self.make = app, make
        self.bank = FakeGateway()
        app.extensions["shop_gateways"] = {"yookassa": self.bank}

    def order(
        self,
        *,
        account: Account | None = None,
        quantity: int = 2,
        minutes: int = 30,
        method: str = "bank_card",
    ) -> Bought:
        """Two teapots ordered at noon, to be paid within half an hour."""
        account = account or self.make.account()
        product = self.make.product(price=1490, in_stock=10)
        warehouse = self.make.warehouse()
        line = NewLine(product.id, product.name, "", "sage", quantity, product.price_kopecks, None)
        parcel = NewParcel(warehouse.id, date(2026, 11, 27), 500 * quantity, 29_900, (line,))

        @use_case
        def place() -> tuple[int, str, int]:
            take_stock(product_id=product.id, warehouse_id=warehouse.id, quantity=quantity)
            order_id, number = open_order(
                account_id=account.id,
                once_key=f"paying-{product.id}",
                delivery=DELIVERY,
                parcels=(parcel,),
                payment_method=method,
                pay_until=NOON + timedelta(minutes=minutes),
                now=NOON,
            )
            total = product.price_kopecks * quantity + 29_900
            attempt = open_attempt(order_id=order_id, amount_kopecks=total, method=method, now=NOON)
            return order_id, number, attempt

        with self.app.app_context():
            order_id, number, attempt_id = place()
        total = product.price_kopecks * quantity + 29_900
        return Bought(order_id, number, attempt_id, account, product.id, total)

    def at_the_bank(self, bought: Bought, now: datetime = NOON) -> str:
        """Open the payment and return its ref."""
        with self.app.app_context():
            start(attempt_id=bought.attempt_id, return_to=BACK, now=now)
        return self.attempt(bought.attempt_id).gateway_ref

    def work(self, now: datetime) -> int:
        """What the worker does with the outbox, letters left alone."""
        errands = {
            "payment-sync": lambda payload: look_into(notice_id=payload["notice_id"], now=now),
            "payment-refund": lambda payload: send_back(refund_id=payload["refund_id"], now=now),
            "receipt": lambda payload: send_receipt(receipt_id=payload["receipt_id"], now=now),
        }
        with self.app.app_context():
            return work_through(now=now, errands=errands, letters=False)

    def _all(self, query: Any) -> list[Any]:
        with self.app.app_context():
            return list(db.session.scalars(query))

    def attempt(self, attempt_id: int) -> Any:
        """An attempt as it is kept."""
        return self._all(select(PaymentAttempt).where(PaymentAttempt.id == attempt_id))[0]

    def attempts(self, bought: Bought) -> list[str]:
        """The states of an order's attempts, oldest first."""
        of = PaymentAttempt.order_id == bought.order_id
        return self._all(select(PaymentAttempt.state).where(of).order_by(PaymentAttempt.id))

    def order_state(self, bought: Bought) -> str:
        """How far an order is."""
        return str(self._all(select(Order.state).where(Order.id == bought.order_id))[0])

    def refunds(self) -> list[Any]:
        """All money on its way back."""
        return self._all(select(PaymentRefund).order_by(PaymentRefund.id))

    def letters(self) -> list[str]:
        """The names of the letters in the outbox, oldest first."""
        rows = self._all(
            select(OutboxItem).where(OutboxItem.kind == "letter").order_by(OutboxItem.id)
        )
        return [row.payload["letter"] for row in rows]

    def facts(self, letter: str) -> dict[str, Any]:
        """What the newest letter of this name tells."""
        rows = self._all(
            select(OutboxItem).where(OutboxItem.kind == "letter").order_by(OutboxItem.id)
        )
        return dict([row for row in rows if row.payload["letter"] == letter][-1].payload["facts"])

    def stock(self, bought: Bought) -> int:
        """How many pieces lie in the warehouse."""
        return int(
            self._all(select(Stock.quantity).where(Stock.product_id == bought.product_id))[0]
        )

    def at_once(self, deeds: list[Callable[[], object]]) -> list[object]:
        """Do all of them at the same moment, each as a request of its own; faults are results too."""
        ready, results = Barrier(len(deeds)), []

        def run(deed: Callable[[], object]) -> None:
            with self.app.app_context():
                ready.wait()
                try:
                    results.append(deed())
                except Exception as problem:
                    results.append(problem)

        threads = [Thread(target=run, args=(deed,)) for deed in deeds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results
