"""A shop that sold before it had books: its orders are written into them, and the audit finds nothing."""

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    MetaData,
    Numeric,
    create_engine,
    select,
    text,
)

from shop.app import create_app
from shop.config import read_config
from shop.db import db
from shop.models import LedgerAccount, LedgerEntry
from shop.queries.audit import run_audit

ROOT = Path(__file__).parents[1]
THEN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def settings(url: str, folder: Path) -> dict[str, str]:
    return {
        "SHOP_DATA": str(folder),
        "SHOP_ENV": "test",
        "DATABASE_URL": url,
        "LOG_LEVEL": "WARNING",
    }


def upgrade(url: str, folder: Path, revision: str = "head") -> None:
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade", revision],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin"} | settings(url, folder),
        check=True,
        capture_output=True,
    )


class OldShop:
    """Writes rows as they were kept before the books; what isn't said is empty."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.metadata = MetaData()
        self.metadata.reflect(connection)

    def put(self, table: str, **values: Any) -> int:
        rows = self.metadata.tables[table]
        for column in rows.columns:
            is_given = column.name in values or column.nullable or column.server_default
            if not is_given and column.name != "id":
                values[column.name] = self._nothing(column.type)
        done = self.connection.execute(rows.insert().values(**values))
        return done.inserted_primary_key[0]

    def _nothing(self, kind: Any) -> Any:
        for kinds, nothing in (
            (Boolean, False),
            (Integer | Numeric | Float, 0),
            (DateTime, THEN),
            (Date, date(2026, 11, 20)),
            (JSON, {}),
        ):
            if isinstance(kind, kinds):
                return nothing
        return ""

    def order(self, number: str, state: str, *, paid: bool, parcels: tuple[str, ...]) -> int:
        """An order of one teapot for 1 490 roubles in each parcel, carried for 299."""
        goods, delivery = 149_000 * len(parcels), 29_900 * len(parcels)
        order = self.put(
            "shop_order",
            number=number,
            account_id=1,
            once_key=number,
            state=state,
            goods_kopecks=goods,
            delivery_kopecks=delivery,
            total_kopecks=goods + delivery,
            payment_method="bank_card",
            delivery_method="courier",
            pay_until=NOW,
            paid_at=THEN if paid else None,
        )
        self._step(order, "awaiting_payment")
        if paid:
            self._step(order, "paid")
        for position, parcel_state in enumerate(parcels, 1):
            self._parcel(order, position, parcel_state)
        if state not in {"awaiting_payment", "paid"}:
            self._step(order, state)
        return order

    def _step(self, order: int, state: str, parcel: int | None = None) -> None:
        values = {"order_id": order, "state": state, "parcel_id": parcel, "actor": "shop"}
        self.put("order_event", **values, happened_at=THEN)

    def _parcel(self, order: int, position: int, state: str) -> None:
        parcel = self.put(
            "parcel",
            order_id=order,
            warehouse_id=1,
            position=position,
            state=state,
            delivery_kopecks=29_900,
            received_at=THEN if state == "received" else None,
        )
        steps = ["assembled", "shipped", "received"]
        for step in steps[: steps.index(state) + 1] if state in steps else ():
            self._step(order, step, parcel)
        self.put(
            "order_line",
            order_id=order,
            parcel_id=parcel,
            product_id=1,
            warehouse_id=1,
            quantity=1,
            price_kopecks=149_000,
        )

    def attempt(self, order: int, kopecks: int, state: str, **more: Any) -> int:
        key = f"key-{order}-{state}-{len(more)}"
        values = {"gateway": "yookassa", "gateway_ref": key, "idempotence_key": key}
        return self.put(
            "payment_attempt",
            order_id=order,
            amount_kopecks=kopecks,
            state=state,
            settled_at=THEN,
            opened_at=THEN,
            **values | more,
        )


def sell_without_books(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        shop = OldShop(connection)
        shop.put("account", id=1, email="igor@example.ru", greeting="name")
        shop.put("warehouse", id=1, code="tver")
        shop.put("feed", id=1, name="old")
        shop.put("category", id=1, feed_id=1, external_id="c1", path="p")
        shop.put("product", id=1, feed_id=1, external_id="p1", category_id=1, price_kopecks=1)
        shop.order("0001-0001", "awaiting_payment", paid=False, parcels=("waiting",))
        paid = shop.order("0001-0002", "paid", paid=True, parcels=("waiting",))
        shop.attempt(paid, 178_900, "canceled")
        shop.attempt(paid, 178_900, "succeeded")
        half = shop.order("0001-0003", "assembling", paid=True, parcels=("received", "assembled"))
        shop.attempt(half, 357_800, "succeeded")
        done = shop.order("0001-0004", "received", paid=True, parcels=("received",))
        shop.attempt(done, 178_900, "succeeded")
        twice = shop.attempt(done, 178_900, "succeeded", is_surplus=True)
        shop.put(
            "payment_refund",
            attempt_id=twice,
            amount_kopecks=178_900,
            state="succeeded",
            once_key="a",
        )
        late = shop.order("0001-0005", "expired", paid=False, parcels=("canceled",))
        surplus = shop.attempt(late, 178_900, "succeeded", is_surplus=True)
        shop.put(
            "payment_refund",
            attempt_id=surplus,
            amount_kopecks=178_900,
            state="failed",
            once_key="b",
        )
    engine.dispose()


def books_of(url: str, folder: Path) -> tuple[list[Any], dict[str, int], list[str]]:
    app = create_app(read_config(settings(url, folder)))
    with app.app_context():
        found = run_audit(now=NOW)
        accounts = dict(db.session.execute(select(LedgerAccount.code, LedgerAccount.balance)).all())
        keys = db.session.scalars(select(LedgerEntry.once_key).order_by(LedgerEntry.id)).all()
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    return found, accounts, list(keys)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_orders_paid_before_there_were_books_stand_in_them_afterwards(kind, tmp_path, request):
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    if kind == "postgresql":
        url = _new_database(request.getfixturevalue("postgres_url"))
    upgrade(url, tmp_path, "0002")
    sell_without_books(url)

    upgrade(url, tmp_path)

    found, accounts, keys = books_of(url, tmp_path)
    assert found == []
    assert accounts == {
        "gateway:yookassa:clearing": 178_900 + 357_800 + 178_900 + 178_900,
        "unapplied": 178_900,
        "order:0001-0002:advance": 178_900,
        "order:0001-0003:advance": 178_900,
        "order:0001-0004:advance": 0,
        "revenue:goods": 298_000,
        "revenue:delivery": 59_800,
    }
    assert sorted(key.partition(":")[0] for key in keys) == [
        *["att"] * 2,
        *["ord"] * 3,
        "rf",
        *["shp"] * 2,
    ]


def test_a_shop_without_orders_has_empty_books_afterwards(tmp_path):
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    upgrade(url, tmp_path, "0002")

    upgrade(url, tmp_path)

    assert books_of(url, tmp_path) == ([], {}, [])


def _new_database(postgres_url: str) -> str:
    server = create_engine(
        postgres_url.replace("postgresql://", "postgresql+psycopg://", 1),
        isolation_level="AUTOCOMMIT",
    )
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS old_shop"))
        connection.execute(text("CREATE DATABASE old_shop"))
    server.dispose()
    return server.url.set(database="old_shop").render_as_string(hide_password=False)


def test_what_was_sent_back_before_keeps_the_bonuses_it_was_reckoned_with(tmp_path):
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    upgrade(url, tmp_path, "0012")
    engine = create_engine(url)
    with engine.begin() as connection:
        shop = OldShop(connection)
        shop.put("account", id=1, email="igor@example.ru", greeting="name")
        order = shop.put(
            "shop_order",
            account_id=1,
            goods_kopecks=1000_00,
            total_kopecks=1000_00,
            outside_kopecks=1000_00,
            state="paid",
            payment_method="sber_card",
            delivery_method="courier",
        )
        attempt = shop.attempt(order, 1000_00, "succeeded", bonus_kopecks=333_00)
        for number, state in enumerate(("succeeded", "manual_due", "pending", "new")):
            shop.put(
                "payment_refund",
                attempt_id=attempt,
                amount_kopecks=250_00,
                state=state,
                once_key=f"r{number}",
            )

    upgrade(url, tmp_path)

    with engine.connect() as connection:
        kept = connection.execute(text("SELECT bonus_kopecks FROM payment_refund ORDER BY id"))
        assert list(kept.scalars()) == [83_00, 0, 83_00, 83_00]
    engine.dispose()
