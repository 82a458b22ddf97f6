"""What the shop knows of a person."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shop.db import db
from shop.models.auth import Account
from shop.models.orders import Order

# So many orders are told of on the cabinet's first page.
MOST_RECENT = 3


@dataclass(frozen=True, slots=True)
class Profile:
    """Personal data as the person gave them."""

    family_name: str
    given_name: str
    patronymic: str
    greeting: str
    email: str
    email_confirmed_at: datetime | None
    created_at: datetime


def profile_of(*, account_id: int) -> Profile:
    """Return an account's personal data."""
    row = db.session.execute(
        select(
            Account.family_name,
            Account.given_name,
            Account.patronymic,
            Account.greeting,
            Account.email,
            Account.email_confirmed_at,
            Account.created_at,
        ).where(Account.id == account_id)
    ).one()
    return Profile(*row)


@dataclass(frozen=True, slots=True)
class RecentOrder:
    """An order, as far as the cabinet's first page speaks of it."""

    number: str
    state: str
    total_kopecks: int
    placed_at: datetime


def recent_orders(*, account_id: int) -> list[RecentOrder]:
    """Return an account's last orders, the newest first."""
    rows = db.session.execute(
        select(Order.number, Order.state, Order.total_kopecks, Order.placed_at)
        .where(Order.account_id == account_id)
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(MOST_RECENT)
    )
    return [RecentOrder(*row) for row in rows]
