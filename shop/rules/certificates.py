"""Gift certificates and code words: how their codes are read as people write them, sums, and terms."""

import hashlib
import hmac
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from shop.rules.orders import number_of
from shop.rules.terms import day_is_over, next_midnight, years_later

# No two signs look alike, on paper or on a screen: of each pair of doubles only one is here.
ALPHABET = "0123456789ACEFHJKMNPRTVWXY"
CODE_LENGTH, GROUP = 16, 4
# What is read as a code though some signs are missing or too many: nobody's word is so.
NEARLY = range(12, 21)

# Sums that have buttons, and the limits of any other: whole roubles, in kopecks.
NOMINALS = (500_00, 1000_00, 2000_00, 3000_00, 5000_00, 10_000_00)
LEAST_KOPECKS, MOST_KOPECKS = 500_00, 50_000_00

# So long a certificate waits to be activated. What it brought stays until it is spent: no balance ends by itself.
YEARS_TO_ACTIVATE = 1
# An unused one is taken back for its price so long after it was bought.
REFUND_WITHIN = timedelta(days=14)
# The once-key of the refund of one that was given back: this, and its serial number.
REFUND_KEY = "certificate-"
# So far ahead a day for the letter may be chosen.
MOST_DAYS_AHEAD = 180
ACTIVATIONS_A_DAY = 3
# Nobody is congratulated in the night: letters of a day go out from this hour on.
LETTERS_FROM_HOUR = 9

# Serials are counted from here on, so that none has the figures of an order: who reads one out over the telephone
# may leave its letter out. The very first ones were counted like orders, and stay as they are.
_SERIALS_FROM = 50_000_000

LONGEST_WORD = 40
# In what a code word gives: kopecks of the promo balance, or whole points.
PROMO, POINTS = "promo", "points"
MOST_PROMO_KOPECKS, MOST_POINTS = 5000_00, 5000

STATES = ("awaiting_payment", "sold", "activated", "dropped", "blocked", "expired")
# As people see them (queries/certificates.state_shown).
SHOWN_STATES = (*STATES, "given_back")

# What people write or paste in place of a sign: its doubles, and Russian letters of the same look.
_MEANT = {
    **{sign: sign for sign in ALPHABET},
    **dict.fromkeys("OQDО", "0"),
    **dict.fromkeys("ILІ|!", "1"),
    "Z": "2",
    **dict.fromkeys("ЗЭ", "3"),
    "Ч": "4",
    **dict.fromkeys("SЅ", "5"),
    **dict.fromkeys("GБ", "6"),
    **dict.fromkeys("BВ", "8"),
    "U": "V",
    **dict(zip("АСЕЁНЈКМРТУХ", "ACEEHJKMPTYX", strict=True)),
}


def code_of(signs: Iterable[int]) -> str:
    """Return the code that these chance numbers make, CODE_LENGTH of them, each below len(ALPHABET)."""
    return "".join(ALPHABET[number] for number in signs)


def shown_code(code: str) -> str:
    """Return «7K4M-2P9X-…»: in groups that the eye can hold."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def code_hash(code: str, *, secret: str) -> str:
    """Return what a certificate is found by: without the shop's secret nobody can try codes on a stolen table."""
    return hmac.new(secret.encode(), f"certificate\0{code}".encode(), hashlib.sha256).hexdigest()


def _signs(text: str) -> str | None:
    """Return the signs that were meant, or None when something stands there that no code has."""
    found = []
    for sign in unicodedata.normalize("NFKC", text).upper():
        if sign.isspace() or sign in "_.·" or unicodedata.category(sign) in {"Pd", "Cf", "Cc"}:
            continue
        if sign not in _MEANT:
            return None
        found.append(_MEANT[sign])
    return "".join(found)


def normal_code(text: str) -> str:
    """Return a code as it is compared: case, spaces, dashes and look-alikes forgiven. Empty when it is none."""
    signs = _signs(text)
    return signs if signs is not None and len(signs) == CODE_LENGTH else ""


def nearly_a_code(text: str) -> int:
    """Return how many signs are in what was meant for a code but is too short or too long; 0 for anything else."""
    signs = _signs(text)
    if signs is None or len(signs) not in NEARLY or len(signs) == CODE_LENGTH:
        return 0
    return len(signs)


def normal_word(text: str) -> str:
    """Return a code word as it is compared: letters and figures only, small, «ё» as «е»."""
    small = unicodedata.normalize("NFKC", text).casefold()
    small = unicodedata.normalize("NFKC", small).casefold().replace("ё", "е")
    return "".join(sign for sign in small if sign.isalnum())


def may_be_a_word(word: str) -> bool:
    """True when a normal word can be told from a certificate's code, and is as long as words are."""
    return 3 <= len(word) <= LONGEST_WORD and not normal_code(word) and not nearly_a_code(word)


def serial_of(certificate_id: int) -> str:
    """Return the number of a certificate that is no secret, «G-0042-1187», for an id below fifty million."""
    return f"G-{number_of(_SERIALS_FROM + certificate_id)}"


def is_serial(text: str) -> bool:
    """True for a certificate's serial («G-0042-1187»), and for the same begun with the Russian letter of that sound."""
    meant = unicodedata.normalize("NFKC", text).strip().upper()
    return meant.startswith(("G", "Г")) and any(sign.isdigit() for sign in meant)


def may_be_nominal(kopecks: int) -> bool:
    """True for a sum that certificates are sold for: whole roubles within the limits."""
    return LEAST_KOPECKS <= kopecks <= MOST_KOPECKS and kopecks % 100 == 0


def activate_until(bought_at: datetime, zone: tzinfo) -> datetime:
    """Return until when a certificate bought at this moment must be activated: the last second of its last day."""
    last = years_later(bought_at.astimezone(zone), YEARS_TO_ACTIVATE)
    return next_midnight(last) - timedelta(seconds=1)


def may_be_refunded(state: str, sold_at: datetime | None, now: datetime, zone: tzinfo) -> bool:
    """True while the buyer may give an unused certificate back for its price, the whole of the last day."""
    return (
        state == "sold" and sold_at is not None and now < day_is_over(sold_at + REFUND_WITHIN, zone)
    )


def may_be_sent_on(day: date, today: date) -> bool:
    """True for a day that a letter may be put off to."""
    return today <= day <= today + timedelta(days=MOST_DAYS_AHEAD)


def last_day_due(local: datetime) -> date:
    """Return the last day whose letters are to be out by now; `local` is told by the shop's clock."""
    return local.date() if local.hour >= LETTERS_FROM_HOUR else local.date() - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Face:
    """Every word on a printed card, in the reader's language; `link` is what its square code leads to."""

    shop_name: str
    title: str
    nominal: str
    for_whom: str
    wish: str
    code_label: str
    code: str
    how: str
    terms: str
    link: str
