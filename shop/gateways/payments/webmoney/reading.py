"""What WebMoney answers and tells: XML of interface X18, and the fields of its forms."""

import hashlib
import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from shop.gateways.payments import Unauthorized, Unknown
from shop.rules.money import kopecks_of

log = logging.getLogger("shop.payments")

# What X18 says instead of a payment.
NOT_PAID = {"7", "8", "9", "10", "11", "12"}
REFUSED_BY_PAYER = {"13", "14"}
NOT_KNOWN_TO_US = {"-2", "-3", "-6", "-7", "1", "2", "3", "4", "6"}
# The fields whose values, one after the other, are signed; the secret stands between.
SIGNED_BEFORE = (
    "LMI_PAYEE_PURSE",
    "LMI_PAYMENT_AMOUNT",
    "LMI_PAYMENT_NO",
    "LMI_MODE",
    "LMI_SYS_INVS_NO",
    "LMI_SYS_TRANS_NO",
    "LMI_SYS_TRANS_DATE",
)
SIGNED_AFTER = ("LMI_PAYER_PURSE", "LMI_PAYER_WM")
# The money of a purse, by its letter. Rouble purses are R and P.
CURRENCIES = {"R": "RUB", "P": "RUB", "Z": "USD", "E": "EUR"}


def currency_of(purse: str) -> str:
    """Return the currency a purse holds."""
    return CURRENCIES.get(purse[:1].upper(), "WM")


@dataclass(frozen=True, slots=True)
class Found:
    """What X18 knows of a payment: status pending, succeeded or canceled, and how much came (kopecks)."""

    status: str
    amount_kopecks: int | None = None


def found_in(body: bytes) -> Found:
    """Read an answer of X18.

    :raises Unauthorized: when it doesn't know the shop.
    :raises Unknown: when it says nothing.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        told = etree.fromstring(body, parser)
        code = (told.findtext("retval") or "").strip()
        amount = told.findtext("operation/amount")
        if told.tag == "merchant.response" and code == "0" and amount is not None:
            return Found("succeeded", kopecks_of(amount))
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise Unknown("not an answer of the gateway's") from problem
    if code in NOT_KNOWN_TO_US:
        log.error("the gateway refuses the shop's purse or key: %s", code)
        raise Unauthorized(code)
    if code in REFUSED_BY_PAYER:
        return Found("canceled")
    if code in NOT_PAID:
        return Found("pending")
    raise Unknown(f"it answered {code[:20]}")


def is_signed(told: Mapping[str, str], secret: str) -> bool:
    """True when WebMoney, which knows the secret, wrote this notice."""
    before = "".join(told.get(name, "") for name in SIGNED_BEFORE)
    after = "".join(told.get(name, "") for name in SIGNED_AFTER)
    true = hashlib.sha256(f"{before}{secret}{after}".encode()).hexdigest().upper()
    return hmac.compare_digest(true.encode(), told.get("LMI_HASH", "").upper().encode())
