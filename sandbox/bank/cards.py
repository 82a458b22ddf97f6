"""Card numbers: whose they are, whether they are written right, how the test bank answers them."""

import calendar
import re
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Scheme:
    """A payment system as the card form needs it."""

    code: str
    title: str
    api_name: str
    lengths: tuple[int, ...]
    code_length: int = 3


MIR = Scheme("mir", "МИР", "Mir", (16, 17, 18, 19))
VISA = Scheme("visa", "Visa", "Visa", (16, 18, 19))
MASTERCARD = Scheme("mastercard", "Mastercard", "MasterCard", (16,))
AMEX = Scheme("amex", "American Express", "AmericanExpress", (15,), 4)
SCHEMES = (MIR, VISA, MASTERCARD, AMEX)

# Mastercard, Visa, МИР: the numbers that stand for one refusal each.
_REFUSALS = {
    "3d_secure_failed": "5555555555554592 4839665499603842 2200000000000012",
    "call_issuer": "5555555555554535 4926946416239025 2200000000000020",
    "card_expired": "5555555555554543 4141435412630840 2200000000000038",
    "fraud_suspected": "5555555555554568 4483274282299972 2200000000000046",
    "general_decline": "5555555555554527 4889971706588753 2202202212312379",
    "insufficient_funds": "5555555555554600 4562265587712390 2200000000000053",
    "invalid_card_number": "5555555555554618 4951017853630544 2201382000000013",
    "invalid_csc": "5555555555554626 4194180666146368 2200770212727079",
    "issuer_unavailable": "5555555555554501 4654130848359150 2201382000000021",
    "payment_method_limit_exceeded": "5555555555554576 4565231022577548 2201382000000039",
    "payment_method_restricted": "5555555555554550 4233961169071671 2201382000000047",
}
_REFUSALS_BY_BANK = {
    "country_forbidden": "5555555555554584 4969751510013864 2201382000000054",
    "fraud_suspected": "5555555555554634 4119098878796485 2201696981989955",
}
_WITHOUT_CODE = {"5555555555554444", "4111111111111111", "2202474301322987"}

PAID = "paid"


@dataclass(frozen=True)
class Outcome:
    """How a payment with this card ends, and whether the issuer asks for a code first."""

    reason: str
    party: str = "payment_network"
    asks_code: bool = False


_OUTCOMES = {
    number: Outcome(reason, party, asks_code=reason == "3d_secure_failed")
    for party, table in (("payment_network", _REFUSALS), ("yoo_money", _REFUSALS_BY_BANK))
    for reason, numbers in table.items()
    for number in numbers.split()
}

HANDY_CARDS = (
    ("2200000000000004", "Оплата пройдёт, банк спросит код"),
    ("2202474301322987", "Оплата пройдёт сразу, без кода"),
    ("5555555555554477", "Оплата пройдёт, банк спросит код"),
    ("5555555555554444", "Оплата пройдёт сразу, без кода"),
    ("4793128161644804", "Оплата пройдёт, банк спросит код"),
    ("4111111111111111", "Оплата пройдёт сразу, без кода"),
    ("370000000000002", "Оплата пройдёт, код карты из 4 цифр"),
    ("2200000000000053", "Отказ: не хватает денег"),
    ("5555555555554543", "Отказ: срок карты вышел"),
    ("4565231022577548", "Отказ: исчерпан лимит"),
    ("2200000000000012", "Отказ: код не подтвердился"),
    ("5555555555554584", "Отказ: карта другой страны"),
)


def digits_of(text: str) -> str:
    """Drop everything people put between digits."""
    return re.sub(r"\D", "", text)


def scheme_of(number: str) -> Scheme | None:
    """Return the payment system of a number, or of its first digits."""
    four = int(number[:4]) if len(number) >= 4 else 0
    if 2200 <= four <= 2204:
        return MIR
    if number[:1] == "4":
        return VISA
    if 51 <= int(number[:2] or 0) <= 55 or 2221 <= four <= 2720:
        return MASTERCARD
    return AMEX if number[:2] in ("34", "37") else None


def is_luhn_valid(number: str) -> bool:
    """Tell whether the last digit fits the others; one mistyped digit never does."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return bool(number) and total % 10 == 0


def grouped(number: str) -> str:
    """Write a number as it stands on the card: 4-6-5 for AmEx, else by four."""
    if scheme_of(number) is AMEX:
        return f"{number[:4]} {number[4:10]} {number[10:]}".strip()
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def outcome_of(number: str) -> Outcome:
    """Return how the bank answers this card. A number of no special meaning pays, with a code."""
    if number in _OUTCOMES:
        return _OUTCOMES[number]
    return Outcome(PAID, asks_code=number not in _WITHOUT_CODE)


def expiry_of(text: str) -> tuple[int, int] | None:
    """Read "07/29", "0729" or "07 / 2029" as (7, 2029)."""
    found = re.fullmatch(r"\s*(\d{2})\s*[/.\-\s]?\s*(?:20)?(\d{2})\s*", text)
    if not found or not 1 <= int(found[1]) <= 12:
        return None
    return int(found[1]), 2000 + int(found[2])


def is_expired(month: int, year: int, now: datetime) -> bool:
    """Tell whether the last day of the card's month is over."""
    last_day = calendar.monthrange(year, month)[1]
    return (year, month, last_day) < (now.year, now.month, now.day)
