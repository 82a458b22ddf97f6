import threading

import pytest
from sqlalchemy import select

from shop.db import db
from shop.models import Listing, Product, Stock, Warehouse
from shop.rules.catalog import IN_STOCK_FIRST, discount_percent
from shop.services.catalog import (
    NewWarehouse,
    NotEnoughStock,
    count_sales,
    put_warehouses,
    return_stock,
    take_stock,
)


def place(product):
    """Where the product lies first, as take_stock wants it."""
    warehouse_id = db.session.scalar(
        select(Stock.warehouse_id)
        .where(Stock.product_id == product.id)
        .order_by(Stock.warehouse_id)
    )
    return {"product_id": product.id, "warehouse_id": warehouse_id}


def left(product):
    db.session.expire_all()
    return db.session.scalars(
        select(Stock.quantity).where(Stock.product_id == product.id).order_by(Stock.warehouse_id)
    ).all()


def ranks(product):
    return set(db.session.scalars(select(Listing.rank).where(Listing.product_id == product.id)))


def test_takes_what_is_there(inside, make):
    tea = make.product(in_stock=3)

    take_stock(**place(tea), quantity=2)

    assert left(tea) == [1]
    assert db.session.get_one(Product, tea.id).is_in_stock


def test_refuses_more_than_there_is_and_takes_nothing(inside, make):
    tea = make.product(in_stock=3)

    with pytest.raises(NotEnoughStock) as caught:
        take_stock(**place(tea), quantity=4)

    assert caught.value.left == 3
    assert left(tea) == [3]


def test_the_last_one_taken_is_sold_out_on_every_shelf_and_comes_back(inside, make):
    shelf = make.category(parent=make.category("Дом"))
    tea = make.product(in_stock=1, category=shelf, sold_count=7)

    take_stock(**place(tea), quantity=1)
    db.session.expire_all()
    assert not db.session.get_one(Product, tea.id).is_in_stock
    assert ranks(tea) == {7}

    return_stock(**place(tea), quantity=1)
    db.session.expire_all()
    assert db.session.get_one(Product, tea.id).is_in_stock
    assert ranks(tea) == {7 + IN_STOCK_FIRST}
    assert left(tea) == [1]


def test_is_not_sold_out_while_another_warehouse_has_it(inside, make):
    tea = make.product(in_stock={"tver": 1, "podolsk": 1})

    take_stock(**place(tea), quantity=1)

    assert left(tea) == [0, 1]
    assert db.session.get_one(Product, tea.id).is_in_stock


def test_goods_may_come_back_to_another_warehouse(inside, make):
    tea = make.product(in_stock=0)
    other = make.warehouse("podolsk")

    return_stock(product_id=tea.id, warehouse_id=other.id, quantity=2)

    assert left(tea) == [0, 2]
    assert ranks(tea) == {IN_STOCK_FIRST}


@pytest.mark.parametrize("deed", [take_stock, return_stock])
def test_nothing_can_be_taken_or_brought_backwards(inside, make, deed):
    tea = make.product(in_stock=3)

    with pytest.raises(ValueError, match="positive"):
        deed(**place(tea), quantity=-1)

    assert left(tea) == [3]


def test_of_the_last_three_exactly_three_are_sold(app, make):
    tea = make.product(in_stock=3)
    with app.app_context():
        where = place(tea)
    outcomes = []
    start = threading.Barrier(20)

    def buy():
        with app.app_context():
            start.wait()
            try:
                take_stock(**where, quantity=1)
                outcomes.append("sold")
            except NotEnoughStock:
                outcomes.append("sold out")
            finally:
                db.session.remove()

    buyers = [threading.Thread(target=buy) for _ in range(20)]
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        buyer.join()

    assert sorted(outcomes) == ["sold"] * 3 + ["sold out"] * 17
    with app.app_context():
        assert left(tea) == [0]
        assert not db.session.get_one(Product, tea.id).is_in_stock


def test_what_sells_stands_higher(inside, make):
    tea, mug = make.product(), make.product(in_stock=0)

    count_sales(quantities={tea.id: 3, mug.id: 1})

    db.session.expire_all()
    assert db.session.get_one(Product, tea.id).sold_count == 3
    assert (ranks(tea), ranks(mug)) == ({IN_STOCK_FIRST + 3}, {1})


def test_warehouses_are_written_down_and_changed_but_never_removed(inside):
    tver = NewWarehouse("tver", "Тверь", "Тверь", 56.8, 35.9, 1)
    assert (
        put_warehouses(warehouses=[tver, NewWarehouse("perm", "Пермь", "Пермь", 58.0, 56.2, 2)])
        == 2
    )

    assert put_warehouses(warehouses=[NewWarehouse("tver", "Тверь-2", "Тверь", 56.8, 35.9, 3)]) == 1

    found = db.session.execute(
        select(Warehouse.code, Warehouse.name, Warehouse.dispatch_days).order_by(Warehouse.code)
    ).all()
    assert found == [("perm", "Пермь", 2), ("tver", "Тверь-2", 3)]


@pytest.mark.parametrize(
    ("price", "old", "percent"),
    [(100, None, 0), (100, 100, 0), (99, 100, 1), (1, 100, 99), (667, 1000, 33)],
)
def test_a_discount_is_never_said_larger_than_it_is(price, old, percent):
    assert discount_percent(price, old) == percent
