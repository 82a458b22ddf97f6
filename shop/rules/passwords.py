"""What a password must be, and what it must not be."""

import unicodedata

from shop.rules.common_passwords import COMMON

# A password of fewer characters is guessed, of more is a way to keep the server busy.
PASSWORD_LENGTH = (8, 128)


def written_one_way(password: str) -> str:
    """Return the password with every letter in one piece: «й» is typed as one sign here and as two on a Mac."""
    return unicodedata.normalize("NFC", password)


def is_easy_to_guess(password: str, *personal: str) -> bool:
    """True for what is tried first: the common ones, one sign over and over, and a person's own name or e-mail."""
    plain = "".join(written_one_way(password).casefold().split())
    if plain in COMMON or len(set(plain)) <= 2:
        return True
    known = {
        part.casefold().strip() for word in personal for part in (word, word.partition("@")[0])
    } - {""}
    return plain in known | {one + other for one in known for other in known}
