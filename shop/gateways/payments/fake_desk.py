"""The cash desk of the gateway for tests: registers at once what it is asked for, or as late as it is told."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from shop.gateways.payments import GwReceipt, ReceiptWish, Rejected
from shop.rules.receipts import Line, Marks, kept, lines_in

# When the desk's clock stands still.
THEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass
class FakeDesk:
    """`next_receipt` is how the next ones stand: succeeded, pending or canceled."""

    meet: Callable[..., None]
    receipts: dict[str, GwReceipt] = field(default_factory=dict)
    keys: dict[str, tuple[str, Any]] = field(default_factory=dict)
    next_receipt: str = "succeeded"
    lock: Any = field(default_factory=Lock)

    def register(self, request: Mapping[str, Any], key: str) -> GwReceipt:
        """Make a receipt; the same key twice is one receipt, with another request it is refused."""
        with self.lock:
            self.meet("register_receipt", after=False)
            if key in self.keys and self.keys[key][1] != request:
                raise Rejected("invalid_request", "Idempotence-Key")
            if key not in self.keys:
                ref = self.add(
                    request["payment_id"], request["refund_id"], lines_in(request["lines"])
                )
                self.keys[key] = (ref, dict(request))
            self.meet("register_receipt", after=True)
            return self.receipts[self.keys[key][0]]

    def add(self, payment_ref: str, refund_ref: str, lines: tuple[Line, ...]) -> str:
        """Keep a receipt, as it stands by `next_receipt`."""
        ref = str(uuid.uuid4())
        told = tuple((one.name, one.quantity, one.price_kopecks, one.mode) for one in lines)
        self.receipts[ref] = GwReceipt(ref, "pending", payment_ref, refund_ref, told)
        self.end(ref, self.next_receipt)
        return ref

    def end(self, ref: str, status: str) -> None:
        """Let a receipt stand so from now on."""
        number = list(self.receipts).index(ref) + 1
        marks = Marks(str(number), "9288000100115785", str(2_617_603_921 + number), THEN)
        reason = "fiscal_data_wrong" if status == "canceled" else ""
        self.receipts[ref] = replace(
            self.receipts[ref],
            status=status,
            marks=marks if status == "succeeded" else None,
            cancel_reason=reason,
        )

    def fetch(self, ref: str) -> GwReceipt:
        """Return a receipt as it stands."""
        self.meet("fetch_receipt", after=False)
        return self.receipts[ref]

    def about(self, payment_ref: str, refund_ref: str) -> Iterator[GwReceipt]:
        """Return the receipts of a payment or a refund, oldest first."""
        self.meet("receipts_of", after=False)
        return iter(
            [
                one
                for one in self.receipts.values()
                if (refund_ref and one.refund_ref == refund_ref)
                or (not refund_ref and one.payment_ref == payment_ref)
            ]
        )


def wished(wish: ReceiptWish) -> dict[str, Any]:
    """Return a wish as it is kept and sent."""
    return {
        "payment_id": wish.payment_ref,
        "refund_id": wish.refund_ref,
        "email": wish.email,
        "lines": kept(wish.lines),
        "settlements": kept(wish.settlements),
    }
