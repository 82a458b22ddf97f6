"""Stock: taken by one guarded UPDATE, so that of the last three exactly three are sold."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, select, update

from shop.db import db, use_case
from shop.db.guarded import changed
from shop.models.catalog import Listing, Product, Stock
from shop.rules.catalog import IN_STOCK_FIRST


class NotEnoughStock(Exception):
    """There are fewer in this warehouse than wanted; `left` says how many."""

    def __init__(self, product_id: int, left: int) -> None:
        super().__init__(f"product {product_id}: {left} left")
        self.product_id = product_id
        self.left = left


@use_case
def take_stock(*, product_id: int, warehouse_id: int, quantity: int) -> None:
    """Take some of a product out of a warehouse, for a parcel.

    :raises NotEnoughStock: when there are fewer; then none is taken.
    """
    if quantity <= 0:
        raise ValueError("only a positive number can be taken")
    here = (Stock.product_id == product_id, Stock.warehouse_id == warehouse_id)
    taken = changed(
        update(Stock)
        .where(*here, Stock.quantity >= quantity)
        .values(quantity=Stock.quantity - quantity)
    )
    if not taken:
        raise NotEnoughStock(
            product_id, db.session.scalar(select(Stock.quantity).where(*here)) or 0
        )
    some_left = exists().where(Stock.product_id == product_id, Stock.quantity > 0)
    _mark(product_id, is_in_stock=False, only_if=~some_left)


@use_case
def return_stock(*, product_id: int, warehouse_id: int, quantity: int) -> None:
    """Put some of a product back into a warehouse; it can be bought again."""
    if quantity <= 0:
        raise ValueError("only a positive number can be brought back")
    here = (Stock.product_id == product_id, Stock.warehouse_id == warehouse_id)
    brought = changed(update(Stock).where(*here).values(quantity=Stock.quantity + quantity))
    if not brought:
        db.session.add(Stock(product_id=product_id, warehouse_id=warehouse_id, quantity=quantity))
        db.session.flush()
    some_left = exists().where(Stock.product_id == product_id, Stock.quantity > 0)
    _mark(product_id, is_in_stock=True, only_if=some_left)


def _mark(product_id: int, *, is_in_stock: bool, only_if: Any) -> None:
    """Say on the product and on its shelves whether it can be bought, when that has just changed."""
    turned = changed(
        update(Product)
        .where(Product.id == product_id, Product.is_in_stock.is_(not is_in_stock), only_if)
        .values(is_in_stock=is_in_stock)
    )
    if turned:
        step = IN_STOCK_FIRST if is_in_stock else -IN_STOCK_FIRST
        _raise_rank(product_id, step)


def _raise_rank(product_id: int, step: int) -> None:
    changed(
        update(Listing).where(Listing.product_id == product_id).values(rank=Listing.rank + step)
    )


@use_case
def count_sales(*, quantities: Mapping[int, int]) -> None:
    """Count what was sold, by product: the better sold stands higher in lists."""
    for product_id in sorted(quantities):
        sold = quantities[product_id]
        changed(
            update(Product)
            .where(Product.id == product_id)
            .values(sold_count=Product.sold_count + sold)
        )
        _raise_rank(product_id, sold)


@use_case
def uncount_sales(*, quantities: Mapping[int, int]) -> None:
    """Count less what was called off or given back, by product; never below nothing, whatever was counted before."""
    for product_id in sorted(quantities):
        counted = select(Product.sold_count).where(Product.id == product_id)
        gone = min(quantities[product_id], db.session.scalar(counted) or 0)
        if gone > 0:
            count_sales(quantities={product_id: -gone})
