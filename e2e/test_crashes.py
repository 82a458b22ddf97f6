"""kill -9 while people buy: nothing that was promised is lost, nothing happens twice.

About every other order is paid at the bank, so that the money's coming in is killed, too.
CRASH_CHECKOUTS=304 makes the long run of it (some minutes); it waits for real leases to end.
"""

import contextlib
import os
import random
import re
import sqlite3
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from factories import Make
from sqlalchemy import func, select

from e2e.crashing import POINTS_EACH, Buyer, KillableShop
from shop.app import create_app
from shop.config import read_config
from shop.db import db
from shop.models import Order, OrderLine, OutboxItem, Parcel, PaymentAttempt, Stock
from shop.queries.audit import run_audit
from shop.queries.ledger import balances_of
from shop.services.points import grant

CHECKOUTS = int(os.environ.get("CRASH_CHECKOUTS", "40"))
IS_LONG = CHECKOUTS >= 300
BUYERS, PRODUCTS, ON_SHELF, MANY_POINTS = 8, 6, 10_000, 1_000_000
VICTIMS = ["one web process"] * 3 + ["all of the web"] * 2 + ["worker"] * 3
# One press of the button in so many is followed by a kill, within so many seconds.
ONE_IN, SOON = (4 if IS_LONG else 2), 0.12


@pytest.fixture
def shop(tmp_path):
    shop = KillableShop(tmp_path)
    yield shop
    shop.close()


@pytest.fixture
def app(shop):
    """The same shop seen from within: for what is prepared beforehand and counted afterwards."""
    app = create_app(read_config(shop.settings))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def buyers(shop, app):
    """People with accounts before full shelves."""
    make, pressing = Make(app), threading.Semaphore(0)
    products = [make.product(in_stock=ON_SHELF).id for _ in range(PRODUCTS)]
    accounts = [make.account() for _ in range(BUYERS)]
    with app.app_context():
        for one in accounts:
            _give_points(one.id)
    return [Buyer(shop, one.id, one.email, products, pressing) for one in accounts]


def _give_points(account_id):
    now = datetime.now(UTC)
    grant(
        account_id=account_id,
        points=MANY_POINTS,
        source="gift",
        reference="",
        once_key=f"gift-{account_id}",
        now=now,
        expires_at=now + timedelta(days=30),
    )


def test_whatever_is_killed_while_people_buy_nothing_is_lost_or_doubled(shop, app, buyers):
    shop.open()

    _buy_while_parts_are_killed(shop, buyers)
    _let_the_dust_settle(shop, app)

    journal = [entry for buyer in buyers for entry in buyer.journal]
    assert len(journal) == CHECKOUTS
    assert sum(shop.kills.values()) >= (60 if IS_LONG else 3), shop.kills
    assert not IS_LONG or set(shop.kills) == set(VICTIMS)
    with app.app_context():
        _every_acknowledged_order_is_there_once(journal)
        _every_order_is_whole()
        _nothing_of_the_stock_is_lost()
        _what_was_paid_has_come_once(shop, journal)
        _every_order_has_its_letters(shop)
        assert list(db.session.scalars(select(OutboxItem.id).where(~_IS_DONE))) == []
        _every_point_is_set_aside_once(buyers)
        assert run_audit(now=datetime.now(UTC)) == []
    assert _sick(shop) == {"shop.db": "ok", "queue.db": "ok"}


_IS_DONE = OutboxItem.done_at.is_not(None)
_HAS_COME = PaymentAttempt.state == "succeeded"


def _buy_while_parts_are_killed(shop, buyers):
    is_over = threading.Event()

    def kill_at_random_moments():
        while not is_over.is_set():
            if buyers[0].pressing.acquire(timeout=0.2) and random.random() < 1 / ONE_IN:
                time.sleep(random.uniform(0, SOON))
                shop.kill(random.choice(VICTIMS))
                shop.wait_for_answer()
                _forget(buyers[0].pressing)

    killer = threading.Thread(target=kill_at_random_moments)
    killer.start()
    try:
        with ThreadPoolExecutor(BUYERS) as pool:
            list(pool.map(lambda buyer: buyer.buy(CHECKOUTS // BUYERS), buyers))
    finally:
        is_over.set()
        killer.join()


def _forget(pressing):
    """Forget what was pressed while the shop was away: it would be killed for that again and again."""
    while pressing.acquire(blocking=False):
        pass


def _let_the_dust_settle(shop, app):
    """Let a living worker finish; what a dead one had leased is due when the lease ends."""
    if not IS_LONG:
        shop.kill("worker")
        _end_leases(shop)
    end = time.monotonic() + (240 if IS_LONG else 60)
    with app.app_context():
        while time.monotonic() < end and _something_is_left(shop):
            time.sleep(0.3)
    shop.wait_for_answer()


def _something_is_left(shop):
    """Tell whether errands wait, or money the bank has and the shop doesn't know of."""
    errands = db.session.scalar(select(func.count()).select_from(OutboxItem).where(~_IS_DONE))
    known = set(db.session.scalars(select(PaymentAttempt.gateway_ref).where(_HAS_COME)))
    db.session.rollback()
    return errands or set(_paid_at_the_bank(shop)) != known


def _paid_at_the_bank(shop):
    """What the bank has taken, in kopecks, by payment."""
    with contextlib.closing(sqlite3.connect(shop.folder / "bank" / "bank.sqlite3")) as books:
        query = "SELECT id, amount_kopecks FROM payment WHERE status = 'succeeded'"
        return dict(books.execute(query).fetchall())


def _end_leases(shop):
    """As if two minutes had gone by: that a lease ends is shown elsewhere, here it would only be waited for."""
    with sqlite3.connect(shop.folder / "shop.db", timeout=20) as connection:
        now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
        connection.execute("UPDATE outbox_item SET due_at = ? WHERE done_at IS NULL", [now])
    connection.close()


def _every_acknowledged_order_is_there_once(journal):
    orders = {order.once_key: order for order in db.session.scalars(select(Order))}
    pay_at = {one.order_id: one.pay_at for one in db.session.scalars(select(PaymentAttempt))}
    keys = [f"{entry.account_id}:{entry.once_key}" for entry in journal]

    assert sorted(orders) == sorted(set(keys)) == sorted(keys)
    for key, entry in zip(keys, journal, strict=True):
        order = orders[key]
        assert entry.location in {pay_at[order.id], f"/my/orders/{order.number}?accepted=1"}
        assert _pieces(order.id) == entry.pieces


def _pieces(order_id):
    query = select(OrderLine).where(OrderLine.order_id == order_id)
    pieces = Counter()
    for line in db.session.scalars(query):
        pieces[line.product_id] += line.quantity
    return pieces


def _every_order_is_whole():
    for order in db.session.scalars(select(Order)):
        lines = list(db.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)))
        parcels = list(db.session.scalars(select(Parcel).where(Parcel.order_id == order.id)))
        attempts = select(PaymentAttempt).where(PaymentAttempt.order_id == order.id)

        assert {line.parcel_id for line in lines} == {parcel.id for parcel in parcels}
        assert sum(line.quantity * line.price_kopecks for line in lines) == order.goods_kopecks
        assert sum(parcel.delivery_kopecks for parcel in parcels) == order.delivery_kopecks
        assert [one.amount_kopecks for one in db.session.scalars(attempts)] == [
            order.outside_kopecks
        ]


def _nothing_of_the_stock_is_lost():
    sold = dict(
        db.session.execute(
            select(OrderLine.product_id, func.sum(OrderLine.quantity)).group_by(
                OrderLine.product_id
            )
        ).all()
    )
    left = dict(db.session.execute(select(Stock.product_id, Stock.quantity)).all())

    assert {product: left[product] + sold.get(product, 0) for product in left} == dict.fromkeys(
        left, ON_SHELF
    )


def _what_was_paid_has_come_once(shop, journal):
    """The bank's books and the shop's agree, and who paid has a paid order."""
    attempts = list(db.session.scalars(select(PaymentAttempt).where(_HAS_COME)))
    paid = set(db.session.scalars(select(Order.once_key).where(Order.state == "paid")))

    assert {one.gateway_ref: one.amount_kopecks for one in attempts} == _paid_at_the_bank(shop)
    assert paid == {f"{one.account_id}:{one.once_key}" for one in journal if one.has_paid}
    assert len(attempts) == len(paid) > 0


def _every_point_is_set_aside_once(buyers):
    for buyer in buyers:
        held = POINTS_EACH * sum(not one.has_paid for one in buyer.journal)
        had = balances_of(account_id=buyer.account_id)
        assert (had.points, had.points_held) == (
            MANY_POINTS - POINTS_EACH * len(buyer.journal),
            held,
        )


def _every_order_has_its_letters(shop):
    """One that it is placed, one that it is paid."""
    numbers = set(db.session.scalars(select(Order.number)))
    letters = Counter()
    for row in shop.mailbox.letters.page(0, 100_000):
        subject = re.search(rb"Message-ID: <(outbox-\d+)@", row["raw"], re.IGNORECASE)
        letters[subject[1].decode()] += 1
    written = db.session.scalars(select(OutboxItem).where(OutboxItem.kind == "letter"))
    by_key = {item.once_key: letters[f"outbox-{item.id}"] for item in written}

    of_orders = [key for key in by_key if not key.startswith("new-device-")]
    paid = db.session.scalar(select(func.count()).where(Order.state == "paid"))

    assert len(numbers) == CHECKOUTS
    assert len(of_orders) == CHECKOUTS + paid
    assert min(by_key.values()) >= 1
    assert sum(by_key.values()) - len(by_key) <= sum(shop.kills.values())


def _sick(shop):
    found = {}
    for name in ("shop.db", "queue.db"):
        connection = sqlite3.connect(shop.folder / name)
        found[name] = connection.execute("PRAGMA integrity_check").fetchone()[0]
        connection.close()
    return found
