"""Who an account is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, func, or_, select

from shop.db import db
from shop.models.auth import Account, Confirmation, StaffRole, UserSession
from shop.models.cart import Cart, CartLine
from shop.models.recovery import LostMailbox
from shop.models.security import SecondStep
from shop.rules.auth import token_hash
from shop.rules.recovery import UNDER_WAY

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
_HAS_SECOND_STEP = exists().where(
    SecondStep.account_id == Account.id, SecondStep.works_since.is_not(None)
)
_MOVES_AT = (
    select(func.min(LostMailbox.waits_until))
    .where(LostMailbox.account_id == Account.id, LostMailbox.state.in_(UNDER_WAY))
    .scalar_subquery()
)
# Put together once: every page of a signed-in person asks it.
_CARD = (
    select(
        Account.id,
        Account.email,
        Account.email_confirmed_at.is_not(None).label("is_confirmed"),
        Account.given_name,
        Account.family_name,
        Account.patronymic,
        Account.greeting,
        Account.ends_at,
        UserSession.id.label("session_id"),
        UserSession.way,
        UserSession.proved_at,
        UserSession.seen_at,
        _HAS_SECOND_STEP.label("has_second_step"),
        _MOVES_AT.label("moves_at"),
        _ROLES.label("roles"),
        _IN_CART.label("cart_count"),
    )
    .join(UserSession, UserSession.account_id == Account.id)
    .where(UserSession.token_hash == bindparam("token_hash"), UserSession.ended_at.is_(None))
)


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
    # When the account will be emptied, as its owner asked.
    ends_at: datetime | None
    session_id: int
    way: str
    # When the password or a passkey was shown last in this session, and when it was used last.
    proved_at: datetime
    seen_at: datetime
    has_second_step: bool
    # When the account moves to another mailbox, unless its owner says «it isn't me» before.
    moves_at: datetime | None
    roles: frozenset[str]
    cart_count: int


def card_of_session(*, token: str) -> AccountCard | None:
    """Return the card of the account that a browser is signed in to, or None when the sign-in has ended."""
    row = db.session.execute(_CARD, {"token_hash": token_hash(token)}).one_or_none()
    if row is None:
        return None
    values = row._asdict()
    values["roles"] = frozenset((row.roles or "").split(",")) - {""}
    values["cart_count"] = int(row.cart_count)
    return AccountCard(**values)


def account_email(*, account_id: int) -> str:
    """Return the address an account has."""
    return db.session.execute(select(Account.email).where(Account.id == account_id)).scalar_one()


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
