"""A gateway that remembers: what it really took and gave back, whatever it answered or told of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from factories import NOON

from shop.gateways.payments import GwPayment, GwRefund, RateLimited, Rejected, Unauthorized, Unknown
from shop.gateways.payments.fake import FakeGateway
from shop.rules.money import kopecks_of

# So long a gateway knows a key, waits for a payer, and holds money that nobody takes.
KEY_LIFE, PAYER_LIFE, HOLD_LIFE = timedelta(hours=24), timedelta(hours=25), timedelta(days=7)
# What goes wrong with a call: nothing happened, or it happened and only the answer was lost.
TROUBLES = (
    Unknown("no answer"),
    RateLimited(2.0),
    Unauthorized("who?"),
    Rejected("general_decline"),
)
CALLS = ("create", "refund", "fetch", "fetch_refund", "capture", "list_since", "refunds_of")
# Only of these a gateway may say that it will never do them.
MAY_BE_REFUSED = ("create", "refund")


@dataclass(frozen=True)
class Post:
    """A notice on its way to the shop."""

    gateway: str
    ref: str
    event: str
    body: bytes


@dataclass
class Bank(FakeGateway):
    """The fake gateway with a clock, a memory of its own, and a post that may be late, doubled, reordered or lost."""

    code: str = "yookassa"
    now: datetime = NOON
    born: dict[str, datetime] = field(default_factory=dict)
    post: list[Post] = field(default_factory=list)
    # What no honest shop asks for.
    alarms: list[str] = field(default_factory=list)
    # Payments about which it had said its last word, and then said another, with when.
    flipped: dict[str, datetime] = field(default_factory=dict)
    answered: Any = lambda: None

    def create(self, request: Mapping[str, Any], key: str) -> GwPayment:
        """Open a payment; a key that is too old is forgotten."""
        self._forget(key)
        try:
            made = super().create(request, key)
        finally:  # Also when only the answer is lost.
            self._note_birth(key)
        made = self.payments[made.ref]
        self.answered()
        return made

    def _note_birth(self, key: str) -> None:
        """Remember when a payment or refund was made, if it was made just now."""
        if key not in self.keys or key in self.born:
            return
        ref = self.keys[key]
        self.born[key] = self.born[ref] = self.now
        if ref in self.refunds:
            if self.refunds[ref].status != "pending":
                self.tell(ref, f"refund.{self.refunds[ref].status}")
        elif self.code == "webmoney":
            self.payments[ref] = replace(self.payments[ref], pay_form={"LMI_PAYMENT_NO": ref})

    def refund(self, request: Mapping[str, Any], key: str) -> GwRefund:
        """Send money back, never more than came."""
        self._forget(key)
        if key not in self.keys:
            self._refuse_too_much(request)
        try:
            made = super().refund(request, key)
        finally:
            self._note_birth(key)
        self.answered()
        return made

    def _refuse_too_much(self, request: Mapping[str, Any]) -> None:
        payment = self.payments[request["payment_id"]]
        amount = kopecks_of(request["amount"]["value"])
        if (
            payment.status != "succeeded"
            or self.gone_back(payment.ref) + amount > payment.amount_kopecks
        ):
            self.alarms.append(f"asked to send {amount} of payment {payment.ref} back")
            raise Rejected("too_much")

    def gone_back(self, ref: str, *states: str) -> int:
        """How many kopecks of a payment were sent back, or are on their way."""
        wanted = states or ("pending", "succeeded")
        return sum(
            one.amount_kopecks
            for one in self.refunds.values()
            if one.payment_ref == ref and one.status in wanted
        )

    def _forget(self, key: str) -> None:
        if key in self.keys and self.now - self.born[key] > KEY_LIFE:
            del self.keys[key], self.born[key]

    def fetch(self, ref: str) -> GwPayment:
        """Return a payment as it stands."""
        found = super().fetch(ref)
        self.answered()
        return found

    def capture(self, payment: GwPayment, key: str) -> GwPayment:
        """Take the money of a held payment."""
        found = super().capture(payment, key)
        self.answered()
        return found

    def fetch_refund(self, ref: str) -> GwRefund:
        """Return a refund as it stands."""
        found = super().fetch_refund(ref)
        self.answered()
        return found

    def list_since(self, moment: datetime) -> Iterator[GwPayment]:
        """Return the payments opened since."""
        return iter([one for one in super().list_since(moment) if self.born[one.ref] >= moment])

    def tell(self, ref: str, event: str) -> None:
        """Write a notice; it is delivered when somebody brings it."""
        told = {"event": event, "object": {"id": ref}, "at": str(self.now)}
        self.post.append(Post(self.code, ref, event, json.dumps(told).encode()))

    def pay(self, ref: str, status: str, bonus: int = 0) -> None:
        """What the customer does on the payment page."""
        reason = "insufficient_funds" if status == "canceled" else ""
        self.end(ref, status, reason)
        if bonus:
            self.payments[ref] = replace(self.payments[ref], bonus_kopecks=bonus)
        self.tell(ref, f"payment.{status}")

    def flip(self, ref: str) -> None:
        """Take the money after all of a payment that had failed."""
        self.flipped[ref] = self.now
        self.pay(ref, "succeeded")

    def pay_otherwise(self, ref: str, kopecks: int) -> None:
        """Take another sum than was asked for."""
        self.payments[ref] = replace(self.payments[ref], amount_kopecks=kopecks)
        self.pay(ref, "succeeded")

    def give_back(self, ref: str) -> None:
        """What the shop's owner does in the gateway's own cabinet: all of a payment goes back."""
        kopecks, sent = self.payments[ref].amount_kopecks, f"{ref}-by-hand"
        self.refunds[sent] = GwRefund(sent, ref, "succeeded", kopecks)
        self.count_refund(sent)

    def finish(self, ref: str, status: str) -> None:
        """End a refund that was under way."""
        reason = "rejected_by_payee" if status == "canceled" else ""
        self.refunds[ref] = replace(self.refunds[ref], status=status, cancel_reason=reason)
        self.count_refund(ref)
        self.tell(ref, f"refund.{status}")

    def tick(self, now: datetime) -> None:
        """Let go of what waited too long for its payer or for the shop."""
        self.now = now
        for ref, payment in list(self.payments.items()):
            life = {"pending": PAYER_LIFE, "held": HOLD_LIFE}.get(payment.status)
            if life and now - self.born[ref] > life:
                self.end(ref, "canceled", "expired_on_confirmation")
                self.tell(ref, "payment.canceled")

    def in_state(self, state: str) -> list[str]:
        """The payments in a state, oldest first."""
        return [ref for ref, payment in self.payments.items() if payment.status == state]

    def refunds_in(self, state: str) -> list[str]:
        """The refunds in a state, oldest first."""
        return [ref for ref, refund in self.refunds.items() if refund.status == state]

    @property
    def is_well(self) -> bool:
        """True when every call would be answered."""
        return not self.troubles

    def recover(self) -> None:
        """Answer everything again."""
        self.troubles.clear()
        self.next_refund = "succeeded"

    @property
    def net_kopecks(self) -> int:
        """What it really took, less what it really gave back."""
        took = sum(self.payments[ref].amount_kopecks for ref in self.in_state("succeeded"))
        return took - sum(self.refunds[ref].amount_kopecks for ref in self.refunds_in("succeeded"))
