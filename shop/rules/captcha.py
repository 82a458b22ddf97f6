"""The anti-spam code: five digits that follow from a signed key, or work that a browser does in their place.

The key stands in the form, the digits are nowhere: whoever has the shop's secret derives them anew, so showing
a form writes nothing down.
"""

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from shop.rules.auth import code_digits

CODE_LENGTH = 5
KEY_LIVES = timedelta(minutes=10)
# Several small proofs instead of a large one: their sum takes about as long every time, and progress can be told.
# Together they cost about 8 · 2^9 hashes, a second or two on a cheap phone.
WORK_PARTS, WORK_BITS = 8, 9
# How much later than ours another machine's clock may be.
_CLOCKS_DIFFER = timedelta(minutes=1)


def signed_key(word: str, *, now: datetime, secret: str) -> str:
    """Return the key of a new code: a random `word`, the moment, and the shop's signature of both."""
    told = f"{word}.{int(now.timestamp())}"
    return f"{told}.{_keyed(secret, 'key', told)[:32]}"


def key_ends_at(key: str, *, secret: str) -> datetime | None:
    """Return when a key ends, or None when the shop never signed it."""
    told, _, signature = key.rpartition(".")
    if not key.isascii() or not hmac.compare_digest(signature, _keyed(secret, "key", told)[:32]):
        return None
    return datetime.fromtimestamp(int(told.rpartition(".")[2]), UTC) + KEY_LIVES


def is_key_alive(ends_at: datetime | None, *, now: datetime) -> bool:
    """True while a key may be used."""
    return ends_at is not None and now < ends_at <= now + KEY_LIVES + _CLOCKS_DIFFER


def digits_of(key: str, *, secret: str) -> str:
    """Return the five digits that belong to a key."""
    return f"{int(_keyed(secret, 'code', key), 16) % 10**CODE_LENGTH:0{CODE_LENGTH}}"


def noise_of(key: str, *, secret: str) -> str:
    """Return what the noise around the spoken digits is made from: the same for a key, and nobody else's to know."""
    return _keyed(secret, "noise", key)


def is_right_code(given: str, key: str, *, secret: str) -> bool:
    """True for the key's digits, however they are spaced and in whatever script's digits they are written."""
    return hmac.compare_digest(code_digits(given).encode(), digits_of(key, secret=secret).encode())


def is_work_done(key: str, proof: str) -> bool:
    """True when a browser has found, for each part, a number that gives a hash beginning with so many zero bits.

    `proof` is those numbers, joined by dashes.
    """
    numbers = proof.split("-")
    return len(numbers) == WORK_PARTS and all(
        number.isascii()
        and number.isdigit()
        and len(number) < 16
        and _zero_bits(hashlib.sha256(f"{key}:{part}:{number}".encode()).digest()) >= WORK_BITS
        for part, number in enumerate(numbers)
    )


def _zero_bits(digest: bytes) -> int:
    return len(digest) * 8 - int.from_bytes(digest).bit_length()


def _keyed(secret: str, purpose: str, text: str) -> str:
    whole = f"captcha\0{purpose}\0{text}".encode()
    return hmac.new(secret.encode(), whole, hashlib.sha256).hexdigest()
