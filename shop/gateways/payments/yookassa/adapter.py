"""YooKassa, API version 3: cards, SBP, SberPay and YooMoney on the gateway's own page."""

import ipaddress
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shop.config import Config
from shop.gateways.payments import (
    GwPayment,
    GwRefund,
    Hint,
    Intent,
    Notice,
    ReceiptLine,
    Rejected,
)
from shop.gateways.payments.yookassa.reading import payment_in, refund_in
from shop.rules.money import decimal

if TYPE_CHECKING:
    from shop.gateways.payments.yookassa.client import Client

# The only notices we listen to, and our word for each. They are hints to look, whatever they claim.
EVENTS = {
    "payment.waiting_for_capture": "payment.held",
    "payment.succeeded": "payment.succeeded",
    "payment.canceled": "payment.canceled",
    "refund.succeeded": "refund.succeeded",
}
# Ways to pay that the shop may choose beforehand; for any other the customer chooses on the gateway's page.
METHODS = {"bank_card": "bank_card", "sbp": "sbp", "sberpay": "sberbank", "yoo_money": "yoo_money"}
LONGEST_DESCRIPTION = 128
# Receipts, and what the bank shows beside the sum, are in the language of the law.
ORDER, CARRIAGE, OTHER_GOODS = "Заказ {}", "Доставка заказа {}", "Другие товары заказа {}"
CERTIFICATE = "Подарочный сертификат {}"
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
        from shop.gateways.payments.yookassa.client import Client

        return Client(self._config)

    def create(self, request: Mapping[str, Any], key: str) -> GwPayment:
        """Open a payment; the same key twice is one payment."""
        return payment_in(self._client.ask("POST", "/payments", key=key, body=dict(request)))

    def fetch(self, ref: str) -> GwPayment:
        """Return a payment as it stands."""
        return payment_in(self._client.ask("GET", f"/payments/{_safe(ref)}"))

    def capture(self, payment: GwPayment, key: str) -> GwPayment:
        """Take all of a held payment."""
        body = {"amount": _amount(payment.amount_kopecks)}
        path = f"/payments/{_safe(payment.ref)}/capture"
        return payment_in(self._client.ask("POST", path, key=key, body=body))

    def refund(self, request: Mapping[str, Any], key: str) -> GwRefund:
        """Send money back; the same key twice is one refund."""
        return refund_in(self._client.ask("POST", "/refunds", key=key, body=dict(request)))

    def fetch_refund(self, ref: str) -> GwRefund:
        """Return a refund as it stands."""
        return refund_in(self._client.ask("GET", f"/refunds/{_safe(ref)}"))

    def list_since(self, moment: datetime) -> Iterator[GwPayment]:
        """Return the payments opened since, newest first."""
        since = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        return (payment_in(found) for found in self._listed("/payments", {"created_at.gte": since}))

    def refunds_of(self, payment_ref: str) -> Iterator[GwRefund]:
        """Return what was sent back of a payment."""
        return (refund_in(found) for found in self._listed("/refunds", {"payment_id": payment_ref}))

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
        method = METHODS.get(intent.method)
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
        returned_before_kopecks: int | None = None,
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
        merged: dict[ReceiptLine, int] = {}
        for line in intent.lines:
            kind = replace(line, name=_name_of(line, intent.order_number), quantity=1)
            merged[kind] = merged.get(kind, 0) + line.quantity
        lines = [replace(kind, quantity=quantity) for kind, quantity in merged.items()]
        if len(lines) > MOST_RECEIPT_LINES:
            rest = sum(
                line.price_kopecks * line.quantity for line in lines[MOST_RECEIPT_LINES - 1 :]
            )
            last = ReceiptLine(OTHER_GOODS.format(intent.order_number), 1, rest)
            lines = [*lines[: MOST_RECEIPT_LINES - 1], last]
        return [self._receipt_item(line) for line in lines]

    def _receipt_item(self, line: ReceiptLine) -> dict[str, Any]:
        subject = "service" if line.is_service else "commodity"
        return {
            "description": line.name[:LONGEST_DESCRIPTION],
            "quantity": f"{line.quantity}.00",
            "amount": _amount(line.price_kopecks),
            "vat_code": self._config.yookassa_vat_code,
            "payment_subject": "payment" if line.is_advance else subject,
            "payment_mode": "advance" if line.is_advance else "full_prepayment",
        }

    def hint_in(self, notice: Notice) -> Hint | None:
        """Read which payment or refund a notice is about; believe nothing else of it."""
        try:
            told = json.loads(notice.body)
            event, ref = told["event"], told["object"]["id"]
        except (ValueError, KeyError, TypeError, RecursionError) as problem:
            raise ValueError("not a notice") from problem
        if not isinstance(ref, str) or not isinstance(event, str):
            raise ValueError("not a notice")
        return Hint(EVENTS[event], ref) if event in EVENTS and _is_ref(ref) else None

    def is_sender(self, address: str) -> bool:
        """True for an address of the networks the owner has named; an IPv4 address may come dressed as IPv6."""
        try:
            given = ipaddress.ip_address(address)
        except ValueError:
            return False
        plain = getattr(given, "ipv4_mapped", None) or given
        return any(plain in network for network in self._networks)


def _name_of(line: ReceiptLine, number: str) -> str:
    if line.is_advance:
        return CERTIFICATE.format(number)
    return CARRIAGE.format(number) if line.is_service else line.name


def _is_ref(ref: str) -> bool:
    return 0 < len(ref) <= LONGEST_REF and ref.isascii() and ref.replace("-", "").isalnum()


def _safe(ref: str) -> str:
    """Refuse what would change the address it is put into."""
    if not _is_ref(ref):
        raise Rejected("not_found", "id")
    return ref


def _amount(kopecks: int) -> dict[str, str]:
    return {"value": decimal(kopecks), "currency": "RUB"}
