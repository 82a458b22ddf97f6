"""The shop's people: the warehouse, the desks of returns and payouts, certificates and campaigns, switches."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from machine.players import WHICH, Player, one_of

from shop.rules.payments import METHODS
from shop.rules.receipts import Marks
from shop.rules.returns import BACK_ON_SHELF, NOT_TAKEN, SHOP_REASONS, NotPossible
from shop.rules.staff import NeedsAnother
from shop.services import orders
from shop.services.certificates import (
    Gift,
    WordIsTaken,
    block,
    issue_free,
    make_campaign,
    switch_campaign,
    unblock,
)
from shop.services.certificates import NotPossible as NotPossibleNow
from shop.services.payments import settle_mismatch, switch_method
from shop.services.receipts import NotForPeople, register_by_hand
from shop.services.returns import (
    Looked,
    NothingHasLeft,
    NotOwedByHand,
    ReturnMovedOn,
    answer_customer,
    approve,
    cancel_by_shop,
    inspect,
    receive,
    refund,
    reject,
    settle_manually,
)

WORDS = ("осень", "зима", "весна")


class Clerk(Player):
    """Everything that is done at the staff's desks."""

    @property
    def _me(self) -> int:
        return self.world.staff.id

    @property
    def _term(self) -> dict[str, int]:
        return {"return_days": self.config.return_days}

    def _pay_back(self, deed: Any, *refusals: type[Exception], **told: Any) -> None:
        """Let money go; a colleague must do it, and may, where the sum is too large for one."""
        answer = self.world.do(deed, *refusals, NeedsAnother, actor_id=self._me, **told)
        if isinstance(answer, NeedsAnother):
            self.world.count("large sum sent by two")
            self.world.do(deed, *refusals, actor_id=self.world.colleague.id, **told)

    @precondition(lambda self: self.facts.in_work())
    @rule(which=WHICH, parcels=st.integers(1, 3))
    def move_parcels(self, which: int, parcels: int = 3) -> None:
        """Each parcel of an order takes its next step."""
        order = one_of(self.facts.in_work()[::-1], which)
        for parcel in self.facts.parcels_of[order.id][:parcels]:
            self._move(parcel)

    def _move(self, parcel: Any) -> None:
        told = {"parcel_id": parcel.id, "actor": f"staff:{self._me}", "now": self.world.now}
        if parcel.state == "waiting":
            self.world.do(orders.assemble_parcel, orders.StepNotPossible, **told)
        elif parcel.state == "assembled":
            self.world.do(orders.dispatch_parcel, orders.StepNotPossible, track="RA1", **told)
        elif parcel.state == "shipped":
            self.world.do(orders.receive_parcel, orders.StepNotPossible, **self._term, **told)

    @precondition(lambda self: self.facts.parcels)
    @rule(which=WHICH, step=st.sampled_from(("assemble", "dispatch", "receive")))
    def try_a_parcel(self, which: int, step: str) -> None:
        """From an old page: the parcel may be anywhere."""
        parcel = one_of(self.facts.parcels[::-1], which)
        told = {"parcel_id": parcel.id, "actor": f"staff:{self._me}", "now": self.world.now}
        more: dict[str, Any] = {"dispatch": {"track": ""}, "receive": self._term}.get(step, {})
        deed = getattr(orders, f"{step}_parcel")
        self.world.do(deed, orders.StepNotPossible, **told, **more)

    @precondition(lambda self: self.facts.orders)
    @rule(which=WHICH, reason=st.integers(0, 4), parcel=st.none() | st.integers(0, 2))
    def refuse_order(self, which: int, reason: int, parcel: int | None = None) -> None:
        """All of an order that its customer hasn't got, or one parcel of it."""
        order = one_of(self.facts.orders[::-1], which)
        one = None if parcel is None else one_of(self.facts.parcels_of[order.id], parcel).id
        self._call_off(order, SHOP_REASONS[reason], one)

    @precondition(lambda self: self.facts.in_work())
    @rule(which=WHICH)
    def nobody_takes_it(self, which: int) -> None:
        """All of an order travels to its customer, who doesn't want it."""
        order = one_of(self.facts.in_work()[::-1], which)
        clerk = {"actor": f"staff:{self._me}", "now": self.world.now}
        for parcel in self.facts.parcels_of[order.id]:
            told = {"parcel_id": parcel.id, **clerk}
            self.world.do(orders.assemble_parcel, orders.StepNotPossible, **told)
            self.world.do(orders.dispatch_parcel, orders.StepNotPossible, track="RA1", **told)
        self._call_off(order, NOT_TAKEN)

    def _call_off(self, order: Any, reason: str, parcel_id: int | None = None) -> None:
        self.world.is_losing = reason not in BACK_ON_SHELF
        self.world.do(
            cancel_by_shop,
            NotPossible,
            NothingHasLeft,
            number=order.number,
            parcel_id=parcel_id,
            reason=reason,
            actor_id=self._me,
            once_key=self.world.key(),
            now=self.world.now,
        )

    @precondition(lambda self: self.facts.coming_back())
    @rule(which=WHICH, is_good=st.booleans())
    def goods_come_back(self, which: int, is_good: bool = True) -> None:
        """What was called off on its way is in the warehouse again; what is broken is lost."""
        parcel_id = one_of(self.facts.coming_back(), which)
        lines = [line for line in self.facts.lines if line.parcel_id == parcel_id]
        good = {line.id: line.on_way_back if is_good else 0 for line in lines}
        self.world.is_breaking = not is_good
        told = {"parcel_id": parcel_id, "actor": f"staff:{self._me}", "now": self.world.now}
        self.world.do(orders.take_back, good=good, **told)

    @precondition(lambda self: self.facts.open_returns())
    @rule(which=WHICH, good=st.booleans(), takes=st.integers(0, 3), refuses=st.integers(0, 7))
    def go_on_with_a_return(self, which: int, good: bool, takes: int, refuses: int = 1) -> None:
        """The next step that the desk offers; now and then a refusal."""
        asked = one_of(self.facts.open_returns()[::-1], which)
        told = {"number": asked.number, "actor_id": self._me, "now": self.world.now}
        if not refuses:
            self.world.do(reject, ReturnMovedOn, refusal="Не то", **told)
        elif asked.state == "requested":
            self.world.do(approve, ReturnMovedOn, **told)
        elif asked.state in {"approved", "in_transit"}:
            self.world.do(receive, ReturnMovedOn, number=asked.number, now=self.world.now)
        elif asked.state == "received":
            self._inspect(asked, good, takes, told)
        else:
            self._pay_back(
                refund, NotPossible, ReturnMovedOn, number=asked.number, now=self.world.now
            )

    def _inspect(self, asked: Any, good: bool, takes: int, told: dict[str, Any]) -> None:
        """Nothing, all but one, or all of it is taken back."""
        found = {
            line.id: Looked((0, line.quantity - 1, line.quantity, line.quantity)[takes], good)
            for line in self.facts.return_lines
            if line.return_id == asked.id
        }
        self.world.do(inspect, ReturnMovedOn, found=found, remark="Следы носки", **told)

    @precondition(lambda self: self.facts.returns)
    @rule(which=WHICH)
    def refund_from_an_old_page(self, which: int) -> None:
        asked = one_of(self.facts.returns[::-1], which)
        self._pay_back(refund, NotPossible, ReturnMovedOn, number=asked.number, now=self.world.now)

    @precondition(lambda self: self.facts.returns)
    @rule(which=WHICH)
    def answer(self, which: int) -> None:
        asked = one_of(self.facts.returns[::-1], which)
        told = {"number": asked.number, "actor_id": self._me, "now": self.world.now}
        self.world.do(answer_customer, text="Скоро", once_key=self.world.key(), **told)

    @precondition(lambda self: self.facts.refunds)
    @rule(which=WHICH)
    def pay_by_hand(self, which: int) -> None:
        """Mostly what waits for it; now and then from an old page."""
        waits = self.facts.refunds_by_hand() or self.facts.refunds
        self._pay_back(
            settle_manually,
            NotOwedByHand,
            refund_id=one_of(waits, which).id,
            note="По реквизитам",
            now=self.world.now,
        )

    @precondition(lambda self: self.facts.mismatches())
    @rule(which=WHICH, is_outside=st.booleans())
    def settle_a_mismatch(self, which: int, is_outside: bool = False) -> None:
        """Sent back from the shop, or in the gateway's own cabinet."""
        attempt = one_of(self.facts.mismatches(), which)
        bank = self.world.banks[attempt.gateway]
        if is_outside and not bank.gone_back(attempt.gateway_ref):
            bank.give_back(attempt.gateway_ref)
        came = bank.payments[attempt.gateway_ref].amount_kopecks
        self.world.do(
            settle_mismatch,
            attempt_id=attempt.id,
            came_kopecks=came - bank.gone_back(attempt.gateway_ref),
            words="Пришла другая сумма",
            actor_id=self.world.owner.id,
            now=self.world.now,
        )

    @precondition(lambda self: self.facts.receipts)
    @rule(which=WHICH)
    def print_a_receipt(self, which: int) -> None:
        """Mostly one that waits for it; now and then from an old page."""
        waits = self.facts.receipts_by_hand() or self.facts.receipts
        receipt_id = one_of(waits, which).id
        self.world.do(
            register_by_hand,
            NotForPeople,
            receipt_id=receipt_id,
            marks=Marks(f"{receipt_id}", "9960440300000001", f"{receipt_id:010}", self.world.now),
            actor_id=self._me,
            now=self.world.now,
        )

    @rule(roubles=st.sampled_from((500, 1000, 30_000)))
    def give_a_certificate(self, roubles: int) -> None:
        self.world.do(
            issue_free,
            actor_id=self._me,
            once_key=self.world.key(),
            nominal_kopecks=roubles * 100,
            gift=Gift("Марина", "marina@example.ru"),
            reason="Извинение",
            now=self.world.now,
        )

    @rule(
        word=WHICH,
        gives=st.sampled_from(("promo", "points")),
        amount=st.sampled_from((70, 300, 2500)),
        most=st.integers(1, 3),
    )
    def begin_campaign(self, word: int, gives: str, amount: int, most: int = 3) -> None:
        """A sum in roubles, or as many points."""
        self.world.do(
            make_campaign,
            WordIsTaken,
            name="Подарок",
            word=WORDS[word % len(WORDS)],
            gives=gives,
            amount=amount if gives == "points" else amount * 100,
            most_uses=most,
            starts_at=self.world.now,
            ends_at=self.world.now + timedelta(days=90),
            made_by=self._me,
            now=self.world.now,
        )

    @precondition(lambda self: self.facts.campaigns)
    @rule(which=WHICH, is_on=st.booleans())
    def switch_word(self, which: int, is_on: bool) -> None:
        campaign = one_of(self.facts.campaigns, which)
        self.world.do(switch_campaign, campaign_id=campaign.id, is_on=is_on)

    @precondition(lambda self: self.facts.certificates)
    @rule(which=WHICH, is_blocked=st.booleans())
    def block_certificate(self, which: int, is_blocked: bool) -> None:
        serial = one_of(self.facts.certificates[::-1], which).serial
        if is_blocked:
            told = {"reason": "Спор", "actor_id": self._me, "now": self.world.now}
            self.world.do(block, NotPossibleNow, serial=serial, **told)
        else:
            self.world.do(unblock, NotPossibleNow, serial=serial)

    @rule(way=WHICH, is_on=st.booleans())
    def switch_way_to_pay(self, way: int, is_on: bool) -> None:
        self.world.do(
            switch_method,
            code=one_of(list(METHODS), way),
            is_on=is_on,
            actor_id=self._me,
            is_production=False,
            now=self.world.now,
        )
