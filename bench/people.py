"""People for the benchmark, put straight into the database: a customer with a cart and 50 orders, and guests."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from shop.app import create_app
from shop.config import read_config
from shop.db import db
from shop.models import Account, Cart, CartLine, Order, OrderLine, Parcel, Product, Warehouse
from shop.rules.orders import number_of
from shop.services.auth import hash_password

EMAIL, PASSWORD = "bench@example.ru", "correct horse"
ORDERS, LINES_IN_CART = 50, 3


def put(settings: dict[str, str]) -> list[int]:
    """Make the customer; return the ids of some products in stock."""
    app = create_app(read_config(settings))
    with app.app_context():
        now = datetime.now(UTC)
        products = list(
            db.session.scalars(
                select(Product)
                .where(Product.is_listed, Product.is_in_stock)
                .order_by(Product.id)
                .limit(200)
            )
        )
        account = Account(
            email=EMAIL,
            email_confirmed_at=now,
            password_hash=hash_password(PASSWORD),
            given_name="Игорь",
            family_name="Секретов",
            created_at=now,
        )
        db.session.add(account)
        db.session.flush()
        _fill_cart(account.id, products, now)
        warehouse = db.session.scalars(select(Warehouse)).first()
        assert warehouse is not None
        for number in range(ORDERS):
            _order(
                account.id,
                products[number : number + 3],
                warehouse.id,
                now - timedelta(days=number + 1),
            )
        db.session.commit()
        ids = [product.id for product in products]
        db.engine.dispose()
    return ids


def _fill_cart(account_id: int, products: list[Product], now: datetime) -> None:
    cart = Cart(account_id=account_id, changed_at=now)
    db.session.add(cart)
    db.session.flush()
    for product in products[:LINES_IN_CART]:
        db.session.add(
            CartLine(
                cart_id=cart.id,
                product_id=product.id,
                quantity=1,
                seen_price_kopecks=product.price_kopecks,
                added_at=now,
            )
        )


def _order(account_id: int, products: list[Product], warehouse_id: int, placed: datetime) -> None:
    order = _head(account_id, products, placed)
    db.session.add(order)
    db.session.flush()
    order.number = number_of(order.id)
    parcel = Parcel(order_id=order.id, warehouse_id=warehouse_id, position=1, state="received")
    parcel.promised_on, parcel.weight_g, parcel.delivery_kopecks = date(2026, 11, 24), 1000, 0
    parcel.received_at = order.received_at
    db.session.add(parcel)
    db.session.flush()
    for product in products:
        line = OrderLine(order_id=order.id, parcel_id=parcel.id, warehouse_id=warehouse_id)
        line.product_id, line.name = product.id, product.name
        line.picture, line.tint = product.picture, product.tint
        line.quantity, line.price_kopecks = 1, product.price_kopecks
        db.session.add(line)


def _head(account_id: int, products: list[Product], placed: datetime) -> Order:
    goods = sum(product.price_kopecks for product in products)
    order = Order(account_id=account_id, state="received", payment_method="bank_card")
    order.number = order.once_key = f"bench-{placed:%Y%m%d}"
    order.goods_kopecks = order.total_kopecks = goods
    order.delivery_kopecks = 0
    order.recipient_name, order.recipient_phone = "Секретов Игорь", "+7 900 000-00-00"
    order.delivery_method, order.place_name = "courier", "Москва"
    order.address = "ул. Лесная, 7"
    order.search_text = " ".join(product.name.lower() for product in products)
    order.placed_at, order.pay_until = placed, placed + timedelta(minutes=30)
    order.paid_at, order.received_at = placed, placed + timedelta(days=2)
    return order
