"""PayPal, Orders version 2: the customer agrees on PayPal's page, the shop takes the money afterwards."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from shop.config import Config
from shop.gateways.payments import (
    GatewayProblem,
    GwPayment,
    GwRefund,
    Hint,
    Intent,
    Notice,
    Rejected,
    Unknown,
)
from shop.gateways.payments.calls import is_ref, is_this_machine, purpose_of, safe
from shop.gateways.payments.paypal.client import Client
from shop.gateways.payments.paypal.reading import (
    capture_in,
    capture_of,
    order_of,
    payment_in,
    refund_in,
    refunds_in,
)
from shop.gateways.payments.senders import Senders
from shop.rules.money import decimal

# The only notices we listen to, and our word for each.
EVENTS = {
    "CHECKOUT.ORDER.APPROVED": "payment.held",
    "CHECKOUT.PAYMENT-APPROVAL.REVERSED": "payment.canceled",
    "PAYMENT.CAPTURE.COMPLETED": "payment.succeeded",
    "PAYMENT.CAPTURE.DECLINED": "payment.canceled",
    "PAYMENT.CAPTURE.DENIED": "payment.canceled",
    "PAYMENT.CAPTURE.REFUNDED": "refund.succeeded",
    "PAYMENT.REFUND.FAILED": "refund.canceled",
}
# What PayPal wants to see again when asked whether it has signed a notice, and in which header it stands.
SIGNED = {
    "auth_algo": "paypal-auth-algo",
    "cert_url": "paypal-cert-url",
    "transmission_id": "paypal-transmission-id",
    "transmission_sig": "paypal-transmission-sig",
    "transmission_time": "paypal-transmission-time",
}
# Refusals to take money that only mean: look how the order stands.
LOOK_AGAIN = {"ORDER_ALREADY_CAPTURED", "ORDER_NOT_APPROVED"}
# The customer has agreed, and now the bank behind PayPal refuses.
DECLINED = {"INSTRUMENT_DECLINED", "TRANSACTION_REFUSED", "PAYER_CANNOT_PAY"}


class PayPal:
    """The shop's account there. Money is in roubles, which PayPal itself doesn't take: see docs/payments.md."""

    has_keys = True

    def __init__(self, config: Config) -> None:
        self._config = config
        self._client = Client(config)
        self._senders = Senders(config.paypal_networks)
        host = urlsplit(config.paypal_api_url).hostname or ""
        self._is_test = is_this_machine(config.paypal_api_url) or ".sandbox." in host

    def create(self, request: Mapping[str, Any], key: str) -> GwPayment:
        """Open an order; the same key twice is one order."""
        with self._client.turn() as paypal:
            return self._read(paypal.ask("POST", "/v2/checkout/orders", key=key, body=request))

    def fetch(self, ref: str) -> GwPayment:
        """Return an order as it stands."""
        with self._client.turn() as paypal:
            return self._read(paypal.ask("GET", f"/v2/checkout/orders/{safe(ref)}"))

    def capture(self, payment: GwPayment, key: str) -> GwPayment:
        """Take the money of an order its customer has agreed to."""
        path = f"/v2/checkout/orders/{safe(payment.ref)}"
        with self._client.turn() as paypal:
            try:
                return self._read(paypal.ask("POST", f"{path}/capture", key=key, body={}))
            except Rejected as problem:
                if problem.code in DECLINED:
                    return replace(payment, status="canceled", cancel_reason="general_decline")
                if problem.code not in LOOK_AGAIN:
                    raise
            return self._read(paypal.ask("GET", path))

    def refund(self, request: Mapping[str, Any], key: str) -> GwRefund:
        """Send money back; the same key twice is one refund."""
        ref = request["order_id"]
        body = {name: value for name, value in request.items() if name != "order_id"}
        with self._client.turn() as paypal:
            taken = capture_in(paypal.ask("GET", f"/v2/checkout/orders/{safe(ref)}"))
            if not taken:
                raise Rejected("nothing_was_taken", "order_id")
            path = f"/v2/payments/captures/{safe(taken)}/refund"
            return refund_in(paypal.ask("POST", path, key=key, body=body), ref)

    def fetch_refund(self, ref: str) -> GwRefund:
        """Return a refund as it stands; which order it is of, only its capture knows."""
        with self._client.turn() as paypal:
            found = paypal.ask("GET", f"/v2/payments/refunds/{safe(ref)}")
            taken = paypal.ask("GET", f"/v2/payments/captures/{safe(capture_of(found))}")
            order = order_of(taken)
        if not order:
            raise Unknown("the refund belongs to no order")
        return refund_in(found, order)

    def list_since(self, moment: datetime) -> Iterator[GwPayment]:
        """Return nothing: PayPal lists no orders. One whose answer was lost takes no money, for nobody takes it."""
        return iter(())

    def refunds_of(self, payment_ref: str) -> Iterator[GwRefund]:
        """Return what was sent back of an order."""
        with self._client.turn() as paypal:
            return refunds_in(paypal.ask("GET", f"/v2/checkout/orders/{safe(payment_ref)}"))

    def request_of(self, intent: Intent) -> dict[str, Any]:
        """Return the body of a new order."""
        unit = {
            "amount": _amount(intent.amount_kopecks),
            "custom_id": str(intent.attempt_id),
            "invoice_id": f"{intent.order_number}-{intent.attempt_id}",
            "description": purpose_of(intent),
        }
        context = {
            "return_url": intent.return_to,
            "cancel_url": intent.return_to,
            "user_action": "PAY_NOW",
            "shipping_preference": "NO_SHIPPING",
            "locale": "ru-RU",
        }
        return {
            "intent": "CAPTURE",
            "purchase_units": [unit],
            "payment_source": {"paypal": {"experience_context": context}},
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
        """Return the body of a refund, and the order it is of."""
        return {
            "order_id": payment_ref,
            "amount": _amount(amount_kopecks),
            "custom_id": str(refund_id),
        }

    def hint_in(self, notice: Notice) -> Hint | None:
        """Read which order or refund a notice is about, once PayPal says that it is its own."""
        try:
            told = json.loads(notice.body)
            event = EVENTS.get(told["event_type"], "")
            ref = _ref_in(event, told["resource"])
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            raise ValueError("not a notice") from problem
        if not event or not is_ref(ref):
            return None
        self._check_signature(notice)
        return Hint(event, ref)

    def is_sender(self, address: str) -> bool:
        """True for an address of the networks the owner has named."""
        return address in self._senders

    def _check_signature(self, notice: Notice) -> None:
        """Ask PayPal whether it has signed this; while it cannot say, the notice is not taken: it comes again.

        :raises ValueError: when it hasn't, or cannot say.
        """
        claim = {name: notice.headers.get(header, "") for name, header in SIGNED.items()}
        if not all(claim.values()):
            raise ValueError("not signed")
        claim["webhook_id"] = self._config.paypal_webhook_id
        # The body goes along byte for byte: written anew, its signature might not fit.
        start = json.dumps(claim)[:-1].encode()
        raw = start + b', "webhook_event": ' + notice.body + b"}"
        path = "/v1/notifications/verify-webhook-signature"
        try:
            with self._client.turn() as paypal:
                answer = paypal.ask("POST", path, raw=raw)
        except GatewayProblem as problem:
            raise ValueError("nobody knows who signed it") from problem
        if answer.get("verification_status") != "SUCCESS":
            raise ValueError("wrong signature")

    def _read(self, told: Mapping[str, Any]) -> GwPayment:
        return payment_in(told, is_test=self._is_test)


def _ref_in(event: str, about: Mapping[str, Any]) -> str:
    if event.startswith("refund."):
        return str(about["id"])
    return order_of(about) or str(about.get("order_id") or about["id"])


def _amount(kopecks: int) -> dict[str, str]:
    return {"currency_code": "RUB", "value": decimal(kopecks)}
