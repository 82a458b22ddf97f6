"""Those whose money a person pays out: they tell where to, take it onto their balance, or ask for the balance itself."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from machine.players import CUSTOMER, WHICH, Player, one_of

from shop.rules.staff import NeedsAnother
from shop.services.payments import (
    BeingPaid,
    NothingToPayOut,
    NotOwedByHand,
    Whereto,
    ask_whereto,
    open_details,
    pay_out_balance,
    tell_whereto,
)
from shop.services.returns import take_to_balance_at_once

ACCOUNT = Whereto("account", "Петрова Анна Игоревна", "044525225", "40817810838123456789")


class Payee(Player):
    """Mostly about what waits for a person; now and then from an old page."""

    def _one(self, which: int) -> int:
        return int(one_of(self.facts.refunds_by_hand() or self.facts.refunds, which).id)

    @precondition(lambda self: self.facts.refunds)
    @rule(which=WHICH)
    def tell_where_to(self, which: int) -> None:
        self.world.do(
            tell_whereto,
            NotOwedByHand,
            BeingPaid,
            refund_id=self._one(which),
            whereto=ACCOUNT,
            now=self.world.now,
        )

    @precondition(lambda self: self.facts.refunds)
    @rule(which=WHICH)
    def take_onto_balance(self, which: int) -> None:
        self.world.do(
            take_to_balance_at_once,
            NotOwedByHand,
            BeingPaid,
            refund_id=self._one(which),
            now=self.world.now,
        )

    @rule(who=CUSTOMER)
    def ask_for_the_balance(self, who: int) -> None:
        account_id = self.world.people[who].id
        self.world.do(pay_out_balance, NothingToPayOut, account_id=account_id, now=self.world.now)

    @precondition(lambda self: self.facts.refunds)
    @rule(which=WHICH, is_asked=st.booleans())
    def at_the_desk_of_payouts(self, which: int, is_asked: bool) -> None:
        """An employee opens where to, or finds that it isn't right and asks anew."""
        refund_id, now = self._one(which), self.world.now
        if is_asked:
            told = {"refund_id": refund_id, "remark": "Счёт закрыт", "now": now}
            self.world.do(ask_whereto, NotOwedByHand, **told)
        else:
            told = {"refund_id": refund_id, "actor_id": self.world.staff.id, "now": now}
            self.world.do(open_details, NotOwedByHand, NeedsAnother, **told)
