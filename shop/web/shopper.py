"""Who is at the door: a guest with a cart, or a signed-in customer."""

import secrets
from datetime import UTC, datetime
from functools import cached_property
from typing import TypedDict

from flask import Flask, Response, current_app, flash, g, request, session
from flask_babel import gettext as _
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from shop.queries.auth import AccountCard, card_of_session
from shop.queries.cart import guest_cart_count
from shop.queries.delivery import Destination, place_of
from shop.rules.auth import FRESH_FOR
from shop.rules.devices import Device, device_of
from shop.rules.names import greeting, initials
from shop.rules.second_step import PROVED_TWICE


class CartOwner(TypedDict):
    """Whose cart: an account's, or a guest's by its secret, or nobody's yet."""

    account_id: int | None
    token: str | None


class SignedIn(UserMixin):
    """What flask-login carries: an account's card, known by the token of this browser's sign-in."""

    def __init__(self, card: AccountCard, token: str) -> None:
        self.card = card
        self.token = token

    def get_id(self) -> str:
        """The token; its row can be ended from another device."""
        return self.token


class Shopper:
    """The person a page is made for. Asks the database only for what the page needs."""

    @cached_property
    def card(self) -> AccountCard | None:
        """The account's card, or None for a guest."""
        return current_user.card if current_user.is_authenticated else None

    @property
    def is_signed_in(self) -> bool:
        """True for somebody with an account."""
        return self.card is not None

    @property
    def is_confirmed(self) -> bool:
        """True when the mailbox is proved."""
        return self.card is not None and self.card.is_confirmed

    @property
    def account_id(self) -> int | None:
        """The account's id, or None for a guest."""
        return self.card.id if self.card else None

    @property
    def customer_id(self) -> int:
        """The account's id, behind a door that only signed-in people pass."""
        assert self.card is not None
        return self.card.id

    @property
    def session_id(self) -> int:
        """This browser's sign-in, behind a door that only signed-in people pass."""
        assert self.card is not None
        return self.card.session_id

    @property
    def is_fresh(self) -> bool:
        """True when the password or a passkey was shown here a short while ago."""
        return self.card is not None and self.card.proved_at > datetime.now(UTC) - FRESH_FOR

    @property
    def email(self) -> str:
        """The account's address, or an empty string."""
        return self.card.email if self.card else ""

    @property
    def greeting(self) -> str:
        """How the customer wishes to be addressed."""
        card = self.card
        return greeting(card.given_name, card.patronymic, card.greeting) if card else ""

    @property
    def initials(self) -> str:
        """Two letters for the round badge."""
        return initials(self.card.given_name, self.card.family_name) if self.card else ""

    @property
    def is_staff(self) -> bool:
        """True for an employee with any role."""
        return bool(self.card and self.card.roles)

    @property
    def is_proved_twice(self) -> bool:
        """True when this sign-in took more than a password: a passkey, or a code after the password."""
        return self.card is not None and self.card.way in PROVED_TWICE

    def may(self, role: str) -> bool:
        """True when an employee has `role`; the owner has all."""
        return bool(self.card and {role, "owner"} & self.card.roles)

    @property
    def who(self) -> str:
        """A random word for this sign-in, also in a cookie scripts can read: a page of another
        sign-in (kept by the browser's back button) sees that it isn't theirs and goes away."""
        return session.get("who", "") if self.is_signed_in else ""

    @property
    def cart_token(self) -> str | None:
        """The guest's secret for the cart, or None when nothing was put in yet."""
        return session.get("cart") if not self.is_signed_in else None

    @property
    def has_cart(self) -> bool:
        """True when there may be something in the cart (no query)."""
        return self.is_signed_in or "cart" in session

    @cached_property
    def cart_count(self) -> int:
        """How many things lie in the cart."""
        if self.card:
            return self.card.cart_count
        token = self.cart_token
        return guest_cart_count(token=token) if token else 0

    @property
    def cart(self) -> CartOwner:
        """The owner of the cart, as services/cart and queries/cart take it."""
        return {"account_id": self.account_id, "token": self.cart_token}

    @property
    def place(self) -> Destination:
        """The town that promises are made for: the one chosen here, or the capital."""
        return place_of(session.get("place"))

    @property
    def wants_together(self) -> bool:
        """True unless the shopper chose to get things sooner in more parcels."""
        return bool(session.get("together", True))

    def cart_to_fill(self) -> CartOwner:
        """The owner of the cart, a new guest's token being minted on the first thing put in."""
        if not self.is_signed_in and "cart" not in session:
            session.permanent = True
            session["cart"] = secrets.token_urlsafe(24)
        return self.cart


def shopper() -> Shopper:
    """The person of this request."""
    if "shopper" not in g:
        g.shopper = Shopper()
    return g.shopper  # type: ignore[no-any-return]


def seen_card() -> AccountCard | None:
    """The account's card if this request has asked for it; asks nothing by itself."""
    known: Shopper | None = g.get("shopper")
    return known.card if known and "card" in vars(known) else None


def forget_shopper() -> None:
    """Look again: something about the person has just changed (cart, name, sign-in)."""
    g.pop("shopper", None)


def recount() -> None:
    """Read the account's card again after the cart or the account changed within this request."""
    forget_shopper()
    if current_user.is_authenticated:
        card = card_of_session(token=current_user.token)
        if card is not None:
            current_user.card = card


def device() -> Device:
    """What this request came from."""
    return device_of(
        user_agent=request.headers.get("User-Agent", ""), address=request.remote_addr or ""
    )


def sign_in(token: str) -> None:
    """Make this browser the account's whose sign-in has this token, with a fresh session (nothing of a guest's is carried on)."""
    card = card_of_session(token=token)
    assert card is not None
    kept = {name: session[name] for name in ("language", "place", "together") if name in session}
    session.clear()
    session.permanent = True
    session.update(kept)
    session["who"] = secrets.token_urlsafe(8)
    login_user(SignedIn(card, token))
    forget_shopper()
    g.who_changed = True


def sign_out() -> None:
    """Forget this browser's sign-in."""
    logout_user()
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    forget_shopper()
    g.who_changed = True


def init_app(app: Flask) -> None:
    """Teach flask-login our accounts."""
    manager = LoginManager()
    manager.session_protection = "basic"
    manager.user_loader(_load)
    manager.init_app(app, add_context_processor=False)
    app.after_request(_tell_who)


def _load(token: str) -> SignedIn | None:
    card = card_of_session(token=token)
    if card is None:
        _forget_dead_sign_in()
        return None
    return SignedIn(card, token)


def _forget_dead_sign_in() -> None:
    """The sign-in was ended elsewhere: from another device, by a new password, by the account's new owner.

    This browser is told so once, and keeps nothing that says it was ever the account's.
    """
    for name in ("_user_id", "_id", "_fresh", "who"):
        session.pop(name, None)
    g.who_changed = True
    flash(_("You are signed out on this device. Sign in to go on."))


def _tell_who(response: Response) -> Response:
    """Give scripts the word of this sign-in, or take it away."""
    if g.get("who_changed"):
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        if "who" in session:
            response.set_cookie(
                "who", session["who"], max_age=180 * 24 * 3600, secure=secure, samesite="Lax"
            )
        else:
            response.delete_cookie("who", secure=secure, samesite="Lax")
    elif request.cookies.get("who") and "who" not in session:
        response.delete_cookie("who", samesite="Lax")
    return response
