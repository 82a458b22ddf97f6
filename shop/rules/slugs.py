"""Slugs: how Russian names stand in addresses, in Latin letters that people can read."""

import re

_LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i",
    "й": "j", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "h", "ц": "c", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "",
    "э": "e", "ю": "yu", "я": "ya", "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "u",
}  # fmt: skip
_TABLE = str.maketrans(_LETTERS)
_REST = re.compile(r"[^a-z0-9]+")


def slug_of(name: str, most: int = 60, *, instead: str = "") -> str:
    """Return «chajnik-zavarochnyj» for «Чайник заварочный», whole words, at most `most` letters.

    A name without a letter or digit that could stand in an address becomes `instead`.
    """
    slug = _REST.sub("-", name.lower().translate(_TABLE)).strip("-")
    if len(slug) > most:
        whole = slug[: most + 1].rpartition("-")[0]
        slug = (whole or slug[:most]).strip("-")
    return slug or instead
