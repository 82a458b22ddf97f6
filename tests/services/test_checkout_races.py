"""Many presses of the button at once: one order a page, and never more than there is."""

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from ordering import count, place, shown_to
from sqlalchemy import select

from shop.db import db
from shop.models import Order, PaymentAttempt, Product, Stock
from shop.services.cart import take_out
from shop.services.catalog import NotEnoughStock
from shop.services.checkout import CartChanged, NothingToOrder


def test_fifteen_presses_at_once_are_one_order(inside, make, app):
    account, product = make.account(), make.product()
    make.in_cart(account, product, 2)
    note = shown_to(account)

    def press(_turn):
        with app.app_context():
            return place(account, note)

    with ThreadPoolExecutor(15) as pool:
        placed = set(pool.map(press, range(15)))

    assert len(placed) == 1
    assert (count(Order), count(PaymentAttempt)) == (1, 1)
    assert db.session.scalar(select(Stock.quantity)) == 8


def test_two_tabs_at_once_are_one_order(inside, make, app):
    account, product = make.account(), make.product()
    make.in_cart(account, product, 2)
    note = shown_to(account)

    def press(tab):
        with app.app_context():
            try:
                return place(account, note, once_key=f"tab-{tab}").number
            except (NothingToOrder, CartChanged):
                return None

    with ThreadPoolExecutor(6) as pool:
        numbers = [number for number in pool.map(press, range(6)) if number]

    assert len(numbers) == count(Order) == 1


# `RACE_ROUNDS=50` are the rounds of the promise; the ordinary run has fewer.
ROUNDS = {"sqlite": 10, "postgresql": 5}


@pytest.mark.parametrize("left", [1, 3])
def test_of_the_last_few_exactly_so_many_are_sold(inside, make, app, database, left):
    buyers = [make.account() for _ in range(20)]
    for number in range(1, int(os.environ.get("RACE_ROUNDS", ROUNDS[database])) + 1):
        product = make.product(in_stock=left)
        for buyer in buyers:
            make.in_cart(buyer, product)
        db.session.rollback()  # What was read before is not what is there now.

        bought = _all_at_once(app, buyers, shown_to(buyers[0]), f"round-{number}")

        assert bought.count(True) == left
        assert count(Order) == count(PaymentAttempt) == left * number
        shelf = select(Stock.quantity).where(Stock.product_id == product.id)
        assert db.session.scalar(shelf) == 0
        fresh = db.session.get_one(Product, product.id, populate_existing=True)
        assert fresh.is_in_stock is False
        _leave(app, buyers, product)


def _all_at_once(app, buyers, note, once_key):
    """Everybody presses the button at the same moment; tell who got it."""
    start = Barrier(len(buyers))

    def buy(buyer):
        with app.app_context():
            start.wait()
            try:
                place(buyer, note, once_key=once_key)
            except (NotEnoughStock, NothingToOrder, CartChanged):
                return False
            return True

    with ThreadPoolExecutor(len(buyers)) as pool:
        return list(pool.map(buy, buyers))


def _leave(app, buyers, product):
    """Whoever got nothing takes it out of the cart."""
    with app.app_context():
        for buyer in buyers:
            take_out(account_id=buyer.id, token=None, product_id=product.id)


def test_twenty_buyers_of_different_things_at_once_do_not_hinder_each_other(inside, make, app):
    buyers = [make.account() for _ in range(20)]
    for buyer in buyers:
        make.in_cart(buyer, make.product())
    notes = {buyer.id: shown_to(buyer) for buyer in buyers}
    db.session.rollback()

    def buy(buyer):
        with app.app_context():
            return place(buyer, notes[buyer.id]).number

    with ThreadPoolExecutor(20) as pool:
        numbers = set(pool.map(buy, buyers))

    assert len(numbers) == count(Order) == 20
