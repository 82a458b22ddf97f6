"""Notices as WebMoney writes them: the fields of a form, signed by a hash that has the shop's secret in it."""

import hashlib
from datetime import timedelta
from urllib.parse import urlencode

from ..bank.clock import moment_of

PAYER_PURSE, PAYER_WM = "P900000000001", "900000000001"
_MOSCOW = timedelta(hours=3)


class WebMoneyLetters:
    """Writes notices; the signature is a field among the others."""

    def __init__(self, secret: str):
        self._secret = secret

    def write(self, event: str, about: dict) -> bytes:
        """Return what the shop will read."""
        fields = told_fields(about)
        fields |= {
            "LMI_SYS_INVS_NO": str(about["number"]),
            "LMI_SYS_TRANS_NO": str(1_000_000 + about["number"]),
            "LMI_SYS_TRANS_DATE": moment(about["paid_at"]),
        }
        return urlencode(fields | {"LMI_HASH": self._hash(fields)}).encode()

    def addressed(self, url: str, body: bytes) -> dict:
        """Return the request that hands it over."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return {"method": "POST", "url": url, "data": body, "headers": headers}

    def _hash(self, fields: dict) -> str:
        signed = (
            fields["LMI_PAYEE_PURSE"],
            fields["LMI_PAYMENT_AMOUNT"],
            fields["LMI_PAYMENT_NO"],
            fields["LMI_MODE"],
            fields["LMI_SYS_INVS_NO"],
            fields["LMI_SYS_TRANS_NO"],
            fields["LMI_SYS_TRANS_DATE"],
            self._secret,
            fields["LMI_PAYER_PURSE"],
            fields["LMI_PAYER_WM"],
        )
        return hashlib.sha256("".join(signed).encode()).hexdigest().upper()


def told_fields(told: dict) -> dict:
    """Return what both the question before and the notice after say; the shop's own fields come back as they came."""
    details = told["details"]
    own = {name: value for name, value in details.items() if not name.startswith("LMI_")}
    return own | {
        "LMI_MODE": "0",
        "LMI_PAYMENT_AMOUNT": told["amount"]["value"],
        "LMI_PAYEE_PURSE": details["LMI_PAYEE_PURSE"],
        "LMI_PAYMENT_NO": details["LMI_PAYMENT_NO"],
        "LMI_PAYER_PURSE": PAYER_PURSE,
        "LMI_PAYER_WM": PAYER_WM,
    }


def moment(milliseconds: int) -> str:
    """Write a moment as WebMoney does: 20261126 15:04:05, Moscow time."""
    return (moment_of(milliseconds) + _MOSCOW).strftime("%Y%m%d %H:%M:%S")
