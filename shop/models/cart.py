"""Carts: a guest's, known by a secret token, or an account's."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Moment
from shop.models.base import Model


class Cart(Model):
    """What somebody means to buy. One for each account, one for each guest."""

    __table_args__ = (
        CheckConstraint("(token IS NULL) <> (account_id IS NULL)", name="has_one_owner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str | None] = mapped_column(String(64), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), unique=True)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class CartLine(Model):
    """So many of one product, at the price it had when it was put in."""

    __table_args__ = (
        UniqueConstraint("cart_id", "product_id"),
        CheckConstraint("quantity > 0", name="quantity_is_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cart_id: Mapped[int] = mapped_column(ForeignKey("cart.id", ondelete="CASCADE"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    quantity: Mapped[int]
    # Only ticked lines are ordered.
    is_ticked: Mapped[bool] = mapped_column(default=True)
    # What the shopper saw; the cart says so when the price has changed since.
    seen_price_kopecks: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(Moment)
