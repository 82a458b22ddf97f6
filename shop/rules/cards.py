"""Numbers of bank cards: telling one in a text, so that none is ever kept; and what of a card may be told."""

import re
from collections.abc import Iterator

# However a number of a card is grouped, it has this in it.
_EIGHT = re.compile(r"\d{4}[ -]?\d{4}")
# Random names made of hexadecimal digits may hold long runs of plain ones.
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# Thirteen to nineteen digits in a row, or in the groups in which cards have them.
_NUMBER = re.compile(
    r"""(?<![0-9A-Za-z])
    (?: \d{13,19}
      | \d{4} ([ -]) \d{4} \1 \d{4} \1 \d{1,7}
      | \d{4} ([ -]) \d{6} \2 \d{4,5} )
    (?![0-9A-Za-z])""",
    re.VERBOSE,
)
# What the payment systems' numbers begin with: МИР and Mastercard's newer ones 2, American Express and others 3,
# Visa 4, Mastercard 5, UnionPay and Maestro 6.
_BEGINNINGS = re.compile(r"2[2-7]|[3-6]")
# ЮMoney's wallets have numbers of their own, which are no cards.
_WALLETS = "41001"


def passes_luhn(digits: str) -> bool:
    """Tell whether the last digit is the check digit that bank cards have."""
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    whole = sum(int(digit) for digit in digits[::-2])
    return (whole + sum(number - 9 if number > 9 else number for number in doubled)) % 10 == 0


def may_hold_a_card(text: str) -> bool:
    """Tell, quickly, whether a text is worth looking through for numbers of cards."""
    return _EIGHT.search(text) is not None


def card_numbers_in(text: str) -> Iterator[str]:
    """Yield what looks like numbers of bank cards in a text, digits only."""
    for match in _NUMBER.finditer(_UUID.sub("", text)):
        digits = re.sub(r"\D", "", match.group())
        if (
            _BEGINNINGS.match(digits)
            and not digits.startswith(_WALLETS)
            and len(set(digits)) > 1
            and passes_luhn(digits)
        ):
            yield digits


def masked(digits: str) -> str:
    """Return a number as it may be told: its first six digits and its last four."""
    return f"{digits[:6]}{'•' * (len(digits) - 10)}{digits[-4:]}"


def card_told(scheme: str, last4: str) -> str:
    """Return «Mir ···· 0004», all that is kept of a card; empty when not even that is known."""
    return f"{scheme} ···· {last4}".strip() if last4 else ""
