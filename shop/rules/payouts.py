"""Where money is sent that no gateway takes back: a bank account, or a telephone known to СБП.

The check digit of an account is the Bank of Russia's (its order 515 of 8 September 1997): the digits of the bank's last
three of its БИК and of the account, weighed 7, 1, 3 in turn, add up to a whole number of tens. What stands on a bank
card is no account: the shop takes no cards' numbers anywhere.
"""

import re
from datetime import datetime, timedelta

from shop.rules.returns import PAY_BACK, URGENT_AFTER

# Ways in which money that waits for a person reaches its owner; the last one needs nobody.
TO_ACCOUNT, TO_PHONE, TO_BALANCE = "account", "sbp", "balance"
WAYS = (TO_ACCOUNT, TO_PHONE, TO_BALANCE)
# An employee who opened somebody's details sees them for so long; then they are opened, and noted, again.
OPENING_LIVES = timedelta(minutes=30)

BIC_LENGTH, ACCOUNT_LENGTH = 9, 20
# The numbers of bank cards are this long.
_CARD = range(13, 20)
_WEIGHTS = (7, 1, 3)
# Roubles, in the sixth to eighth digit of an account.
_ROUBLES = "810"
# What stands there in a БИК when the account is kept by the Bank of Russia itself.
_CENTRAL_BANKS = {"000", "001", "002"}


def digits_of(text: str) -> str:
    """Return the digits of what was typed, however they are grouped; an empty text when anything else is in it."""
    plain = re.sub(r"[\s.\-\u2010-\u2015]", "", text)
    return plain if plain.isascii() and plain.isdigit() else ""


def looks_like_a_card(text: str) -> bool:
    """True for what is as long as the number on a bank card."""
    return len(digits_of(text)) in _CARD


def is_bic(digits: str) -> bool:
    """True for a БИК of a Russian bank: nine digits that begin with the country's 04."""
    return (
        len(digits) == BIC_LENGTH and digits.isascii() and digits.isdigit() and digits[:2] == "04"
    )


def is_in_roubles(account: str) -> bool:
    """True for an account that keeps roubles."""
    return account[5:8] == _ROUBLES


def is_account_of(account: str, bic: str) -> bool:
    """True when an account's check digit is right in the bank of this БИК: a digit mistyped, or another bank's, is told."""
    if len(account) != ACCOUNT_LENGTH or not is_bic(bic):
        return False
    bank = f"0{bic[4:6]}" if bic[6:] in _CENTRAL_BANKS else bic[6:]
    weighed = (int(digit) * _WEIGHTS[turn % 3] for turn, digit in enumerate(bank + account))
    return sum(weighed) % 10 == 0


def end_of(number: str) -> str:
    """Return «•••• 4317», as much of an account or a telephone as its owner needs to know it again."""
    return f"•••• {number[-4:]}" if number else ""


def pay_by(opened_at: datetime) -> datetime:
    """Return until when money must be paid that has waited for a person since a moment, as the law has it."""
    return opened_at + PAY_BACK


def is_urgent(due: datetime, now: datetime) -> bool:
    """True when of the ten days no more are left than the last two."""
    return now >= due - (PAY_BACK - URGENT_AFTER)
