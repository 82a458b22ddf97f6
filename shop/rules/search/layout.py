"""The keyboard's other layout: what was meant when the switch stood wrong."""

_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё"
_LATIN_UPPER, _RUSSIAN_UPPER = 'QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>~', _RUSSIAN.upper()
_TO_RUSSIAN = str.maketrans(_LATIN + _LATIN_UPPER, _RUSSIAN + _RUSSIAN_UPPER)
_TO_LATIN = str.maketrans(_RUSSIAN + _RUSSIAN_UPPER, _LATIN + _LATIN_UPPER)


def other_layout(text: str) -> str:
    """Return `text` as the same keys write it in the other layout: «ghbdtn» is «привет»."""
    is_russian = any("а" <= letter <= "я" or letter == "ё" for letter in text.lower())
    return text.translate(_TO_LATIN if is_russian else _TO_RUSSIAN)
