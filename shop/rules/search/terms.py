"""What goes into the index of words, and what is asked of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from shop.rules.search.brands import meant_in_russian, spellings
from shop.rules.search.lemmas import lemmas
from shop.rules.search.synonyms import SYNONYMS
from shop.rules.search.words import SILENT, runs, split

MOST_QUERY_WORDS = 12
MOST_REST_WORDS = 160

_UNITS = {
    "gb": "гб", "tb": "тб", "mb": "мб", "kg": "кг", "ml": "мл", "cm": "см", "mm": "мм", "w": "вт", "kw": "квт", "hz": "гц",
    "mah": "мач", "inch": "дюйм",
}  # fmt: skip
_BY_LOOK = str.maketrans("авекмнорстух", "abekmhopctyx")
_BY_SOUND = str.maketrans("абвгдезиклмнопрстуфх", "abvgdeziklmnoprstufh")
_UNITS |= {russian: latin for latin, russian in _UNITS.items()}


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word of a query. `any_of`: groups of terms; a product has the word when it has all terms of a group."""

    text: str
    any_of: tuple[tuple[str, ...], ...]
    # Also whatever begins with it: the word that is being typed.
    is_open: bool = False
    # So many of the groups are the word itself; the others only mean the same.
    own: int = 99

    def opened(self) -> "QueryWord":
        """Return the word as the beginning of one."""
        return replace(self, is_open=True)


def _forms(part: str) -> list[str]:
    return [part, *lemmas(part)]


def _written_together(parts: tuple[str, ...]) -> list[str]:
    """The forms of one chunk: each part, its runs of letters and digits, and all written together."""
    found: list[str] = []
    for part in parts:
        found += _forms(part)
        if len(pieces := runs(part)) > 1:
            found += [form for piece in pieces for form in _forms(piece)]
    if len(parts) > 1:
        found.append("".join(parts))
    return found


def index_name(*texts: str) -> str:
    """Return what the index keeps of a name: for each word its forms, words apart by commas."""
    groups: list[str] = []
    seen: set[str] = set()
    for text in texts:
        for parts in split(text):
            if len(parts) == 1 and parts[0] in SILENT:
                continue
            forms = _written_together(parts)
            forms += [said for part in parts for said in spellings(part)]
            new = [form for form in dict.fromkeys(forms) if form not in seen]
            seen.update(new)
            if new:
                groups.append(" ".join(new))
    return ", ".join(groups)


def index_rest(texts: Iterable[str], name: str = "") -> str:
    """Return what the index keeps of everything else, leaving out what the name already has."""
    seen = set(name.replace(",", "").split()) | SILENT
    found: list[str] = []
    for text in texts:
        for parts in split(text):
            for form in _written_together(parts):
                if form not in seen:
                    seen.add(form)
                    found.append(form)
        if len(found) > MOST_REST_WORDS:
            break
    return " ".join(found[:MOST_REST_WORDS])


def query_words(text: str) -> list[QueryWord]:
    """Return the words of a query, with what else they are called; the silent ones only when there are no others."""
    chunks = split(text)
    telling = [parts for parts in chunks if not (len(parts) == 1 and parts[0] in SILENT)]
    words: dict[str, QueryWord] = {}
    for parts in telling or chunks:
        for word in _query_chunk(parts):
            words.setdefault(word.text, word)
    return _with_synonyms(list(words.values())[:MOST_QUERY_WORDS])


def _with_synonyms(words: list[QueryWord]) -> list[QueryWord]:
    found: list[QueryWord] = []
    for word in words:
        before = found[-1] if found else None
        if before and (pair := _pair(before, word)):
            found[-1] = pair
            continue
        groups = [
            meant
            for (form, *more) in word.any_of
            if not more
            for meant in SYNONYMS.get((form,), ())
        ]
        found.append(
            replace(word, any_of=(*word.any_of, *groups), own=len(word.any_of)) if groups else word
        )
    return found


def _pair(first: QueryWord, second: QueryWord) -> QueryWord | None:
    """Two words that together are called otherwise: «варочная поверхность»."""
    for one in first.any_of[: first.own]:
        for other in second.any_of[: second.own]:
            if meant := SYNONYMS.get((*one, *other)):
                return QueryWord(f"{first.text} {second.text}", ((*one, *other), *meant), own=1)
    return None


def _query_chunk(parts: tuple[str, ...]) -> list[QueryWord]:
    if len(parts) == 1:
        return [_query_word(parts[0])]
    together = "".join(parts)
    if len(together) > 40:
        return [_query_word(part) for part in parts]
    # "Wi-Fi" is found as "wifi" too; a name written with a dash needn't stand together.
    first_forms = tuple(lemmas(part)[0] for part in parts)
    groups = tuple(dict.fromkeys(((together,), parts, first_forms)))
    return [QueryWord("-".join(parts), groups)]


def _query_word(part: str) -> QueryWord:
    groups: list[tuple[str, ...]] = [(form,) for form in dict.fromkeys(_forms(part))]
    if part in _UNITS:
        groups.append((_UNITS[part],))
    if len(pieces := runs(part)) > 1:
        groups.append(tuple(pieces))
        groups += [(look,) for look in _looking_so(part)]
        if any(piece in _UNITS for piece in pieces):
            groups.append(tuple(_UNITS.get(piece, piece) for piece in pieces))
    return QueryWord(part, tuple(groups))


def in_russian(word: QueryWord) -> QueryWord:
    """Return a Latin word with the Russian ones added that it may stand for: "chajnik", «чайник»."""
    meant = (form for russian in meant_in_russian(word.text) for form in _forms(russian))
    return replace(word, any_of=(*word.any_of, *((form,) for form in dict.fromkeys(meant))))


def _looking_so(code: str) -> list[str]:
    """Return the Latin codes that a Cyrillic one may mean, by look or by sound: «с24» is "c24" or "s24"."""
    if code.isascii() or sum(sign.isalpha() for sign in code) > 3:
        return []
    return [code.translate(_BY_LOOK), code.translate(_BY_SOUND)]
