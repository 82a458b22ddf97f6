"""What a checkout shows: the ticked goods, their parcels, both ways to have them brought, and the sums."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import select

from shop.db import db
from shop.models.auth import Account
from shop.models.catalog import Product
from shop.models.delivery import PickupPoint
from shop.queries.cart import CartView, Line, cart_of
from shop.queries.delivery import Destination, Plan, pickup_points_of, plan_of
from shop.queries.ledger import Balances, balances_of
from shop.queries.orders import LastDelivery, last_delivery_of
from shop.queries.points import spendable_points, tier_of
from shop.queries.profile import SavedRecipient, recipients_of
from shop.rules.checkout import Seen, SeenLine, SeenParcel, note_of
from shop.rules.funding import LEAST_OUTSIDE, Funding, allocate, compose
from shop.rules.names import full_name
from shop.rules.points import earned_of, most_points
from shop.rules.profile import MOST_RECIPIENTS


@dataclass(frozen=True)
class Checkout:
    """All that an order would be made of if it were placed now."""

    cart: CartView
    plan: Plan
    place: Destination
    points: tuple[PickupPoint, ...]
    balances: Balances
    # What comes back in points of the money paid for goods.
    percent: int
    # Balances and points are frozen until then: none of them is usable, whatever there is.
    frozen_until: datetime | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is being ordered."""
        return self.cart.ticked

    @property
    def can_pick_up(self) -> bool:
        """True when some counter of the town takes every parcel."""
        return self.plan.pickup_kopecks is not None and bool(self.points)

    @property
    def pickup_kopecks(self) -> int:
        """What fetching it at a counter costs; ask `can_pick_up` first."""
        return self.plan.pickup_kopecks or 0

    def delivery_kopecks(self, method: str) -> int:
        """What delivery costs by a method."""
        return self.plan.courier_kopecks if method == "courier" else self.pickup_kopecks

    def total_kopecks(self, method: str) -> int:
        """What is to be paid when it is brought by a method."""
        return self.cart.goods_kopecks + self.delivery_kopecks(method)

    @property
    def most_points(self) -> int:
        """How many points may pay for these goods."""
        goods = ((line.price_kopecks, line.quantity) for line in self.cart.ticked)
        return most_points(goods, self.balances.points)

    def funding_by(
        self, method: str, *, points: int, use_balance: bool, least_outside: int = LEAST_OUTSIDE
    ) -> Funding:
        """What pays for it when it is brought by a method, with no more points than may be used."""
        return compose(
            goods_kopecks=self.cart.goods_kopecks,
            delivery_kopecks=self.delivery_kopecks(method),
            points=min(points, self.most_points),
            promo_kopecks=self.balances.promo if use_balance else 0,
            balance_kopecks=self.balances.balance if use_balance else 0,
            least_outside=least_outside,
        )

    def points_brought(self, method: str, funding: Funding) -> int:
        """How many points the goods bring when they stay, brought by a method and paid for like this."""
        if (
            self.plan.missing
        ):  # Somebody bought the last piece at this moment: the order can't be placed as it is.
            return 0
        parcels = self.plan.parcels
        of_lines, _ = allocate(
            funding,
            lines=[line.price_kopecks * line.quantity for one in parcels for line in one.lines],
            deliveries=[parcel.delivery_kopecks(method) for parcel in parcels],
        )
        return sum(earned_of(part.money_kopecks, self.percent) for part in of_lines)

    def point_with(self, point_id: int | None) -> PickupPoint | None:
        """A counter that takes this order, by its id."""
        return next((point for point in self.points if point.id == point_id), None)

    @cached_property
    def seen(self) -> Seen:
        """What of it matters for the sum and the promise."""
        lines = (SeenLine(one.product_id, one.quantity, one.price_kopecks) for one in self.lines)
        parcels = (
            SeenParcel(
                parcel.warehouse_id,
                parcel.promised_on.isoformat(),
                parcel.courier_kopecks,
                parcel.pickup_kopecks,
                tuple(sorted((line.product_id, line.quantity) for line in parcel.lines)),
            )
            for parcel in self.plan.parcels
        )
        ordered = sorted(lines, key=lambda line: line.product_id)
        return Seen(self.place.name.replace("|", " "), tuple(ordered), tuple(parcels))

    @cached_property
    def note(self) -> str:
        """The same, as the page carries it."""
        return note_of(self.seen)


def checkout_of(
    *, account_id: int, place: Destination, today: date, now: datetime, together: bool = True
) -> Checkout:
    """Return what an account would order now, brought to a town. Six queries, seven with points."""
    cart = cart_of(account_id=account_id, token=None)
    plan = plan_of(lines=cart.ticked, place=place, today=today, together=together)
    heaviest = max((parcel.weight_g for parcel in plan.parcels), default=0)
    points = () if plan.pickup_kopecks is None else tuple(pickup_points_of(place, heaviest))
    balances = balances_of(account_id=account_id)
    frozen_until = balances.frozen(now)
    if frozen_until:
        balances = Balances()
    elif (
        balances.points > 0
    ):  # Points whose end the worker hasn't written down yet are not for spending.
        balances = replace(balances, points=spendable_points(account_id=account_id, now=now))
    percent = tier_of(account_id=account_id, now=now).tier.percent
    return Checkout(cart, plan, place, points, balances, percent, frozen_until)


@dataclass(frozen=True, slots=True)
class Contact:
    """Who orders, as far as the account and the last order know, and who may receive it instead."""

    name: str
    phone: str
    address: str = ""
    method: str = "courier"
    point_id: int | None = None
    recipients: tuple[SavedRecipient, ...] = ()

    @property
    def may_choose(self) -> bool:
        """True when there is a list to choose from."""
        return bool(self.recipients)

    @property
    def may_receive(self) -> bool:
        """True when all is known that the owner needs for receiving it."""
        return bool(self.phone)

    @property
    def may_remember(self) -> bool:
        """True when there is room on the list."""
        return len(self.recipients) < MOST_RECIPIENTS


def contact_of(*, account_id: int, place: Destination) -> Contact:
    """Return what a checkout page is filled with beforehand. Three queries.

    The telephone is the account's, or the one that the last order for the same person had; the address is
    taken over when that order went to the same town.
    """
    last = last_delivery_of(account_id=account_id)
    name, phone = owner_of(account_id=account_id, last=last)
    saved = tuple(recipients_of(account_id=account_id))
    if last is None:
        return Contact(name, phone, recipients=saved)
    if last.place_name != place.name:
        return Contact(name, phone, method=last.delivery_method, recipients=saved)
    address = last.address if last.delivery_method == "courier" else ""
    return Contact(name, phone, address, last.delivery_method, last.pickup_point_id, saved)


class Owner(NamedTuple):
    """An account's owner as the one who receives."""

    name: str
    phone: str


def owner_of(*, account_id: int, last: LastDelivery | None) -> Owner:
    """Return the owner's name and phone; a phone that the account lacks is the one of the last order for the same name."""
    person = db.session.execute(
        select(Account.family_name, Account.given_name, Account.phone).where(
            Account.id == account_id
        )
    ).one()
    name = full_name(person.family_name, person.given_name)
    known = last.recipient_phone if last and last.recipient_name == name else ""
    return Owner(name, person.phone or known)


def product_names(*, product_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of products, on sale or not."""
    ids = list(product_ids)
    if not ids:
        return {}
    rows = db.session.execute(select(Product.id, Product.name).where(Product.id.in_(ids)))
    return {row.id: row.name for row in rows}
