"""Gateways that take money, all spoken to in the same words whoever stands behind.

Each is a folder of one shape: `adapter.py` has the class that speaks these words, `client.py` the calls over
the network, `reading.py` what its answers mean.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol, cast

from flask import current_app

from shop.rules.receipts import Line, Marks, Settlement


class GatewayProblem(Exception):
    """The gateway did not do what it was asked."""


class Rejected(GatewayProblem):
    """It said no, for good: nothing has happened, and asking again is senseless."""

    def __init__(self, code: str, parameter: str = "") -> None:
        super().__init__(f"{code} {parameter}".strip())
        self.code = code
        self.parameter = parameter


class Unauthorized(GatewayProblem):
    """It doesn't know us: the owner must look at the shop's id and key."""


class RateLimited(GatewayProblem):
    """It has had enough of us for `retry_after` seconds; nothing has happened."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"again in {retry_after} s")
        self.retry_after = retry_after


class Unknown(GatewayProblem):
    """Nobody knows whether it happened: ask again with the same key."""


@dataclass(frozen=True, slots=True)
class GwPayment:
    """A payment as the gateway has it. Status: pending, held, succeeded or canceled."""

    ref: str
    status: str
    amount_kopecks: int
    currency: str
    is_test: bool
    metadata: Mapping[str, str] = field(default_factory=dict)
    # Where the customer pays; with `pay_form`, by a form sent there with these hidden fields.
    pay_at: str = ""
    pay_form: Mapping[str, str] = field(default_factory=dict)
    refunded_kopecks: int = 0
    # How much of the amount the payer gave in the bank's own bonuses; the bank makes it good to the shop.
    bonus_kopecks: int = 0
    card_last4: str = ""
    card_scheme: str = ""
    cancel_reason: str = ""


@dataclass(frozen=True, slots=True)
class GwRefund:
    """Money on its way back, as the gateway has it. Status: pending, succeeded or canceled."""

    ref: str
    payment_ref: str
    status: str
    amount_kopecks: int
    metadata: Mapping[str, str] = field(default_factory=dict)
    cancel_reason: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What came through the door, as it came. Names of headers are in lower case."""

    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Hint:
    """What a notice is about. It may be forged, so it says only where to look.

    `event` is payment.held, payment.succeeded, payment.canceled, refund.succeeded or refund.canceled, and `ref` the
    payment's or refund's. Some gateways ask before they take the money whether such a payment is `welcome`; they are
    answered at once, by `answer` or by a refusal.
    """

    event: str
    ref: str
    welcome: GwPayment | None = None
    answer: str = "ok\n"


class Gateway(Protocol):
    """What every gateway can do. Each call may raise any GatewayProblem, and never takes longer than 6 seconds."""

    # False where the same key twice would send money back twice: then only its sums tell what has happened.
    has_keys: bool

    def create(self, request: Mapping[str, Any], key: str) -> GwPayment:
        """Open the payment that `request_of` described; the same key twice is one payment."""
        ...

    def fetch(self, ref: str) -> GwPayment:
        """Return a payment as it stands."""
        ...

    def capture(self, payment: GwPayment, key: str) -> GwPayment:
        """Take the money of a payment that is held; the same key twice takes it once."""
        ...

    def refund(self, request: Mapping[str, Any], key: str) -> GwRefund:
        """Send money back; the same key twice is one refund."""
        ...

    def fetch_refund(self, ref: str) -> GwRefund:
        """Return a refund as it stands."""
        ...

    def list_since(self, moment: datetime) -> Iterator[GwPayment]:
        """Return the payments opened since, newest first: where a lost answer is looked for.

        :raises Unknown: at the end of a list that is longer than is read: what isn't in it may be there all the same.
        """
        ...

    def refunds_of(self, payment_ref: str) -> Iterator[GwRefund]:
        """Return what was sent back of a payment."""
        ...

    def request_of(self, intent: "Intent") -> dict[str, Any]:
        """Return what to ask for, as it is kept and sent; JSON-able."""
        ...

    def refund_request_of(
        self,
        *,
        payment_ref: str,
        amount_kopecks: int,
        refund_id: int,
        payment_request: Mapping[str, Any],
        returned_before_kopecks: int | None = None,
    ) -> dict[str, Any]:
        """Return what to ask for to send money back, as it is sent.

        `returned_before_kopecks` is the sum of this payment's earlier refunds that haven't failed: a gateway
        that keeps no numbers of refunds tells them apart by it.
        """
        ...

    def hint_in(self, notice: Notice) -> Hint | None:
        """Read a notice; None when it is about nothing of ours.

        :raises ValueError: when it isn't a notice at all, or its signature is wrong.
        """
        ...

    def is_sender(self, address: str) -> bool:
        """True when notices may come from this address."""
        ...


@dataclass(frozen=True, slots=True)
class Intent:
    """A wish to be paid."""

    order_number: str
    attempt_id: int
    amount_kopecks: int
    method: str
    return_to: str
    email: str
    # What stands on the receipt that goes with the payment; none when it has none, or goes apart.
    lines: tuple[Line, ...] = ()
    is_certificate: bool = False


@dataclass(frozen=True, slots=True)
class ReceiptWish:
    """A receipt to be made apart from its payment: of a refund when `refund_ref` says of which."""

    payment_ref: str
    refund_ref: str
    email: str
    lines: tuple[Line, ...]
    settlements: tuple[Settlement, ...]


@dataclass(frozen=True, slots=True)
class GwReceipt:
    """A receipt as the gateway has it. Status: pending, succeeded or canceled; `marks` once it is registered.

    `lines` are (name, quantity, kopecks a piece, mode).
    """

    ref: str
    status: str
    payment_ref: str
    refund_ref: str
    lines: tuple[tuple[str, int, int, str], ...]
    marks: Marks | None = None
    cancel_reason: str = ""


class CashDesk(Protocol):
    """What gateways can do that have a cash desk (rules/receipts.CASH_DESKS). Troubles and times are as above."""

    def with_receipt(
        self,
        refund_request: Mapping[str, Any],
        lines: tuple[Line, ...],
        payment_request: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Return what to ask for to send money back together with its receipt."""
        ...

    def receipt_request_of(self, wish: ReceiptWish) -> dict[str, Any]:
        """Return what to ask for to have a receipt made, as it is kept and sent; JSON-able."""
        ...

    def register_receipt(self, request: Mapping[str, Any], key: str) -> GwReceipt:
        """Have a receipt made; the same key twice is one receipt."""
        ...

    def fetch_receipt(self, ref: str) -> GwReceipt:
        """Return a receipt as it stands."""
        ...

    def receipts_of(self, *, payment_ref: str = "", refund_ref: str = "") -> Iterator[GwReceipt]:
        """Return the receipts of a payment or of a refund, oldest first, however they came there."""
        ...


# The folder of each, and its class there.
PROVIDERS: Mapping[str, str] = {
    "yookassa": "YooKassa",
    "sber": "Sber",
    "paypal": "PayPal",
    "webmoney": "WebMoney",
    "qiwi": "Qiwi",
}


def gateway_of(code: str) -> Gateway:
    """Return the gateway called `code`, made when it is first needed.

    :raises KeyError: when the shop knows no such gateway.
    """
    open_ones: dict[str, Gateway] = current_app.extensions.setdefault("shop_gateways", {})
    if code not in open_ones:
        kind = getattr(import_module(f"shop.gateways.payments.{code}"), PROVIDERS[code])
        open_ones[code] = kind(current_app.extensions["shop_config"])
    return open_ones[code]


def cash_desk_of(code: str) -> CashDesk:
    """Return the gateway called `code`, one of rules/receipts.CASH_DESKS, as what makes receipts."""
    return cast(CashDesk, gateway_of(code))
