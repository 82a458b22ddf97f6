"""Favorites: a heart given and taken back."""

from datetime import datetime

from sqlalchemy import delete, select

from shop.db import db, use_case
from shop.models.catalog import Product
from shop.models.favorites import Favorite


@use_case
def like(*, account_id: int, product_id: int, now: datetime) -> None:
    """Put a product among a customer's favorites; once more changes nothing.

    :raises NoResultFound: when there is no such product.
    """
    db.session.execute(select(Product.id).where(Product.id == product_id)).one()
    if db.session.get(Favorite, (account_id, product_id)) is None:
        db.session.add(Favorite(account_id=account_id, product_id=product_id, added_at=now))
        db.session.flush()


@use_case
def unlike(*, account_id: int, product_id: int) -> None:
    """Take a product out of a customer's favorites; it may not be there."""
    mine = (Favorite.account_id == account_id, Favorite.product_id == product_id)
    db.session.execute(delete(Favorite).where(*mine))
