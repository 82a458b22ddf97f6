"""What isn't the shop's: payers at the bank, the gateways' answers and notices, time, the worker's rounds, and crashes."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from machine.bank import CALLS, MAY_BE_REFUSED, TROUBLES, Bank, Post
from machine.crashes import WHERE
from machine.players import WHICH, Player, one_of
from machine.worker import TIMERS, come_to_rest, run_all, run_round, run_timer

from shop.gateways.payments import Rejected
from shop.services.payments import receive_notice

WAITS = (
    timedelta(seconds=20),
    timedelta(minutes=2),
    timedelta(minutes=11),
    timedelta(minutes=31),
    timedelta(hours=2),
    timedelta(hours=9),
    timedelta(days=1, minutes=7),
    timedelta(days=3),
    timedelta(days=8),
    timedelta(days=40),
    timedelta(days=367),
)


class Outside(Player):
    """Gateways, their payers, the clock, and bad luck."""

    def _payments(self, *states: str) -> list[tuple[Bank, str]]:
        """The newest first."""
        found = [
            (bank, ref)
            for bank in self.world.bank_list
            for ref, payment in reversed(bank.payments.items())
            if payment.status in states
        ]
        return sorted(found, key=lambda one: one[0].born[one[1]], reverse=True)

    @precondition(lambda self: self._payments("pending", "held"))
    @rule(
        which=WHICH,
        does=st.sampled_from(("succeeded", "succeeded", "canceled", "held")),
        bonus=st.booleans(),
    )
    def at_the_bank(self, which: int, does: str = "succeeded", bonus: bool = False) -> None:
        """Somebody pays, fails to, or agrees to be charged; with a bank's bonuses, if it has any."""
        bank, ref = one_of(self._payments("pending", "held"), which)
        if bank.payments[ref].status == "held":
            does = "canceled"  # What is held only the shop can take.
        amount = bank.payments[ref].amount_kopecks
        share = amount // 3 // 100 * 100 if bonus and bank.code == "sber" else 0
        bank.pay(ref, does, share if does == "succeeded" else 0)

    def _known(self) -> list[tuple[Bank, str]]:
        """Payments under way whose number the shop has heard."""
        known = {(one.gateway, one.gateway_ref) for one in self.facts.attempts}
        return [(bank, ref) for bank, ref in self._payments("pending") if (bank.code, ref) in known]

    @precondition(lambda self: self._known())
    @rule(which=WHICH, kopecks=st.sampled_from((1_00, 777_77, 200_000_00)))
    def bank_takes_another_sum(self, which: int, kopecks: int) -> None:
        """Whoever pays is charged otherwise than the shop has asked for."""
        bank, ref = one_of(self._known(), which)
        if kopecks != bank.payments[ref].amount_kopecks:
            bank.pay_otherwise(ref, kopecks)

    @precondition(lambda self: self._payments("canceled"))
    @rule(which=WHICH)
    def bank_thinks_again(self, which: int) -> None:
        """It took the money after all: said of a payment that had failed."""
        bank, ref = one_of(self._payments("canceled"), which)
        attempt = self.facts.attempt.get(int(bank.payments[ref].metadata["attempt_id"]))
        if attempt is not None and attempt.gateway_ref == ref:
            bank.flip(ref)

    @precondition(lambda self: any(bank.refunds_in("pending") for bank in self.world.bank_list))
    @rule(which=WHICH, is_well=st.booleans())
    def bank_ends_a_refund(self, which: int, is_well: bool = True) -> None:
        under_way = [
            (bank, ref) for bank in self.world.bank_list for ref in bank.refunds_in("pending")
        ]
        bank, ref = one_of(under_way, which)
        bank.finish(ref, "succeeded" if is_well else "canceled")

    @rule(status=st.sampled_from(("pending", "canceled", "succeeded")))
    def next_refunds(self, status: str) -> None:
        for bank in self.world.bank_list:
            bank.next_refund = status

    def _post(self) -> list[Post]:
        return [post for bank in self.world.bank_list for post in bank.post]

    @precondition(lambda self: self._post())
    @rule(which=WHICH, does=st.sampled_from(("bring", "bring", "double", "lose", "forge")))
    def notice(self, which: int, does: str = "bring") -> None:
        """Brought in any order, late, twice, or never; or it says what isn't true."""
        post = one_of(self._post()[::-1], which)
        if does in {"bring", "lose"}:
            self.world.banks[post.gateway].post.remove(post)
        if does == "lose":
            return
        body = post.body
        if does == "forge":
            body = body.replace(b"canceled", b"succeeded").replace(b"held", b"succeeded")
        self.world.do(
            receive_notice,
            gateway=post.gateway,
            sender="127.0.0.1",
            headers={},
            body=body,
            now=self.world.now,
        )

    @rule(
        bank=st.integers(0, 2),
        call=st.sampled_from(CALLS),
        problem=st.sampled_from(range(len(TROUBLES))),
        after=st.booleans(),
        times=st.integers(1, 3),
    )
    def gateway_troubles(
        self, bank: int, call: str, problem: int, after: bool = False, times: int = 1
    ) -> None:
        """The next calls fail; or all is done, and the answer is lost."""
        trouble = TROUBLES[problem]
        if isinstance(trouble, Rejected) and (call not in MAY_BE_REFUSED or after):
            return
        one_of(self.world.bank_list, bank).trouble(call, trouble, after=after, times=times)

    @rule()
    def gateways_recover(self) -> None:
        for bank in self.world.bank_list:
            bank.recover()

    @rule(where=st.sampled_from(WHERE), left=st.integers(1, 4))
    def light_the_fuse(self, where: str, left: int) -> None:
        """The process that does the next step dies in it."""
        self.world.fuse.light(where, left)

    @rule(how_long=st.integers(0, len(WAITS) - 1), then_work=st.booleans())
    def wait(self, how_long: int, then_work: bool = True) -> None:
        self.world.pass_time(WAITS[how_long])
        if then_work:
            run_round(self.world)

    @rule()
    def worker_works(self) -> None:
        run_all(self.world)

    @rule(which=st.sampled_from(TIMERS))
    def one_timer_runs(self, which: str) -> None:
        run_timer(self.world, which)

    @rule()
    def rest(self) -> None:
        come_to_rest(self.world)
