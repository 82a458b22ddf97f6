"""Letters taken apart: subjects and bodies as people read them, whatever way they were encoded."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from html import unescape

_SNIPPET = 200
_LINK = re.compile(r"https?://[^\s<>\"')\]]+")


@dataclass(frozen=True)
class Part:
    """A file that came with a letter."""

    number: int
    name: str
    kind: str
    content: bytes


class Letter:
    """A letter as it came over the wire."""

    def __init__(self, raw: bytes):
        self.raw = raw
        self.message: EmailMessage = message_from_bytes(raw, policy=policy.default)

    @property
    def subject(self) -> str:
        """Return the subject, decoded."""
        return str(self.message.get("Subject", ""))

    @property
    def message_id(self) -> str:
        """Return the sender's id of the letter, without brackets."""
        return str(self.message.get("Message-ID", "")).strip().strip("<>")

    @property
    def text(self) -> str:
        """Return the plain part."""
        return self._body("plain")

    @property
    def html(self) -> str:
        """Return the rich part."""
        return self._body("html")

    @property
    def snippet(self) -> str:
        """Return the beginning of what the letter says."""
        words = self.text or _without_tags(self.html)
        return " ".join(words.split())[:_SNIPPET]

    @property
    def links(self) -> list[str]:
        """Return the web addresses a person might follow, each once."""
        hrefs = re.findall(r"""href\s*=\s*["'](https?://[^"']+)""", self.html)
        found = _LINK.findall(self.text) + [unescape(href) for href in hrefs]
        return list(dict.fromkeys(link.rstrip(".,;:!?") for link in found))

    def people(self, header: str) -> list[tuple[str, str]]:
        """Return the names and addresses of a header."""
        values = [str(value) for value in self.message.get_all(header, [])]
        return [pair for pair in getaddresses(values) if pair[1]]

    def date(self) -> str | None:
        """Return when the sender says he wrote it."""
        try:
            return parsedate_to_datetime(str(self.message["Date"])).isoformat()
        except (TypeError, ValueError):
            return None

    def headers(self) -> dict[str, list[str]]:
        """Return all headers, decoded."""
        headers: dict[str, list[str]] = {}
        for name, value in self.message.items():
            headers.setdefault(name, []).append(str(value))
        return headers

    def parts(self) -> list[Part]:
        """Return the files that came along."""
        return [
            Part(
                number,
                part.get_filename() or f"part-{number}",
                part.get_content_type(),
                part.get_payload(decode=True) or b"",
            )
            for number, part in enumerate(self.message.iter_attachments(), 1)
        ]

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        if part is None:
            return ""
        try:
            return part.get_content()
        except LookupError:  # A charset this machine has never heard of.
            return (part.get_payload(decode=True) or b"").decode(errors="replace")


def _without_tags(html: str) -> str:
    without_style = re.sub(r"(?is)<(style|script|title).*?</\1>", " ", html)
    return unescape(re.sub(r"<[^>]+>", " ", without_style))
