"""The cart: putting in, changing, ticking, taking out, and what becomes of it at sign-in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update

from shop.db import db, use_case
from shop.models.cart import Cart, CartLine
from shop.models.catalog import Product, Stock
from shop.rules.cart import most_allowed


class NotSold(Exception):
    """The product left the shop."""


class NotEnoughStock(Exception):
    """There are fewer than were asked for: only `left`."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


@dataclass(frozen=True, slots=True)
class MergedLine:
    """A line of a guest's cart after sign-in: it is `quantity` now, `wanted` were meant."""

    name: str
    quantity: int
    wanted: int


@dataclass(frozen=True, slots=True)
class CartMerge:
    """What signing in did to the cart: came in whole, came in cut to the stock, isn't sold now."""

    added: tuple[MergedLine, ...] = ()
    cut: tuple[MergedLine, ...] = ()
    gone: tuple[MergedLine, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True when there was nothing to merge."""
        return not (self.added or self.cut or self.gone)


@use_case
def put_in_cart(
    *, account_id: int | None, token: str | None, product_id: int, quantity: int, now: datetime
) -> None:
    """Let the cart hold so many of a product (not so many more); none takes it out.

    :raises NoResultFound: when there is no such product.
    :raises NotSold: when it left the shop.
    :raises NotEnoughStock: when there are fewer.
    """
    if quantity == 0:
        _take_out(account_id, token, [product_id])
        return
    product = _product(product_id)
    if not product.is_listed:
        raise NotSold
    if quantity > most_allowed(product.left):
        raise NotEnoughStock(most_allowed(product.left))
    cart = _cart(account_id, token) or _new_cart(account_id, token, now)
    cart.changed_at = now
    line = _line(cart.id, product_id)
    if line is None:
        line = CartLine(cart_id=cart.id, product_id=product_id, added_at=now)
        db.session.add(line)
    line.quantity = quantity
    line.is_ticked = True
    line.seen_price_kopecks = product.price_kopecks
    db.session.flush()


@use_case
def take_out(*, account_id: int | None, token: str | None, product_id: int) -> int:
    """Take a product out of the cart; return how many there were, so that it can be undone."""
    return _take_out(account_id, token, [product_id])


@use_case
def tick(*, account_id: int | None, token: str | None, product_id: int, is_ticked: bool) -> None:
    """Let a line be part of the order, or leave it for later."""
    cart = _cart(account_id, token)
    if cart is not None:
        mine = (CartLine.cart_id == cart.id, CartLine.product_id == product_id)
        db.session.execute(update(CartLine).where(*mine).values(is_ticked=is_ticked))


@use_case
def empty_of(*, account_id: int, product_ids: Iterable[int]) -> None:
    """Take what has just been ordered out of an account's cart."""
    _take_out(account_id, None, list(product_ids))


@use_case
def merge_carts(*, account_id: int, token: str | None, now: datetime) -> CartMerge:
    """Move a guest's cart into the account's at sign-in; say what came of each line.

    Where both had a product the quantities add up, as far as the stock goes. What is sold out
    comes along, to be seen in the cart; what left the shop doesn't.
    """
    guest = _cart(None, token)
    if guest is None:
        return CartMerge()
    mine = _cart(account_id, None) or _new_cart(account_id, None, now)
    mine.changed_at = now
    merged = [_move(line, mine.id) for line in _lines(guest.id)]
    db.session.execute(delete(CartLine).where(CartLine.cart_id == guest.id))
    db.session.execute(delete(Cart).where(Cart.id == guest.id))
    return CartMerge(
        added=tuple(one for one in merged if one.quantity == one.wanted),
        cut=tuple(one for one in merged if 0 < one.quantity < one.wanted),
        gone=tuple(one for one in merged if not one.quantity),
    )


def _move(guests: CartLine, cart_id: int) -> MergedLine:
    product = _product(guests.product_id)
    line = _line(cart_id, guests.product_id)
    wanted = guests.quantity + (line.quantity if line else 0)
    most = most_allowed(product.left) if product.is_listed else 0
    quantity = min(wanted, most)
    if line is None and product.is_listed:
        line = CartLine(
            cart_id=cart_id,
            product_id=guests.product_id,
            seen_price_kopecks=guests.seen_price_kopecks,
            added_at=guests.added_at,
        )
        db.session.add(line)
    if line is not None:
        # A sold-out line keeps its number for the day it is in stock again.
        line.quantity = quantity or wanted
        line.is_ticked = True
        db.session.flush()
    return MergedLine(product.name, quantity, wanted)


@dataclass(frozen=True, slots=True)
class _ProductNow:
    name: str
    price_kopecks: int
    is_listed: bool
    left: int


def _product(product_id: int) -> _ProductNow:
    left = (
        select(func.coalesce(func.sum(Stock.quantity), 0))
        .where(Stock.product_id == Product.id)
        .scalar_subquery()
    )
    columns = (Product.name, Product.price_kopecks, Product.is_listed, left)
    name, price, is_listed, count = db.session.execute(
        select(*columns).where(Product.id == product_id)
    ).one()
    return _ProductNow(name, price, is_listed, int(count))


def _cart(account_id: int | None, token: str | None) -> Cart | None:
    if account_id is not None:
        return db.session.scalar(select(Cart).where(Cart.account_id == account_id))
    return db.session.scalar(select(Cart).where(Cart.token == token)) if token else None


def _new_cart(account_id: int | None, token: str | None, now: datetime) -> Cart:
    """Two first clicks at once both come here: the table lets one in, the other is run again."""
    owner = token if account_id is None else None
    cart = Cart(account_id=account_id, token=owner, changed_at=now)
    db.session.add(cart)
    db.session.flush()
    return cart


def _line(cart_id: int, product_id: int) -> CartLine | None:
    mine = (CartLine.cart_id == cart_id, CartLine.product_id == product_id)
    return db.session.scalar(select(CartLine).where(*mine))


def _lines(cart_id: int) -> list[CartLine]:
    query = select(CartLine).where(CartLine.cart_id == cart_id).order_by(CartLine.id)
    return list(db.session.scalars(query))


def _take_out(account_id: int | None, token: str | None, product_ids: list[int]) -> int:
    cart = _cart(account_id, token)
    if cart is None:
        return 0
    theirs = (CartLine.cart_id == cart.id, CartLine.product_id.in_(product_ids))
    count = db.session.scalar(select(func.coalesce(func.sum(CartLine.quantity), 0)).where(*theirs))
    db.session.execute(delete(CartLine).where(*theirs))
    return int(count or 0)
