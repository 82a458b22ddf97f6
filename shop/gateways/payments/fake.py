"""A gateway for tests: keeps its payments in memory and has the troubles it is told to have."""

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from typing import Any

from shop.gateways.payments import (
    GatewayProblem,
    GwPayment,
    GwReceipt,
    GwRefund,
    Hint,
    Intent,
    Notice,
    ReceiptWish,
    Rejected,
)
from shop.gateways.payments.fake_desk import FakeDesk, wished
from shop.rules.money import decimal, kopecks_of
from shop.rules.receipts import Line, kept, lines_in


@dataclass
class FakeGateway:
    """`troubles` are raised by the next calls, one each: (call, problem, does it happen all the same)."""

    payments: dict[str, GwPayment] = field(default_factory=dict)
    refunds: dict[str, GwRefund] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    troubles: list[tuple[str, GatewayProblem, bool]] = field(default_factory=list)
    next_refund: str = "succeeded"
    has_keys: bool = True
    senders: frozenset[str] = frozenset({"127.0.0.1"})
    lock: Any = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.desk = FakeDesk(self._meet)
        self._inside: dict[str, tuple[Line, ...]] = {}

    def trouble(
        self, call: str, problem: GatewayProblem, *, after: bool = False, times: int = 1
    ) -> None:
        """Let the next `times` calls fail; `after` means that it happens and only the answer is lost."""
        self.troubles += [(call, problem, after)] * times

    def end(self, ref: str, status: str, reason: str = "") -> None:
        """What the customer did on the payment page."""
        payment = replace(self.payments[ref], status=status, cancel_reason=reason, pay_at="")
        if status == "succeeded":
            payment = replace(payment, card_last4="4477", card_scheme="MasterCard")
            if lines := self._inside.pop(ref, ()):
                self.desk.add(ref, "", lines)
        self.payments[ref] = payment

    def notice(self, ref: str, event: str = "payment.succeeded") -> bytes:
        """A notice about it, as the gateway would send it."""
        return json.dumps({"type": "notification", "event": event, "object": {"id": ref}}).encode()

    def _meet(self, call: str, *, after: bool) -> None:
        self.calls += [] if after else [call]
        for trouble in self.troubles:
            if trouble[0] == call and trouble[2] == after:
                self.troubles.remove(trouble)
                raise trouble[1]

    def create(self, request: Mapping[str, Any], key: str) -> GwPayment:
        """Open a payment; the same key twice is one payment."""
        with self.lock:
            self._meet("create", after=False)
            if key not in self.keys:
                ref = str(uuid.uuid4())
                self.keys[key] = ref
                self.payments[ref] = GwPayment(
                    ref=ref,
                    status="pending",
                    amount_kopecks=kopecks_of(request["amount"]["value"]),
                    currency="RUB",
                    is_test=True,
                    metadata=request["metadata"],
                    pay_at=f"http://bank.example/{ref}",
                )
                if "receipt" in request:
                    self._inside[ref] = lines_in(request["receipt"]["lines"])
            self._meet("create", after=True)
            return self.payments[self.keys[key]]

    def fetch(self, ref: str) -> GwPayment:
        """Return a payment as it stands."""
        self._meet("fetch", after=False)
        if ref not in self.payments:
            raise Rejected("not_found")
        return self.payments[ref]

    def capture(self, payment: GwPayment, key: str) -> GwPayment:
        """Take the money of a held payment."""
        self._meet("capture", after=False)
        if self.payments[payment.ref].status == "held":
            self.end(payment.ref, "succeeded")
        self._meet("capture", after=True)
        return self.payments[payment.ref]

    def refund(self, request: Mapping[str, Any], key: str) -> GwRefund:
        """Send money back; the same key twice is one refund."""
        with self.lock:
            self._meet("refund", after=False)
            if key not in self.keys:
                ref = str(uuid.uuid4())
                self.keys[key] = ref
                amount = kopecks_of(request["amount"]["value"])
                self.refunds[ref] = GwRefund(
                    ref=ref,
                    payment_ref=request["payment_id"],
                    status=self.next_refund,
                    amount_kopecks=amount,
                    metadata=request["metadata"],
                    cancel_reason="insufficient_funds" if self.next_refund == "canceled" else "",
                )
                if "receipt" in request:
                    self._inside[ref] = lines_in(request["receipt"]["lines"])
                self.count_refund(ref)
            self._meet("refund", after=True)
            return self.refunds[self.keys[key]]

    def count_refund(self, ref: str) -> None:
        """Once a refund has arrived: tell with the payment what has gone back of it, and make its receipt."""
        refund = self.refunds[ref]
        if refund.status != "succeeded":
            return
        payment = self.payments.get(refund.payment_ref)
        if payment is not None:
            refunded = payment.refunded_kopecks + refund.amount_kopecks
            self.payments[payment.ref] = replace(payment, refunded_kopecks=refunded)
        if lines := self._inside.pop(ref, ()):
            self.desk.add(refund.payment_ref, ref, lines)

    def fetch_refund(self, ref: str) -> GwRefund:
        """Return a refund as it stands."""
        self._meet("fetch_refund", after=False)
        return self.refunds[ref]

    def list_since(self, moment: datetime) -> Iterator[GwPayment]:
        """Return all payments, newest first."""
        self._meet("list_since", after=False)
        return reversed(list(self.payments.values()))

    def refunds_of(self, payment_ref: str) -> Iterator[GwRefund]:
        """Return what was sent back of a payment."""
        self._meet("refunds_of", after=False)
        return iter(
            [refund for refund in self.refunds.values() if refund.payment_ref == payment_ref]
        )

    def request_of(self, intent: Intent) -> dict[str, Any]:
        """Return what to ask for."""
        items = [
            {"amount": {"value": decimal(one.price_kopecks)}, "quantity": one.quantity}
            for one in intent.lines
        ]
        lines = {"items": items, "lines": kept(intent.lines)}
        receipt = {"receipt": lines} if items else {}
        return {
            "amount": {"value": decimal(intent.amount_kopecks)},
            "metadata": {"attempt_id": str(intent.attempt_id)},
            "return_to": intent.return_to,
        } | receipt

    def refund_request_of(
        self,
        *,
        payment_ref: str,
        amount_kopecks: int,
        refund_id: int,
        payment_request: Mapping[str, Any],
        returned_before_kopecks: int | None = None,
    ) -> dict[str, Any]:
        """Return what to ask for to send money back."""
        amount = {"value": decimal(amount_kopecks)}
        return {
            "payment_id": payment_ref,
            "amount": amount,
            "metadata": {"refund_id": str(refund_id)},
        }

    def with_receipt(
        self,
        refund_request: Mapping[str, Any],
        lines: tuple[Line, ...],
        payment_request: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Return what to ask for to send money back together with its receipt."""
        return dict(refund_request) | {"receipt": {"lines": kept(lines)}}

    def receipt_request_of(self, wish: ReceiptWish) -> dict[str, Any]:
        """Return what to ask for to have a receipt made."""
        return wished(wish)

    def register_receipt(self, request: Mapping[str, Any], key: str) -> GwReceipt:
        """Have a receipt made; the same key twice is one receipt."""
        return self.desk.register(request, key)

    def fetch_receipt(self, ref: str) -> GwReceipt:
        """Return a receipt as it stands."""
        return self.desk.fetch(ref)

    def receipts_of(self, *, payment_ref: str = "", refund_ref: str = "") -> Iterator[GwReceipt]:
        """Return the receipts of a payment or of a refund, oldest first."""
        return self.desk.about(payment_ref, refund_ref)

    def hint_in(self, notice: Notice) -> Hint | None:
        """Read a notice."""
        told = json.loads(notice.body)
        return Hint(told["event"], told["object"]["id"])

    def is_sender(self, address: str) -> bool:
        """True for the senders it was given."""
        return address in self.senders
