"""The ordinary way of things: whatever is under way takes the next step that it would take in any shop.

Chance alone hardly ever takes an order from the cart to the money that came back for it. And hypothesis leaves some rules
out of each life: so the ordinary way has several names.
"""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from machine.buyers import Buyer
from machine.clerks import Clerk
from machine.facts import Facts
from machine.givers import Giver
from machine.outside import Outside
from machine.payees import Payee
from machine.players import CUSTOMER, PART, WHICH, one_of
from machine.returners import Returner

SOON, AFTER_THE_RETURNS = 0, 8
CARD, SAMOVAR = 0, 2


class Ordinary(Buyer, Returner, Clerk, Giver, Payee, Outside):
    """Everybody does what they have to."""

    @rule(
        who=CUSTOMER,
        what=WHICH,
        quantity=st.integers(1, 3),
        points=PART,
        use_balance=st.booleans(),
        way=WHICH,
        is_heard=st.booleans(),
    )
    def buy_and_pay(
        self,
        who: int,
        what: int,
        quantity: int,
        points: int,
        use_balance: bool,
        way: int,
        is_heard: bool,
    ) -> None:
        self.buy(who, what, quantity, points, use_balance, way)
        self.look()
        self._pay_newest()
        if is_heard:
            self.look()
            self.wait(SOON)

    def _pay_newest(self) -> None:
        if self._payments("pending"):
            self.at_the_bank(0, bonus=True)

    @rule(
        who=CUSTOMER,
        quantity=st.integers(1, 2),
        then=st.booleans(),
        some=st.integers(0, 1),
        reason=st.integers(0, 5),
        refuses=st.integers(0, 7),
    )
    def dear_goods_come_back(
        self, who: int, quantity: int, then: bool, some: int, reason: int, refuses: int
    ) -> None:
        """One brings points, which may be spent before they are owed back; two are more than one clerk may send."""
        self.buy_and_pay(who, SAMOVAR, quantity, 0, False, CARD, is_heard=True)
        self._move_on(Facts.in_work, lambda: self.move_parcels(0))
        if then:
            self.wait(AFTER_THE_RETURNS)
            self.look()
            self.buy_and_pay(who, SAMOVAR, 1, 4, False, CARD, is_heard=True)
        if self.facts.received():
            self.ask_to_return(0, some, reason)
            self.look()
        self._move_on(
            Facts.open_returns,
            lambda: self.go_on_with_a_return(0, good=True, takes=3, refuses=refuses),
        )

    def _move_on(self, waiting: Callable[[Facts], list[Any]], step: Callable[[], None]) -> None:
        """Take the steps of a parcel or of a return, as far as chance lets them."""
        for _ in range(4):
            if waiting(self.facts):
                step()
                self.look()

    @rule(which=WHICH, how=WHICH)
    def things_go_on(self, which: int, how: int) -> None:
        self._go_on(which, how)

    @rule(which=WHICH, how=WHICH)
    def things_go_on_further(self, which: int, how: int) -> None:
        self._go_on(which, how)

    @rule(which=WHICH, how=WHICH)
    def things_go_on_and_on(self, which: int, how: int) -> None:
        self._go_on(which, how)

    def _go_on(self, which: int, how: int) -> None:
        business = one_of(self._under_way(), which)
        if business is None:
            self.wait(AFTER_THE_RETURNS)
            return
        kind, place = business
        if kind == "work":
            self.move_parcels(place)
        elif kind == "return":
            self.go_on_with_a_return(place, good=how % 2 == 0, takes=how % 4, refuses=how)
        elif kind == "payout":
            self.pay_by_hand(place)
        elif kind == "receipt":
            self.print_a_receipt(place)
        elif kind == "certificate":
            self.activate(how % 3, place)
        elif kind == "received":
            self.ask_to_return(place, how % 5, how % 6)
        else:
            self._pay_one(place)

    def _under_way(self) -> list[tuple[str, int]]:
        """What waits for somebody, with its place among its kind."""
        facts = self.facts
        sold = [
            (place, one)
            for place, one in enumerate(facts.certificates[::-1])
            if one.state == "sold"
        ]
        return [
            *(("payment", place) for place, _ in enumerate(self._payments("pending"))),
            *(("work", place) for place, _ in enumerate(facts.in_work())),
            *(("return", place) for place, _ in enumerate(facts.open_returns())),
            *(("payout", place) for place, _ in enumerate(facts.refunds_by_hand())),
            *(("receipt", place) for place, _ in enumerate(facts.receipts_by_hand()[:2])),
            *(("certificate", place) for place, _ in sold),
            *(("received", place) for place, _ in enumerate(facts.received()[:2])),
        ]

    def _pay_one(self, place: int) -> None:
        bank, ref = self._payments("pending")[place]
        bank.pay(ref, "succeeded")
        self.look()
        self.wait(SOON)
