"""What a shop asks for, checked for shape."""

import json
import re
from urllib.parse import urlsplit

from .problems import UNKNOWN_CURRENCY, GateProblem, missing, wrong

LEAST_KOPECKS, MOST_KOPECKS = 100, 1_000_000_00
USUAL_TIMEOUT, LONGEST_TIMEOUT = 20 * 60, 9_999_999
_ROUBLES = {"", "643", "810"}
# Names of the programme's own parameters: the payer chooses on the page, so the shop may not.
_RESERVED = {"sbrf_spasibo:amount_bonus", "loyaltyId"}


def text_in(asked: dict, name: str, longest: int, *, required: bool = False) -> str:
    """Return a text of at most so many characters.

    :raises GateProblem: when it is longer, or lacking though required.
    """
    text = asked.get(name, "")
    if required and not text:
        raise missing(name)
    if len(text) > longest:
        raise wrong(name)
    return text


def order_number_in(asked: dict) -> str:
    """Return the shop's own number of an order."""
    number = text_in(asked, "orderNumber", 32, required=True)
    if not re.fullmatch(r"[\x21-\x7e]+", number):
        raise wrong("orderNumber")
    return number


def kopecks_in(asked: dict, name: str = "amount", least: int = 1) -> int:
    """Return an amount."""
    text = text_in(asked, name, 12, required=True)
    if not (text.isascii() and text.isdigit()) or not least <= int(text) <= MOST_KOPECKS:
        raise wrong(name)
    return int(text)


def check_currency(asked: dict) -> None:
    """Roubles only: bonuses know no other money."""
    if asked.get("currency", "") not in _ROUBLES:
        raise GateProblem(UNKNOWN_CURRENCY, "Неизвестная валюта")


def address_in(asked: dict, name: str, otherwise: str = "") -> str:
    """Return an address to come back to."""
    address = text_in(asked, name, 512, required=not otherwise) or otherwise
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise wrong(name)
    return address


def timeout_in(asked: dict) -> int:
    """Return how many seconds the payer has."""
    text = asked.get("sessionTimeoutSecs", "") or str(USUAL_TIMEOUT)
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= LONGEST_TIMEOUT:
        raise wrong("sessionTimeoutSecs")
    return int(text)


def params_in(asked: dict) -> dict[str, str]:
    """Return what the shop wants to read again in every answer about the order."""
    try:
        params = json.loads(asked.get("jsonParams", "") or "{}")
    except ValueError:
        raise wrong("jsonParams") from None
    if not isinstance(params, dict) or not all(isinstance(value, str) for value in params.values()):
        raise wrong("jsonParams")
    if _RESERVED & params.keys():
        raise wrong("jsonParams")
    return params
