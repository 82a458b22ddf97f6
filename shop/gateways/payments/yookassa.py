"""YooKassa, API version 3: cards, SBP, SberPay and YooMoney on the gateway's own page."""

import ipaddress
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shop.config import Config
from shop.gateways.payments import (
    GwPayment,
    GwRefund,
    Hint,
    Intent,
    ReceiptLine,
    Rejected,
    Unknown,
)
from shop.rules.money import decimal, kopecks_of

if TYPE_CHECKING:
    from shop.gateways.payments.yookassa_client import Client

# The only notices we listen to. Each is a hint to look, whatever it claims.
EVENTS = {
    "payment.waiting_for_capture": "payment",
    "payment.succeeded": "payment",
    "payment.canceled": "payment",
    "refund.succeeded": "refund",
}
# Ways to pay that the shop may choose beforehand; for any other the customer chooses on the gateway's page.
METHODS = ("bank_card", "sbp", "sberbank", "yoo_money")
STATUSES = {
    "pending": "pending",
    "waiting_for_capture": "held",
    "succeeded": "succeeded",
    "canceled": "canceled",
}
LONGEST_DESCRIPTION = 128
# Receipts, and what the bank shows beside the sum, are in the language of the law.
ORDER, CARRIAGE, OTHER_GOODS = "Заказ {}", "Доставка заказа {}", "Другие товары заказа {}"
# What the gateway's own cash desk takes on one receipt.
MOST_RECEIPT_LINES = 80
LONGEST_REF = 64
# So many payments are looked through for a lost one, and no more.
MOST_PAGES = 10


class YooKassa:
    """The shop's account there."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._networks = tuple(
            ipaddress.ip_network(network) for network in config.yookassa_networks
        )

    @cached_property
    def _client(self) -> "Client":
        # The SDK takes a fifth of a second to import: only whoever pays waits for it.
        from shop.gateways.payments.yookassa_client import Client

        return Client(self._config)

    def create(self, request: Mapping[str, Any], key: str) -> GwPayment:
        """Open a payment; the same key twice is one payment."""
        return _payment(self._client.ask("POST", "/payments", key=key, body=dict(request)))

    def fetch(self, ref: str) -> GwPayment:
        """Return a payment as it stands."""
        return _payment(self._client.ask("GET", f"/payments/{_safe(ref)}"))

    def refund(self, request: Mapping[str, Any], key: str) -> GwRefund:
        """Send money back; the same key twice is one refund."""
        return _refund(self._client.ask("POST", "/refunds", key=key, body=dict(request)))

    def fetch_refund(self, ref: str) -> GwRefund:
        """Return a refund as it stands."""
        return _refund(self._client.ask("GET", f"/refunds/{_safe(ref)}"))

    def list_since(self, moment: datetime) -> Iterator[GwPayment]:
        """Return the payments opened since, newest first."""
        since = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        return (_payment(found) for found in self._listed("/payments", {"created_at.gte": since}))

    def refunds_of(self, payment_ref: str) -> Iterator[GwRefund]:
        """Return what was sent back of a payment."""
        return (_refund(found) for found in self._listed("/refunds", {"payment_id": payment_ref}))

    def _listed(self, path: str, wanted: dict[str, Any]) -> Iterator[dict[str, Any]]:
        cursor: dict[str, Any] = {}
        for _page in range(MOST_PAGES):
            answer = self._client.ask("GET", path, query=wanted | cursor | {"limit": 100})
            yield from answer.get("items", ())
            if not answer.get("next_cursor"):
                return
            cursor = {"cursor": answer["next_cursor"]}

    def request_of(self, intent: Intent) -> dict[str, Any]:
        """Return the body of a new payment: taken at once, with its receipt."""
        method = intent.method if intent.method in METHODS else None
        return {
            "amount": _amount(intent.amount_kopecks),
            "capture": True,
            "confirmation": {"type": "redirect", "return_url": intent.return_to},
            "description": ORDER.format(intent.order_number)[:LONGEST_DESCRIPTION],
            "metadata": {"order": intent.order_number, "attempt_id": str(intent.attempt_id)},
            "receipt": {"customer": {"email": intent.email}, "items": self._receipt_items(intent)},
        } | ({"payment_method_data": {"type": method}} if method else {})

    def refund_request_of(
        self,
        *,
        payment_ref: str,
        amount_kopecks: int,
        refund_id: int,
        payment_request: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Return the body of a refund; a whole one has the receipt of its payment."""
        request: dict[str, Any] = {
            "payment_id": payment_ref,
            "amount": _amount(amount_kopecks),
            "metadata": {"refund_id": str(refund_id)},
        }
        if payment_request.get("amount") == request["amount"] and "receipt" in payment_request:
            request["receipt"] = payment_request["receipt"]
        return request

    def _receipt_items(self, intent: Intent) -> list[dict[str, Any]]:
        """Return the lines of the receipt, equal ones together; they add up to the amount.

        An order of more lines than the cash desk takes names the last ones by their sum: better
        than not to be payable.
        """
        merged: dict[tuple[str, int, bool], int] = {}
        for line in intent.lines:
            name = CARRIAGE.format(intent.order_number) if line.is_service else line.name
            kind = (name, line.price_kopecks, line.is_service)
            merged[kind] = merged.get(kind, 0) + line.quantity
        lines = [
            ReceiptLine(name, quantity, price, service)
            for (name, price, service), quantity in merged.items()
        ]
        if len(lines) > MOST_RECEIPT_LINES:
            rest = sum(
                line.price_kopecks * line.quantity for line in lines[MOST_RECEIPT_LINES - 1 :]
            )
            last = ReceiptLine(OTHER_GOODS.format(intent.order_number), 1, rest)
            lines = [*lines[: MOST_RECEIPT_LINES - 1], last]
        return [self._receipt_item(line) for line in lines]

    def _receipt_item(self, line: ReceiptLine) -> dict[str, Any]:
        return {
            "description": line.name[:LONGEST_DESCRIPTION],
            "quantity": f"{line.quantity}.00",
            "amount": _amount(line.price_kopecks),
            "vat_code": self._config.yookassa_vat_code,
            "payment_subject": "service" if line.is_service else "commodity",
            "payment_mode": "full_prepayment",
        }

    def hint_in(self, body: bytes) -> Hint | None:
        """Read which payment or refund a notice is about; believe nothing else of it."""
        try:
            told = json.loads(body)
            event, ref = told["event"], told["object"]["id"]
        except (ValueError, KeyError, TypeError, RecursionError) as problem:
            raise ValueError("not a notice") from problem
        if not isinstance(ref, str) or not isinstance(event, str):
            raise ValueError("not a notice")
        return Hint(event, ref) if event in EVENTS and _is_ref(ref) else None

    def is_sender(self, address: str) -> bool:
        """True for an address of the networks the owner has named; an IPv4 address may come dressed as IPv6."""
        try:
            given = ipaddress.ip_address(address)
        except ValueError:
            return False
        plain = getattr(given, "ipv4_mapped", None) or given
        return any(plain in network for network in self._networks)


def _is_ref(ref: str) -> bool:
    return 0 < len(ref) <= LONGEST_REF and ref.isascii() and ref.replace("-", "").isalnum()


def _safe(ref: str) -> str:
    """Refuse what would change the address it is put into."""
    if not _is_ref(ref):
        raise Rejected("not_found", "id")
    return ref


def _amount(kopecks: int) -> dict[str, str]:
    return {"value": decimal(kopecks), "currency": "RUB"}


def _payment(told: Mapping[str, Any]) -> GwPayment:
    """Read a payment as it came; the SDK's objects go through floats and lose words they don't know."""
    try:
        method = told.get("payment_method") or {}
        card = method.get("card") or {}
        return GwPayment(
            ref=str(told["id"]),
            status=STATUSES[told["status"]],
            amount_kopecks=kopecks_of(told["amount"]["value"]),
            currency=str(told["amount"]["currency"]),
            is_test=told["test"] is True,
            metadata=_texts(told.get("metadata")),
            pay_at=str((told.get("confirmation") or {}).get("confirmation_url", "")),
            refunded_kopecks=kopecks_of((told.get("refunded_amount") or {}).get("value", "0")),
            card_last4=str(card.get("last4", ""))[-4:],
            card_scheme=str(card.get("card_type", ""))[:20],
            cancel_reason=str((told.get("cancellation_details") or {}).get("reason", ""))[:60],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Unknown("the answer is no payment") from problem


def _refund(told: Mapping[str, Any]) -> GwRefund:
    try:
        return GwRefund(
            ref=str(told["id"]),
            payment_ref=str(told["payment_id"]),
            status=STATUSES[told["status"]],
            amount_kopecks=kopecks_of(told["amount"]["value"]),
            metadata=_texts(told.get("metadata")),
            cancel_reason=str((told.get("cancellation_details") or {}).get("reason", ""))[:60],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Unknown("the answer is no refund") from problem


def _texts(metadata: object) -> dict[str, str]:
    return (
        {str(name): str(value) for name, value in metadata.items()}
        if isinstance(metadata, dict)
        else {}
    )
