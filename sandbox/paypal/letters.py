"""Notices as PayPal writes them; the signature travels in headers and is checked by asking PayPal."""

import base64
import hashlib
import hmac
import json
import uuid
import zlib
from datetime import UTC, datetime

from .objects import capture_object, order_object, refund_object

TYPES = {
    "payment.held": "CHECKOUT.ORDER.APPROVED",
    "payment.succeeded": "PAYMENT.CAPTURE.COMPLETED",
    "payment.canceled": "PAYMENT.CAPTURE.DECLINED",
    "refund.succeeded": "PAYMENT.CAPTURE.REFUNDED",
    "refund.canceled": "PAYMENT.REFUND.FAILED",
}
ALGORITHM = "SHA256withRSA"


class PayPalLetters:
    """Writes notices and signs them. In place of an RSA key stands a secret that only this PayPal knows."""

    def __init__(self, secret: str, webhook_id: str):
        self._key = f"signing-{secret}".encode()
        self._webhook_id = webhook_id

    def write(self, event: str, about: dict) -> bytes:
        """Return what the shop will read."""
        resource = _resource(event, about)
        notice = {
            "id": f"WH-{uuid.uuid4()}",
            "event_version": "1.0",
            "create_time": _now(),
            "resource_type": "capture"
            if event == "payment.succeeded"
            else event.split(".", maxsplit=1)[0],
            "event_type": TYPES.get(event, event),
            "resource": resource,
        }
        return json.dumps(notice).encode()

    def addressed(self, url: str, body: bytes) -> dict:
        """Return the request that hands it over, signed at that moment."""
        number, moment = str(uuid.uuid4()), _now()
        headers = {
            "Content-Type": "application/json",
            "Paypal-Auth-Algo": ALGORITHM,
            "Paypal-Cert-Url": "https://api.sandbox.paypal.com/v1/notifications/certs/sandbox",
            "Paypal-Transmission-Id": number,
            "Paypal-Transmission-Sig": self.signature(number, moment, self._webhook_id, body),
            "Paypal-Transmission-Time": moment,
        }
        return {"method": "POST", "url": url, "data": body, "headers": headers}

    def signature(self, number: str, moment: str, webhook_id: str, body: bytes) -> str:
        """Return the signature over what PayPal signs: the transmission, the webhook, the body's checksum."""
        text = f"{number}|{moment}|{webhook_id}|{zlib.crc32(body)}".encode()
        return base64.b64encode(hmac.new(self._key, text, hashlib.sha256).digest()).decode()


def _resource(event: str, about: dict) -> dict:
    if event.startswith("refund."):
        return refund_object(about["refund"], about["details"]["capture_id"], "")
    if event == "payment.held":
        return order_object(about, [], "")
    return capture_object(about, "")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
