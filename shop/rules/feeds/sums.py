"""Prices, weights and sizes, read exactly from what merchants write."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from shop.rules.feeds.records import RawCurrency

ROUBLES = ("RUB", "RUR")
# So dear it is a mistake.
MOST_ROUBLES = 100_000_000

_UNITS = re.compile(r"(?:руб(?:лей|ля|ль)?|р|₽|rub|rur|кг|kg|см|cm)\.?$", re.IGNORECASE)
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']+")
_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,12})?")


def number_of(text: str) -> Decimal:
    """Read "1 490", "1490.50", "1490,5" or "1,490.00 руб." exactly.

    :raises ValueError: when it isn't a number, zero or more.
    """
    bare = _UNITS.sub("", _SPACES.sub("", text))
    if "," in bare and "." in bare:
        thousands = "," if bare.rfind(",") < bare.rfind(".") else "."
        bare = bare.replace(thousands, "")
    bare = bare.replace(",", ".")
    if not bare.isascii() or not _NUMBER.fullmatch(bare):
        raise ValueError(f"not a number: {text[:40]!r}")
    return Decimal(bare)


def whole(amount: Decimal) -> int:
    """Round to a whole number, halves up, as people do."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def rates_of(currencies: Iterable[RawCurrency]) -> dict[str, Decimal | None]:
    """Return how many roubles each declared currency is worth; None where the feed doesn't say a number.

    The feed's rates are against a currency of its own choice. Unless that is the rouble, or the
    rouble has a rate too, nothing can be said about roubles.
    """
    rates: dict[str, Decimal | None] = {}
    for currency in currencies:
        try:
            rate = number_of(currency.rate or "1")
        except ValueError:
            rate = Decimal(0)
        rates.setdefault(currency.id.strip().upper(), rate or None)
    rouble = next((rates[code] for code in ROUBLES if rates.get(code)), None)
    worth = {code: rate / rouble if rate and rouble else None for code, rate in rates.items()}
    return worth | {code: Decimal(1) for code in ROUBLES if code in rates}
