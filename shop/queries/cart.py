"""What lies in a cart, and what of it can be ordered."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, func, select

from shop.db import db
from shop.models.cart import Cart, CartLine
from shop.models.catalog import Product, Stock
from shop.queries.catalog import product_url
from shop.rules.cart import most_allowed


@dataclass(frozen=True, slots=True)
class Line:
    """So many of one product, with what a page or an order needs to know of it."""

    product_id: int
    # How many can be ordered now; `wanted` is how many were put in.
    quantity: int
    wanted: int
    is_ticked: bool
    # The price now, and the one the shopper saw.
    price_kopecks: int
    seen_price_kopecks: int
    old_price_kopecks: int | None
    name: str
    slug: str
    brand: str
    picture: str
    tint: str
    category_id: int
    weight_g: int
    sides_mm: tuple[int, int, int]
    # How many are left in all warehouses; 0 when it left the shop.
    left: int
    is_listed: bool

    @property
    def id(self) -> int:
        """The product's number, as cards and hearts want it."""
        return self.product_id

    @property
    def url(self) -> str:
        """The address of the product's page."""
        return product_url(self.product_id, self.slug)

    @property
    def sum_kopecks(self) -> int:
        """What the line costs."""
        return self.quantity * self.price_kopecks

    @property
    def old_sum_kopecks(self) -> int | None:
        """What it would cost without its discount, where there is one."""
        return self.quantity * self.old_price_kopecks if self.old_price_kopecks else None

    @property
    def most(self) -> int:
        """How many one may have."""
        return most_allowed(self.left)

    @property
    def can_be_ordered(self) -> bool:
        """False when it is sold out or left the shop."""
        return self.quantity > 0

    @property
    def has_new_price(self) -> bool:
        """True when the price isn't the one the shopper saw."""
        return self.price_kopecks != self.seen_price_kopecks


@dataclass(frozen=True)
class CartView:
    """A cart as it stands: what can be ordered, what of it is ticked, what can't be ordered now."""

    lines: tuple[Line, ...]
    gone: tuple[Line, ...]

    @cached_property
    def ticked(self) -> tuple[Line, ...]:
        """What the order will be made of."""
        return tuple(line for line in self.lines if line.is_ticked)

    @property
    def unticked(self) -> tuple[Line, ...]:
        """What stays in the cart for later."""
        return tuple(line for line in self.lines if not line.is_ticked)

    @property
    def is_empty(self) -> bool:
        """True when there is nothing at all in it."""
        return not self.lines and not self.gone

    @property
    def pieces(self) -> int:
        """How many things are ticked."""
        return sum(line.quantity for line in self.ticked)

    @property
    def goods_kopecks(self) -> int:
        """What the ticked things cost."""
        return sum(line.sum_kopecks for line in self.ticked)

    @property
    def saved_kopecks(self) -> int:
        """How much less that is than without discounts."""
        old = sum(line.old_sum_kopecks or line.sum_kopecks for line in self.ticked)
        return old - self.goods_kopecks

    def line_of(self, product_id: int) -> Line | None:
        """The line of a product, or None."""
        every = (*self.lines, *self.gone)
        return next((line for line in every if line.product_id == product_id), None)


EMPTY = CartView((), ())


_LEFT = (
    select(func.coalesce(func.sum(Stock.quantity), 0))
    .where(Stock.product_id == Product.id)
    .scalar_subquery()
)
_LINES = (
    select(
        CartLine.product_id,
        CartLine.quantity,
        CartLine.is_ticked,
        Product.price_kopecks,
        CartLine.seen_price_kopecks,
        Product.old_price_kopecks,
        Product.name,
        Product.slug,
        Product.brand,
        Product.picture,
        Product.tint,
        Product.category_id,
        Product.weight_g,
        Product.length_mm,
        Product.width_mm,
        Product.height_mm,
        _LEFT.label("left"),
        Product.is_listed,
    )
    .join(Cart, Cart.id == CartLine.cart_id)
    .join(Product, Product.id == CartLine.product_id)
    .order_by(CartLine.added_at.desc(), CartLine.id.desc())
)


def cart_of(*, account_id: int | None, token: str | None) -> CartView:
    """Return somebody's cart, last put in first; one query."""
    owner = _owner(account_id, token)
    if owner is None:
        return EMPTY
    lines = tuple(_line(row) for row in db.session.execute(_LINES.where(owner)))
    return CartView(
        lines=tuple(line for line in lines if line.can_be_ordered),
        gone=tuple(line for line in lines if not line.can_be_ordered),
    )


def _line(row: Any) -> Line:
    left = int(row.left) if row.is_listed else 0
    return Line(
        product_id=row.product_id,
        quantity=min(row.quantity, most_allowed(left)),
        wanted=row.quantity,
        is_ticked=row.is_ticked,
        price_kopecks=row.price_kopecks,
        seen_price_kopecks=row.seen_price_kopecks,
        old_price_kopecks=row.old_price_kopecks,
        name=row.name,
        slug=row.slug,
        brand=row.brand,
        picture=row.picture,
        tint=row.tint,
        category_id=row.category_id,
        weight_g=row.weight_g,
        sides_mm=(row.length_mm, row.width_mm, row.height_mm),
        left=left,
        is_listed=row.is_listed,
    )


def quantities_in(*, account_id: int | None, token: str | None) -> dict[int, int]:
    """Return how many of each product lie in somebody's cart, for the steppers on cards."""
    owner = _owner(account_id, token)
    if owner is None:
        return {}
    query = select(CartLine.product_id, CartLine.quantity).join(Cart, Cart.id == CartLine.cart_id)
    return {product_id: quantity for product_id, quantity in db.session.execute(query.where(owner))}


def guest_cart_count(*, token: str) -> int:
    """Return how many things a guest's cart holds."""
    count = db.session.scalar(
        select(func.coalesce(func.sum(CartLine.quantity), 0))
        .join(Cart, Cart.id == CartLine.cart_id)
        .where(Cart.token == token)
    )
    return int(count or 0)


def _owner(account_id: int | None, token: str | None) -> ColumnElement[bool] | None:
    """The condition that makes a cart somebody's, or None for a guest who never had one."""
    if account_id is not None:
        return Cart.account_id == account_id
    return Cart.token == token if token else None
