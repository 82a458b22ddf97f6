"""Texts of a feed made plain: no markup, no invisible signs, paragraphs kept."""

import re
from html import unescape
from html.parser import HTMLParser

# Zero-width and direction signs: they hide words from search and turn texts around.
_INVISIBLE = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
)
_BLOCKS = frozenset(
    "p div br li ul ol tr table h1 h2 h3 h4 h5 h6 blockquote section article dt dd".split()
)
_SILENT = frozenset("script style head title noscript template iframe object".split())
_MARKUP = re.compile(r"<[a-zA-Z/!]")


def one_line(text: str, most: int) -> str:
    """Return `text` as one line without invisible signs; the end of a long one is cut at a word."""
    if "&" in text:
        text = unescape(text)
    line = " ".join(_INVISIBLE.sub("", text).split())
    if len(line) <= most:
        return line
    return (line[:most].rpartition(" ")[0] or line[: most - 1]) + "…"


class _Reader(HTMLParser):
    """Collects what a person would read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag in _BLOCKS:
            self.found.append("\n• " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in _BLOCKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def plain(text: str, most: int = 5000) -> str:
    """Return a description as plain paragraphs, one a line. Whatever markup it had is gone.

    What isn't markup stays as it is, such as "5 < 6" or a formula: it is only text to us.
    """
    if _MARKUP.search(text):
        # A line's end within markup means nothing; a paragraph's does.
        reader = _Reader()
        reader.feed(text.replace("\r", " ").replace("\n", " "))
        reader.close()
        text = "".join(reader.found)
    elif "&" in text:
        text = unescape(text)
    lines = (" ".join(line.split()) for line in _INVISIBLE.sub("", text).split("\n"))
    paragraphs = "\n".join(line for line in lines if line and line != "•")
    return paragraphs if len(paragraphs) <= most else paragraphs[: most - 1].rstrip() + "…"
