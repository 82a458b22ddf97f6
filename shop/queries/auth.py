"""Who an account is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select

from shop.db import db
from shop.models.auth import Account, Confirmation, StaffRole
from shop.models.cart import Cart, CartLine
from shop.rules.auth import token_hash

_IN_CART = (
    select(func.coalesce(func.sum(CartLine.quantity), 0))
    .join(Cart, Cart.id == CartLine.cart_id)
    .where(Cart.account_id == Account.id)
    .scalar_subquery()
)
_ROLES = (
    select(func.aggregate_strings(StaffRole.role, ","))
    .where(StaffRole.account_id == Account.id)
    .scalar_subquery()
)
# Put together once: every page of a signed-in person asks it.
_CARD = select(
    Account.id,
    Account.email,
    Account.email_confirmed_at,
    Account.given_name,
    Account.family_name,
    Account.patronymic,
    Account.greeting,
    Account.session_version,
    _ROLES.label("roles"),
    _IN_CART.label("cart_count"),
).where(Account.id == bindparam("account_id"))


@dataclass(frozen=True, slots=True)
class AccountCard:
    """What every page needs to know of a signed-in person, read in one query."""

    id: int
    email: str
    is_confirmed: bool
    given_name: str
    family_name: str
    patronymic: str
    greeting: str
    session_version: int
    roles: frozenset[str]
    cart_count: int


def account_card(*, account_id: int) -> AccountCard | None:
    """Return the card of an account, or None when there is no such account."""
    row = db.session.execute(_CARD, {"account_id": account_id}).one_or_none()
    if row is None:
        return None
    return AccountCard(
        id=row.id,
        email=row.email,
        is_confirmed=row.email_confirmed_at is not None,
        given_name=row.given_name,
        family_name=row.family_name,
        patronymic=row.patronymic,
        greeting=row.greeting,
        session_version=row.session_version,
        roles=frozenset((row.roles or "").split(",")) - {""},
        cart_count=int(row.cart_count),
    )


def email_of_link(*, token: str, now: datetime) -> str:
    """Return the address that a confirmation's link proves, or an empty string when it holds no more."""
    email = db.session.scalar(
        select(Confirmation.email)
        .join(Account, Account.id == Confirmation.account_id)
        .where(
            Confirmation.token_hash == token_hash(token),
            # A link followed twice still leads to «it is done».
            or_(
                and_(Confirmation.used_at.is_(None), Confirmation.expires_at > now),
                and_(Account.email == Confirmation.email, Account.email_confirmed_at.is_not(None)),
            ),
        )
    )
    return email or ""
