"""Favorites: what a customer wants to find again."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Moment
from shop.models.base import Model


class Favorite(Model):
    """A product behind a heart."""

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    added_at: Mapped[datetime] = mapped_column(Moment)
