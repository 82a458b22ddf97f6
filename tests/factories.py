"""Things to test with: each has speaking defaults and takes only what the test is about."""

import itertools
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import ordered
from flask import Flask
from sqlalchemy import select

from shop.db import db
from shop.models import (
    Account,
    Category,
    Favorite,
    Feed,
    Listing,
    Order,
    Parcel,
    PickupPoint,
    Place,
    Product,
    StaffRole,
    Stock,
    Warehouse,
)

NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse"


@cache
def _hashed(password: str) -> str:
    """Hash a password once for all tests: hashing for every account would be half the run."""
    from shop.services.auth import hash_password

    return hash_password(password)


class Make:
    """Makes things, each in a transaction of its own; what comes back may be read freely."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.numbers = itertools.count(1)

    def _keep(self, *things: Any) -> Any:
        with self.app.app_context():
            db.session.add_all(things)
            db.session.commit()
            for thing in things:
                db.session.refresh(thing)
                db.session.expunge(thing)
        return things[0]

    def _first(self, model: Any, **found_by: Any) -> Any:
        with self.app.app_context():
            thing = db.session.query(model).filter_by(**found_by).first()
            if thing is not None:
                db.session.expunge(thing)
            return thing

    def account(
        self, email: str = "", *, confirmed: bool = True, password: str = PASSWORD, **more: Any
    ) -> Account:
        """A customer: Игорь Секретов, whose mailbox is proved."""
        values = {
            "email": email or f"igor{next(self.numbers)}@example.ru",
            "email_confirmed_at": NOON if confirmed else None,
            "password_hash": _hashed(password),
            "given_name": "Игорь",
            "family_name": "Секретов",
            "created_at": NOON,
        }
        account: Account = self._keep(Account(**values | more))
        return account

    def employee(self, role: str = "fulfilment", **more: Any) -> Account:
        """An account with a role."""
        account = self.account(**more)
        self._keep(StaffRole(account_id=account.id, role=role, given_at=NOON))
        return account

    def feed(self) -> Feed:
        """The feed that everything made here comes from."""
        return self._first(Feed, name="tests") or self._keep(Feed(name="tests", created_at=NOON))

    def category(
        self, name: str = "Чайники", *, parent: Category | None = None, path: str = "", **more: Any
    ) -> Category:
        """A shelf."""
        number = next(self.numbers)
        path = path or (f"{parent.path}/" if parent else "") + f"polka-{number}"
        values = {
            "feed_id": self.feed().id,
            "external_id": f"c{number}",
            "parent_id": parent.id if parent else None,
            "name": name,
            "path": path,
            "depth": parent.depth + 1 if parent else 0,
            "position": number,
        }
        category: Category = self._keep(Category(**values | more))
        return category

    def warehouse(self, code: str = "tver", **more: Any) -> Warehouse:
        """A place parcels start from; the same code is the same place."""
        values = {
            "name": code.capitalize(),
            "city": "Тверь",
            "latitude": 56.86,
            "longitude": 35.9,
            "dispatch_days": 1,
        }
        return self._first(Warehouse, code=code) or self._keep(
            Warehouse(code=code, **values | more)
        )

    def product(
        self,
        name: str = "Чайник заварочный",
        *,
        price: int = 1490,
        in_stock: int | dict[str, int] = 10,
        category: Category | None = None,
        **more: Any,
    ) -> Product:
        """Something to sell, at `price` roubles, so many of it in Тверь (or by warehouse)."""
        number = next(self.numbers)
        category = category or self._first(Category) or self.category()
        stock = in_stock if isinstance(in_stock, dict) else {"tver": in_stock}
        values = {
            "feed_id": self.feed().id,
            "external_id": f"p{number}",
            "category_id": category.id,
            "name": name,
            "slug": f"tovar-{number}",
            "price_kopecks": price * 100,
            "weight_g": 500,
            "length_mm": 200,
            "width_mm": 150,
            "height_mm": 100,
            "is_in_stock": any(stock.values()),
            "content_hash": f"{number:064d}",
            "arrived_at": NOON,
            "changed_at": NOON,
        }
        product: Product = self._keep(Product(**values | more))
        self._keep(
            *(
                Stock(product_id=product.id, warehouse_id=self.warehouse(code).id, quantity=count)
                for code, count in stock.items()
            )
        )
        self._shelve(product, category)
        return product

    def _shelve(self, product: Product, category: Category | None) -> None:
        while category is not None and product.is_listed:
            self._keep(
                Listing(
                    category_id=category.id,
                    product_id=product.id,
                    rank=product.sold_count + (10**9 if product.is_in_stock else 0),
                    price_kopecks=product.price_kopecks,
                    arrived_at=product.arrived_at,
                    discount_percent=product.discount_percent,
                )
            )
            category = self._first(Category, id=category.parent_id) if category.parent_id else None

    def favorite(self, account: Account, product: Product) -> Favorite:
        """A heart."""
        favorite: Favorite = self._keep(
            Favorite(account_id=account.id, product_id=product.id, added_at=NOON)
        )
        return favorite

    def place(self, name: str = "Москва", **more: Any) -> Place:
        """A town."""
        values = {
            "name": name,
            "search_name": name.lower().replace("ё", "е"),
            "region": name,
            "population": 10_381_222,
            "latitude": 55.752,
            "longitude": 37.6178,
        }
        return self._first(Place, name=name) or self._keep(Place(**values | more))

    def pickup_point(self, code: str = "MSK-01", **more: Any) -> PickupPoint:
        """A counter."""
        values = {
            "place_name": "Москва",
            "address": "ул. Лесная, 7",
            "hours": "ежедневно 9:00–21:00",
            "max_weight_g": 20_000,
            "latitude": 55.78,
            "longitude": 37.59,
        }
        point: PickupPoint = self._keep(PickupPoint(code=code, **values | more))
        return point

    def later(self, **delta: float) -> datetime:
        """A moment after NOON."""
        return NOON + timedelta(**delta)

    def in_cart(self, account: Account, product: Product, quantity: int = 1) -> None:
        """So many of a product in a customer's cart."""
        from shop.services.cart import put_in_cart

        with self.app.app_context():
            put_in_cart(
                account_id=account.id,
                token=None,
                product_id=product.id,
                quantity=quantity,
                now=NOON,
            )

    def order(
        self,
        account: Account,
        *products: Product,
        state: str = "paid",
        parcels: int = 1,
        **more: Any,
    ) -> Order:
        """An order of one piece of each, dealt out to so many parcels, that has come so far."""
        placed_at = more.pop("placed_at", NOON)
        planned = ordered.packed(
            products or (self.product(),),
            warehouse_id=self.warehouse().id,
            due_on=NOON.date() + timedelta(days=2),
            parcels=parcels,
        )
        with self.app.app_context():
            order_id = ordered.opened(
                account_id=account.id,
                once_key=f"order-{next(self.numbers)}",
                parcels=planned,
                now=placed_at,
                **more,
            )
            ordered.bring(order_id, self.parcel_ids(order_id), state, placed_at)
        order: Order = self._first(Order, id=order_id)
        return order

    def parcel_ids(self, order_id: int) -> list[int]:
        """The parcels of an order, first to last."""
        with self.app.app_context():
            query = select(Parcel.id).where(Parcel.order_id == order_id).order_by(Parcel.position)
            return list(db.session.scalars(query))
