"""The checkout: a cart becomes an order, exactly once, at exactly what the page showed."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from shop.db import use_case
from shop.queries.checkout import Checkout, checkout_of, owner_of
from shop.queries.delivery import Destination
from shop.queries.orders import last_delivery_of, order_by_once_key
from shop.queries.payments import open_payment_of
from shop.queries.profile import recipient_of
from shop.rules.checkout import Change, changes_between, read_note
from shop.rules.funding import LEAST_OUTSIDE, Funding
from shop.rules.payments import METHODS, Method
from shop.services.cart import empty_of
from shop.services.catalog import take_stock
from shop.services.orders import (
    Delivery,
    NewLine,
    NewParcel,
    accept_order,
    mark_paid,
    open_order,
)
from shop.services.payments import open_attempt
from shop.services.profile import TooManyRecipients, keep_recipient


class CartChanged(Exception):
    """Something isn't as the page showed it; `changes` say what. Nothing was ordered."""

    def __init__(self, changes: list[Change]) -> None:
        super().__init__(changes)
        self.changes = changes


class NothingToOrder(Exception):
    """Nothing is ticked in the cart, or nothing of it can be had."""


class NoSuchRecipient(Exception):
    """The chosen recipient is on the list no more, or the owner's phone isn't known."""


class NoSuchPoint(Exception):
    """The pickup point isn't in the town, or doesn't take parcels so heavy."""


class FundingChanged(Exception):
    """There is another balance than the page showed; nothing was ordered."""


class TooManyPoints(Exception):
    """More points were asked for than may be used here; `most` says how many may."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class MethodNotPossible(Exception):
    """The way to pay is off, or doesn't take such a sum; `method` says from how much to how much it does."""

    def __init__(self, method: Method | None) -> None:
        super().__init__(method)
        self.method = method


@dataclass(frozen=True, slots=True)
class Placed:
    """The order that this checkout placed, now or at an earlier press of the button."""

    order_id: int
    number: str
    # What is to be paid through a gateway; None when the order doesn't wait for that any more.
    attempt_id: int | None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the customer chose on the page: for whom, how, where to."""

    recipient_name: str
    recipient_phone: str
    method: str
    address: str = ""
    point_id: int | None = None
    comment: str = ""
    payment_method: str = "bank_card"
    # So many points; and all of both balances, of which the page showed so many kopecks.
    points: int = 0
    use_balance: bool = False
    balance_seen: int = 0
    together: bool = True
    # Whoever is written down receives it, unless the owner or one of the list was chosen.
    for_owner: bool = False
    recipient_id: int | None = None
    # Put who is written down on the list, too.
    remember: bool = False


@use_case
def place_order(
    *,
    account_id: int,
    once_key: str,
    note: str,
    wishes: Wishes,
    place: Destination,
    payment_minutes: int,
    today: date,
    now: datetime,
    methods: Sequence[Method] = tuple(METHODS.values()),
) -> Placed:
    """Order what is ticked in an account's cart, and open its payment. The same `once_key` orders once.

    Everything is worked out from what is stored; `note` is what the page showed (rules/checkout), `methods` are the
    ways to pay that are on.

    :raises CartChanged: when goods, prices, parcels or delivery differ from what the page showed.
    :raises NothingToOrder: when there is nothing that could be ordered.
    :raises NoSuchRecipient, NoSuchPoint: when the one chosen is there no more, or can't take it.
    :raises TooManyPoints: when more points are wanted than may be used, or than there are.
    :raises FundingChanged: when the balances aren't what the page showed.
    :raises MethodNotPossible: when the way to pay is off or doesn't take such a sum.
    :raises NotEnoughStock: when somebody took the last piece at this very moment.
    """
    key = f"{account_id}:{once_key}"
    if (earlier := _placed_before(account_id, key)) is not None:
        return earlier
    wishes = _with_receiver(account_id, wishes)
    checkout = checkout_of(
        account_id=account_id, place=place, today=today, now=now, together=wishes.together
    )
    _check(checkout, note, wishes)
    funding = _funding(checkout, wishes, methods)
    if wishes.remember:
        _remember(account_id, wishes, once_key, now)
    until = now + timedelta(minutes=payment_minutes)
    placed = _order(checkout, wishes, funding, account_id, key, until, now)
    empty_of(account_id=account_id, product_ids=[line.product_id for line in checkout.lines])
    return placed


def _placed_before(account_id: int, key: str) -> Placed | None:
    earlier = order_by_once_key(account_id=account_id, once_key=key)
    if earlier is None:
        return None
    return Placed(earlier.order_id, earlier.number, open_payment_of(order_id=earlier.order_id))


def _order(
    checkout: Checkout,
    wishes: Wishes,
    funding: Funding,
    account_id: int,
    key: str,
    pay_until: datetime,
    now: datetime,
) -> Placed:
    parcels = _parcels(checkout, wishes.method)
    _take(parcels)
    order_id, number = open_order(
        account_id=account_id,
        once_key=key,
        delivery=_delivery(checkout, wishes),
        parcels=parcels,
        payment_method=wishes.payment_method if funding.outside_kopecks else "",
        pay_until=pay_until,
        now=now,
        funding=funding,
        percent=checkout.percent,
    )
    if not funding.outside_kopecks:
        mark_paid(order_id=order_id, came=None, now=now)
        return Placed(order_id, number, None)
    if not METHODS[wishes.payment_method].gateway:
        accept_order(order_id=order_id, now=now)
        return Placed(order_id, number, None)
    attempt_id = open_attempt(
        order_id=order_id,
        amount_kopecks=funding.outside_kopecks,
        method=wishes.payment_method,
        now=now,
    )
    return Placed(order_id, number, attempt_id)


def _funding(checkout: Checkout, wishes: Wishes, methods: Sequence[Method]) -> Funding:
    """Return what pays for the order; the customer has seen all of it."""
    if wishes.points > checkout.most_points:
        raise TooManyPoints(checkout.most_points)
    if wishes.use_balance and wishes.balance_seen != checkout.balances.spendable_kopecks:
        raise FundingChanged
    chosen = next((one for one in methods if one.code == wishes.payment_method), None)
    funding = checkout.funding_by(
        wishes.method,
        points=wishes.points,
        use_balance=wishes.use_balance,
        least_outside=chosen.least_kopecks if chosen else LEAST_OUTSIDE,
    )
    if funding.outside_kopecks and (
        chosen is None or not chosen.least_kopecks <= funding.outside_kopecks <= chosen.most_kopecks
    ):
        raise MethodNotPossible(chosen)
    return funding


def _with_receiver(account_id: int, wishes: Wishes) -> Wishes:
    """The order gets a copy of a name and a phone; the account and the list are only read."""
    if wishes.for_owner:
        owner = owner_of(account_id=account_id, last=last_delivery_of(account_id=account_id))
        if not owner.phone:
            raise NoSuchRecipient
        return replace(wishes, recipient_name=owner.name, recipient_phone=owner.phone)
    if wishes.recipient_id is None:
        return wishes
    chosen = recipient_of(account_id=account_id, recipient_id=wishes.recipient_id)
    if chosen is None:
        raise NoSuchRecipient
    return replace(wishes, recipient_name=chosen.full_name, recipient_phone=chosen.phone)


def _remember(account_id: int, wishes: Wishes, once_key: str, now: datetime) -> None:
    # A full list is no reason to lose an order; the page offers no box when it is full.
    with suppress(TooManyRecipients):
        keep_recipient(
            account_id=account_id,
            full_name=wishes.recipient_name,
            phone=wishes.recipient_phone,
            once_key=once_key,
            now=now,
        )


def _check(checkout: Checkout, note: str, wishes: Wishes) -> None:
    changes = changes_between(read_note(note), checkout.seen, wishes.method)
    if changes and checkout.lines:
        raise CartChanged(changes)
    if not checkout.lines:
        raise NothingToOrder
    if wishes.method == "pickup" and checkout.point_with(wishes.point_id) is None:
        raise NoSuchPoint


def _parcels(checkout: Checkout, method: str) -> tuple[NewParcel, ...]:
    return tuple(
        NewParcel(
            warehouse_id=parcel.warehouse_id,
            promised_on=parcel.promised_on,
            weight_g=parcel.weight_g,
            delivery_kopecks=parcel.delivery_kopecks(method),
            lines=tuple(
                NewLine(
                    product_id=line.product_id,
                    name=line.name,
                    picture=line.picture,
                    tint=line.tint,
                    quantity=line.quantity,
                    price_kopecks=line.price_kopecks,
                    old_price_kopecks=line.old_price_kopecks,
                )
                for line in parcel.lines
            ),
        )
        for parcel in checkout.plan.parcels
    )


def _take(parcels: tuple[NewParcel, ...]) -> None:
    wanted: Counter[tuple[int, int]] = Counter()
    for parcel in parcels:
        for line in parcel.lines:
            wanted[line.product_id, parcel.warehouse_id] += line.quantity
    # Always in the same order, so that two buyers never wait for each other crosswise.
    for (product_id, warehouse_id), quantity in sorted(wanted.items()):
        take_stock(product_id=product_id, warehouse_id=warehouse_id, quantity=quantity)


def _delivery(checkout: Checkout, wishes: Wishes) -> Delivery:
    point = checkout.point_with(wishes.point_id) if wishes.method == "pickup" else None
    return Delivery(
        recipient_name=wishes.recipient_name,
        recipient_phone=wishes.recipient_phone,
        method=wishes.method,
        place_name=checkout.place.name,
        address=point.address if point else wishes.address,
        pickup_point_id=point.id if point else None,
        comment=wishes.comment,
    )
