"""Words of a text: lower case, ё as е, numbers and letters apart where they were written together."""

import re
import unicodedata

# They stand everywhere and tell nothing; a search for "чехол для телефона" must not need the "для".
SILENT = frozenset("и в во на с со для от до по из к ко о об у за а но или the of for and".split())

_SIGNS = str.maketrans(
    {"ё": "е", "№": " ", "™": " ", "®": " ", "©": " ", "_": " ", "’": "", "'": ""}
)
_CHUNK = re.compile(r"[^\W_]+(?:[-./+][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_RUN = re.compile(r"\d+|[^\W\d_]+")
_LATIN, _RUSSIAN = re.compile("[a-z]"), re.compile("[а-я]")
_TO_LATIN_LOOK = str.maketrans("авекмнорстух", "abekmhopctyx")
_TO_RUSSIAN_LOOK = str.maketrans("abekmhopctyx", "авекмнорстух")
LONGEST_WORD = 40


def normal(text: str) -> str:
    """Return `text` in the form that words are compared in."""
    folded = unicodedata.normalize("NFKC", text.translate(_SIGNS)) if not text.isascii() else text
    return folded.lower().translate(_SIGNS)


def _in_one_script(word: str) -> str:
    """Letters that only look right: the «В» of «ВOSH» is Russian. The most letters have it."""
    if word.isascii() or not _LATIN.search(word) or not _RUSSIAN.search(word):
        return word
    latin, russian = len(_LATIN.findall(word)), len(_RUSSIAN.findall(word))
    return word.translate(_TO_LATIN_LOOK if latin >= russian else _TO_RUSSIAN_LOOK)


def split(text: str) -> list[tuple[str, ...]]:
    """Return the words of a text, each as the parts it was written of: "Wi-Fi" is ("wi", "fi")."""
    return [
        tuple(_in_one_script(part[:LONGEST_WORD]) for part in _PART.findall(chunk))
        for chunk in _CHUNK.findall(normal(text))
    ]


def runs(word: str) -> list[str]:
    """Return the runs of letters and of digits in a word: "iphone13" is "iphone", "13"."""
    return _RUN.findall(word)


def words_of(text: str) -> list[str]:
    """Return the plain words of a text that can be misspelt: letters only, not the silent ones."""
    return [
        part
        for parts in split(text)
        for part in parts
        if len(part) > 1 and part.isalpha() and part not in SILENT
    ]


def code_of(text: str) -> str:
    """Return an article number or barcode without spaces and dashes, or "" for what cannot be one."""
    code = "".join(_PART.findall(normal(text)))
    return code if len(code) >= 3 and any(sign.isdigit() for sign in code) else ""
