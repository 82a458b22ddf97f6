"""A busy shop whose books are in order, and ways to break them behind the shop's back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from certifying import autumn, code_of, free, sold
from earning import given
from factories import NOON, Make
from sqlalchemy import text

from shop.db import db
from shop.models import Account, Certificate, Order, PaymentAttempt
from shop.rules.devices import NO_DEVICE
from shop.rules.funding import Funding
from shop.rules.orders import RETURN_DAYS
from shop.services import orders
from shop.services.certificates import activate, use_word
from shop.services.ledger import Came
from shop.services.orders import Delivery, open_order
from shop.services.payments.refunds import owe_back
from shop.services.payments.settling import keep_surplus
from shop.services.receipts import receipts_for_surplus

HOME = Delivery("Секретов Игорь", "+79161234567", "courier", "Москва", "ул. Лесная, 7", None, "")
SOON = NOON + timedelta(minutes=5)
YEAR = NOON + timedelta(days=365)
# Two teapots for 1 490 roubles each, carried for 299.
TOTAL = 2 * 149_000 + 29_900
MIXED = Funding(points=300, promo_kopecks=20_000, balance_kopecks=50_000, outside_kopecks=227_900)
LEDGER = ("ledger_entry", "ledger_posting")
ALL_OF_IT = Funding(points=0, balance_kopecks=TOTAL)


@dataclass
class BusyShop:
    """What is in it: orders by how far they have come, certificates by what became of them."""

    igor: Account
    orders: dict[str, Order]
    certificates: dict[str, Certificate]
    surplus: PaymentAttempt

    def number(self, which: str) -> str:
        """An order's number."""
        return self.orders[which].number


def busy(make: Make) -> BusyShop:
    """Orders paid in every way and come to every state, certificates, code words, points, money that goes back."""
    igor, anna = make.account(), make.account()
    given(igor, 2000, until=YEAR)
    certificates = {
        "activated": sold(anna, 15_000_00, "a"),
        "given": free(kopecks=1000_00, once_key="b"),
        "sold": sold(anna, 500_00, "c"),
    }
    for name in ("activated", "given"):
        activate(account_id=igor.id, code=code_of(certificates[name]), now=NOON)
    autumn()
    use_word(account_id=igor.id, word="осень", device=NO_DEVICE, now=NOON)
    made = {
        "waiting": order(make, igor, MIXED, "awaiting_payment"),
        "expired": order(make, igor, MIXED, "expired"),
        "paid": order(make, igor, MIXED, "paid"),
        "received": order(make, igor, MIXED, "received"),
        "by balance": order(make, igor, ALL_OF_IT, "received", method=""),
        "at the door": order(make, igor, Funding(outside_kopecks=TOTAL), "accepted", "on_receipt"),
        "got at the door": order(
            make,
            igor,
            Funding(points=100, outside_kopecks=TOTAL - 10_000),
            "received",
            "on_receipt",
        ),
    }
    return BusyShop(igor, made, certificates, surplus_of(made["expired"]))


def order(
    make: Make, account: Account, funding: Funding, state: str, method: str = "bank_card"
) -> Order:
    """An order of two teapots, taken as far as `state` by the shop's own steps."""
    from shop.services.orders import NewLine, NewParcel

    pot = make.product()
    line = NewLine(pot.id, pot.name, "", "sage", 2, pot.price_kopecks, None)
    parcel = NewParcel(make.warehouse().id, NOON.date(), 1000, 29_900, (line,))
    order_id, _ = open_order(
        account_id=account.id,
        once_key=f"busy-{next(make.numbers)}",
        delivery=HOME,
        parcels=(parcel,),
        payment_method=method,
        pay_until=NOON + timedelta(minutes=30),
        funding=funding,
        percent=5,
        now=NOON,
    )
    if state == "expired":
        orders.expire_order(order_id=order_id, now=NOON)
    elif state != "awaiting_payment":
        _pay(order_id, funding, method)
    if state == "received":
        for parcel_id in make.parcel_ids(order_id):
            step: dict[str, Any] = {"parcel_id": parcel_id, "actor": "staff:1", "now": NOON}
            orders.assemble_parcel(**step)
            orders.dispatch_parcel(**step, track="RA123456789RU")
            orders.receive_parcel(**step, return_days=RETURN_DAYS)
    db.session.expire_all()
    return db.session.get_one(Order, order_id)


def _pay(order_id: int, funding: Funding, method: str) -> None:
    if method == "on_receipt":
        orders.accept_order(order_id=order_id, now=NOON)
        return
    came = None
    if funding.outside_kopecks:
        paid = attempt_of(order_id, funding.outside_kopecks)
        came = Came(paid.id, "yookassa", funding.outside_kopecks)
    orders.mark_paid(order_id=order_id, came=came, now=NOON)


def attempt_of(order_id: int, kopecks: int, **more: Any) -> PaymentAttempt:
    """A payment that succeeded."""
    key = f"paid-{order_id}-{len(more)}"
    paid = PaymentAttempt(
        order_id=order_id,
        gateway="yookassa",
        method="bank_card",
        amount_kopecks=kopecks,
        state="succeeded",
        idempotence_key=key,
        gateway_ref=key,
        opened_at=NOON,
        settled_at=NOON,
        **more,
    )
    db.session.add(paid)
    db.session.commit()
    return paid


def surplus_of(late: Order) -> PaymentAttempt:
    """Money that came for an order after it was dropped, on its way back."""
    paid = attempt_of(late.id, late.outside_kopecks, is_surplus=True)
    keep_surplus(came=Came(paid.id, "yookassa", paid.amount_kopecks), now=NOON)
    refund_id = owe_back(
        attempt_id=paid.id,
        amount_kopecks=paid.amount_kopecks,
        reason="surplus",
        once_key=f"surplus-{paid.id}",
        now=NOON,
    )
    receipts_for_surplus(
        order_id=late.id,
        certificate_id=None,
        attempt_id=paid.id,
        amount_kopecks=paid.amount_kopecks,
        refund_id=refund_id,
        now=NOON,
    )
    return paid


@contextmanager
def broken(statement: str, **values: Any) -> Iterator[None]:
    """Change the database behind the shop's back; afterwards it is as it was."""
    db.session.rollback()
    is_sqlite = db.engine.dialect.name == "sqlite"
    bound = {
        name: value.replace(tzinfo=None) if is_sqlite and isinstance(value, datetime) else value
        for name, value in values.items()
    }
    try:
        for lift in _sqlite_guards() if is_sqlite else _postgresql_guards():
            db.session.execute(text(lift))
        done: Any = db.session.execute(text(statement), bound)
        assert done.rowcount, f"nothing was changed by {statement}"
        db.session.expire_all()
        yield
    finally:
        db.session.rollback()


def _sqlite_guards() -> list[str]:
    return [
        f"DROP TRIGGER {table}_keeps_{deed}" for table in LEDGER for deed in ("update", "delete")
    ]


def _postgresql_guards() -> list[str]:
    return [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in LEDGER]


__all__ = ["NOON", "SOON", "BusyShop", "broken", "busy", "order"]
