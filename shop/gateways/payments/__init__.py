"""Gateways that take money, all spoken to in the same words whoever stands behind."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from flask import current_app

from shop.config import Config


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
    pay_at: str = ""
    refunded_kopecks: int = 0
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
class Hint:
    """What a notice is about. It may be forged, so it says only where to look: "payment" or "refund", and which."""

    event: str
    ref: str


class Gateway(Protocol):
    """What every gateway can do. Each call may raise any GatewayProblem, and never takes longer than 6 seconds."""

    def create(self, request: Mapping[str, Any], key: str) -> GwPayment:
        """Open the payment that `request_of` described; the same key twice is one payment."""
        ...

    def fetch(self, ref: str) -> GwPayment:
        """Return a payment as it stands."""
        ...

    def refund(self, request: Mapping[str, Any], key: str) -> GwRefund:
        """Send money back; the same key twice is one refund."""
        ...

    def fetch_refund(self, ref: str) -> GwRefund:
        """Return a refund as it stands."""
        ...

    def list_since(self, moment: datetime) -> Iterator[GwPayment]:
        """Return the payments opened since, newest first: where a lost answer is looked for."""
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
    ) -> dict[str, Any]:
        """Return what to ask for to send money back, as it is sent."""
        ...

    def hint_in(self, body: bytes) -> Hint | None:
        """Read a notice; None when it is about nothing of ours.

        :raises ValueError: when it isn't a notice at all.
        """
        ...

    def is_sender(self, address: str) -> bool:
        """True when notices may come from this address."""
        ...


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One line of the fiscal receipt: goods, or the service of carrying them, which needs no name."""

    name: str
    quantity: int
    price_kopecks: int
    is_service: bool = False


@dataclass(frozen=True, slots=True)
class Intent:
    """A wish to be paid."""

    order_number: str
    attempt_id: int
    amount_kopecks: int
    method: str
    return_to: str
    email: str
    lines: tuple[ReceiptLine, ...]


def _yookassa(config: Config) -> Gateway:
    from shop.gateways.payments.yookassa import YooKassa

    return YooKassa(config)


PROVIDERS: Mapping[str, Callable[[Config], Gateway]] = {"yookassa": _yookassa}


def gateway_of(code: str) -> Gateway:
    """Return the gateway called `code`, made when it is first needed.

    :raises KeyError: when the shop knows no such gateway.
    """
    open_ones: dict[str, Gateway] = current_app.extensions.setdefault("shop_gateways", {})
    if code not in open_ones:
        open_ones[code] = PROVIDERS[code](current_app.extensions["shop_config"])
    return open_ones[code]
