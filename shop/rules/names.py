"""Names: exactly as people wrote them, and how they wish to be addressed."""

import unicodedata

# What nobody types and what makes a page or a letter read in another order than it is written.
_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")
_CONTROLS = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})


def may_be_a_name(text: str) -> bool:
    """True for any writing that has a letter in it: no script, length or sign is too unusual for a name.

    Only what isn't writing is refused: control signs, and those that turn the direction of everything after them.
    """
    kinds = [unicodedata.category(sign) for sign in text]
    has_letter = any(kind.startswith("L") for kind in kinds)
    return has_letter and not _CONTROLS.intersection(kinds) and not _TURNING.intersection(text)


def greeting(given_name: str, patronymic: str, style: str) -> str:
    """Return how the shop addresses a person; a patronymic only if one was given and is wished."""
    if style == "name_and_patronymic" and patronymic:
        return f"{given_name} {patronymic}"
    return given_name


def full_name(family_name: str, given_name: str, patronymic: str = "") -> str:
    """Return «Секретов Игорь Валерьянович», as documents and parcels have it."""
    return " ".join(part for part in (family_name, given_name, patronymic) if part)


def initials(given_name: str, family_name: str) -> str:
    """Return «ИС» for the round badge."""
    return (given_name[:1] + family_name[:1]).upper()


def looks_like_a_name(text: str) -> bool:
    """False for what a mail program would make a link of: names are never refused, but not every one is written to strangers."""
    words = text.lower().split()
    return len(text) <= 60 and not any(
        sign in word.strip(".") for word in words for sign in ("/", "@", ".", "www")
    )
