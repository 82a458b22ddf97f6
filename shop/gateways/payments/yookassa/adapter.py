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
    GwReceipt,
    GwRefund,
    Hint,
    Intent,
    Notice,
    ReceiptWish,
    Rejected,
    Unknown,
)
from shop.gateways.payments.calls import purpose_of
from shop.gateways.payments.yookassa.reading import payment_in, receipt_in, refund_in
from shop.gateways.payments.yookassa.writing import amount_of, item_of, receipt_body
from shop.rules.receipts import Line

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
LONGEST_REF = 64
# A longer list is not taken for the whole of it.
PAGE_SIZE, MOST_PAGES = 100, 100


class YooKassa:
    """The shop's account there."""

    has_keys = True

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
        body = {"amount": amount_of(payment.amount_kopecks)}
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
            answer = self._client.ask("GET", path, query=wanted | cursor | {"limit": PAGE_SIZE})
            yield from answer.get("items", ())
            if not answer.get("next_cursor"):
                return
            cursor = {"cursor": answer["next_cursor"]}
        raise Unknown("its list is longer than the shop reads")

    def request_of(self, intent: Intent) -> dict[str, Any]:
        """Return the body of a new payment: taken at once, with its receipt if one goes with it."""
        method = METHODS.get(intent.method)
        items = [item_of(line) for line in intent.lines]
        return {
            "amount": amount_of(intent.amount_kopecks),
            "capture": True,
            "confirmation": {"type": "redirect", "return_url": intent.return_to},
            "description": purpose_of(intent)[:LONGEST_DESCRIPTION],
            "metadata": {"order": intent.order_number, "attempt_id": str(intent.attempt_id)},
            **({"receipt": {"customer": {"email": intent.email}, "items": items}} if items else {}),
            **({"payment_method_data": {"type": method}} if method else {}),
        }

    def refund_request_of(
        self,
        *,
        payment_ref: str,
        amount_kopecks: int,
        refund_id: int,
        payment_request: Mapping[str, Any],
        returned_before_kopecks: int | None = None,
    ) -> dict[str, Any]:
        """Return the body of a refund; `with_receipt` adds its receipt."""
        return {
            "payment_id": payment_ref,
            "amount": amount_of(amount_kopecks),
            "metadata": {"refund_id": str(refund_id)},
        }

    def with_receipt(
        self,
        refund_request: Mapping[str, Any],
        lines: tuple[Line, ...],
        payment_request: Mapping[str, Any],
    ) -> dict[str, Any]:
        """Return the body of a refund with its receipt, for the mailbox that the payment's went to."""
        customer = payment_request["receipt"]["customer"]
        receipt = {"customer": customer, "items": [item_of(line) for line in lines]}
        return dict(refund_request) | {"receipt": receipt}

    def receipt_request_of(self, wish: ReceiptWish) -> dict[str, Any]:
        """Return the body of a receipt that goes apart."""
        return receipt_body(wish)

    def register_receipt(self, request: Mapping[str, Any], key: str) -> GwReceipt:
        """Have a receipt made; the same key twice is one receipt."""
        return receipt_in(self._client.ask("POST", "/receipts", key=key, body=dict(request)))

    def fetch_receipt(self, ref: str) -> GwReceipt:
        """Return a receipt as it stands."""
        return receipt_in(self._client.ask("GET", f"/receipts/{_safe(ref)}"))

    def receipts_of(self, *, payment_ref: str = "", refund_ref: str = "") -> Iterator[GwReceipt]:
        """Return the receipts of a payment or of a refund, oldest first."""
        wanted = {"refund_id": refund_ref} if refund_ref else {"payment_id": payment_ref}
        return reversed([receipt_in(found) for found in self._listed("/receipts", wanted)])

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


def _is_ref(ref: str) -> bool:
    return 0 < len(ref) <= LONGEST_REF and ref.isascii() and ref.replace("-", "").isalnum()


def _safe(ref: str) -> str:
    """Refuse what would change the address it is put into."""
    if not _is_ref(ref):
        raise Rejected("not_found", "id")
    return ref
