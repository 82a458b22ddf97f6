"""Notices as QIWI writes them: the bill, and a signature of it in a header."""

import hashlib
import hmac
import json

from .objects import SITE, bill_object


class QiwiLetters:
    """Writes notices and signs them with the shop's own secret key."""

    def __init__(self, secret: str):
        self._key = secret.encode()

    def write(self, event: str, about: dict) -> bytes:
        """Return what the shop will read; a lie about the state is a lie in the bill."""
        bill = bill_object(about | {"status": event.split(".")[1]}, "")
        return json.dumps({"bill": bill, "version": "1"}).encode()

    def addressed(self, url: str, body: bytes) -> dict:
        """Return the request that hands it over."""
        headers = {
            "Content-Type": "application/json",
            "X-Api-Signature-SHA256": self._signature(body),
        }
        return {"method": "POST", "url": url, "data": body, "headers": headers}

    def _signature(self, body: bytes) -> str:
        try:
            bill = json.loads(body)["bill"]
        except ValueError:
            return ""  # Cut short on its way: nothing is left to sign.
        amount = bill["amount"]
        signed = (
            amount["currency"],
            amount["value"],
            bill["billId"],
            SITE,
            bill["status"]["value"],
        )
        return hmac.new(self._key, "|".join(signed).encode(), hashlib.sha256).hexdigest()
