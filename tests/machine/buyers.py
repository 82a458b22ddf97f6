"""Customers who fill carts, order in one tab or two, pay, pay another way, and look how it stands."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from machine.players import CUSTOMER, PART, WHICH, Player, one_of

from shop.models import Account
from shop.queries.checkout import Checkout, checkout_of
from shop.queries.delivery import CAPITAL
from shop.queries.payments import certificate_payment_of, payment_of, ways_to_pay
from shop.rules.payments import METHODS
from shop.services import cart
from shop.services.catalog import NotEnoughStock
from shop.services.checkout import (
    CartChanged,
    FundingChanged,
    MethodNotPossible,
    NoSuchPoint,
    NothingToOrder,
    Placed,
    TooManyPoints,
    Wishes,
    place_order,
)
from shop.services.payments import pay_again, start, sync
from shop.services.points import NotEnoughPoints

BACK = "http://localhost/payment"
WAYS = list(METHODS)
REFUSALS = (
    CartChanged,
    FundingChanged,
    TooManyPoints,
    MethodNotPossible,
    NoSuchPoint,
    NotEnoughPoints,
    NotEnoughStock,
    NothingToOrder,
)


@dataclass(frozen=True)
class Page:
    """A checkout page in somebody's tab: what it showed, and the key of its form."""

    account: Account
    checkout: Checkout
    once_key: str


class Buyer(Player):
    """Carts, checkouts and payments; `pages` are tabs that may be old."""

    pages: list[Page]

    @rule(who=CUSTOMER, what=WHICH, quantity=st.integers(0, 3))
    def fill_cart(self, who: int, what: int, quantity: int) -> None:
        self._put(what, quantity, account_id=self.world.people[who].id, token=None)

    @rule(what=WHICH, quantity=st.integers(1, 2))
    def guest_fills_cart(self, what: int, quantity: int) -> None:
        self._put(what, quantity, account_id=None, token="guest")

    def _put(self, what: int, quantity: int, **whose: Any) -> None:
        product = one_of(self.world.goods, what)
        self.world.do(
            cart.put_in_cart,
            cart.NotEnoughStock,
            product_id=product.id,
            quantity=quantity,
            now=self.world.now,
            **whose,
        )

    @rule(who=CUSTOMER)
    def guest_signs_in(self, who: int) -> None:
        account_id = self.world.people[who].id
        self.world.do(cart.merge_carts, account_id=account_id, token="guest", now=self.world.now)

    @rule(who=CUSTOMER, together=st.booleans())
    def open_checkout(self, who: int, together: bool = True) -> None:
        account = self.world.people[who]
        shown = self.world.read(
            checkout_of,
            account_id=account.id,
            place=CAPITAL,
            today=self.today,
            now=self.world.now,
            together=together,
        )
        self.pages = [*self.pages[-3:], Page(account, shown, self.world.key())]

    @precondition(lambda self: self.pages)
    @rule(
        tab=st.integers(0, 3),
        points=PART,
        use_balance=st.booleans(),
        way=WHICH,
        by=st.sampled_from(("courier", "pickup")),
    )
    def press_order(
        self, tab: int, points: int, use_balance: bool, way: int = 0, by: str = "courier"
    ) -> None:
        self._press(tab, points, use_balance, way, by)

    def _press(
        self, tab: int, points: int, use_balance: bool, way: int, by: str = "courier"
    ) -> Placed | None:
        page = self.pages[-1 - tab % len(self.pages)]
        shown = page.checkout
        wishes = Wishes(
            "Секретов Игорь",
            "+79161234567",
            by,
            address="ул. Лесная, 7",
            point_id=shown.points[0].id if shown.points else None,
            payment_method=WAYS[way % len(WAYS)],
            points=shown.most_points * points // 4,
            use_balance=use_balance,
            balance_seen=shown.balances.spendable_kopecks,
        )
        placed = self.world.do(
            place_order,
            *REFUSALS,
            account_id=page.account.id,
            once_key=page.once_key,
            note=shown.note,
            wishes=wishes,
            place=CAPITAL,
            payment_minutes=self.config.payment_minutes,
            today=self.today,
            now=self.world.now,
            methods=self.world.read(ways_to_pay, is_production=False),
        )
        return placed if isinstance(placed, Placed) else None

    @rule(
        who=CUSTOMER,
        what=WHICH,
        quantity=st.integers(1, 3),
        points=PART,
        use_balance=st.booleans(),
        way=WHICH,
    )
    def buy(
        self,
        who: int,
        what: int,
        quantity: int,
        points: int = 0,
        use_balance: bool = False,
        way: int = 0,
    ) -> None:
        """The quick way through all of it, as far as the bank's page."""
        self.fill_cart(who, what, quantity)
        self.open_checkout(who)
        placed = self._press(0, points, use_balance, way)
        if placed is not None and placed.attempt_id is not None:
            self._start(placed.attempt_id)

    def _start(self, attempt_id: int) -> None:
        self.world.do(start, attempt_id=attempt_id, return_to=BACK, now=self.world.now)

    @precondition(lambda self: self.facts.attempts)
    @rule(which=WHICH)
    def go_to_the_bank(self, which: int) -> None:
        """From any page, however old, that has an attempt's button."""
        self._start(one_of(self.facts.attempts[::-1], which).id)

    @precondition(lambda self: self.facts.awaiting())
    @rule(which=WHICH, way=WHICH)
    def pay_again(self, which: int, way: int) -> None:
        order = one_of(self.facts.awaiting()[::-1], which)
        paying = self.world.read(payment_of, account_id=order.account_id, number=order.number)
        self._pay(paying, way)

    def _pay(self, paying: Any, way: int) -> None:
        offered = [
            one.code
            for one in self.world.read(ways_to_pay, is_production=False)
            if one.gateway and one.takes(paying.total_kopecks)
        ]
        method = one_of([*offered, None], way)
        if method is None and paying.method not in METHODS:
            return
        self.world.do(pay_again, paying=paying, method=method, return_to=BACK, now=self.world.now)

    @precondition(
        lambda self: any(one.state == "awaiting_payment" for one in self.facts.certificates)
    )
    @rule(which=WHICH, way=WHICH)
    def pay_certificate_again(self, which: int, way: int) -> None:
        waits = [one for one in self.facts.certificates if one.state == "awaiting_payment"]
        bought = one_of(waits[::-1], which)
        paying = self.world.read(
            certificate_payment_of, account_id=bought.buyer_id, serial=bought.serial
        )
        self._pay(paying, way)

    @precondition(lambda self: self.facts.attempts)
    @rule(which=WHICH)
    def look_at_payment(self, which: int) -> None:
        """The page that a bank sends people back to asks at once."""
        attempt = one_of(self.facts.attempts[::-1], which)
        self.world.do(sync, attempt_id=attempt.id, now=self.world.now)
