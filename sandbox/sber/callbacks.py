"""Callbacks to the shop: pairs of a form, with a checksum made of the key both sides know."""

import hashlib
import hmac
from urllib.parse import urlencode


class Callbacks:
    """How this gateway writes its notices: by POST of a form, or by GET."""

    def __init__(self, key: str, method: str):
        self._key = key
        self._method = method

    def write(self, event: str, about: dict) -> bytes:
        """Return the pairs, signed; a checksum that is there already stays, so that it may be forged."""
        pairs = {
            name: str(value)
            for name, value in about.items()
            if name != "id" and not isinstance(value, dict)
        }
        pairs.setdefault("checksum", checksum_of(pairs, self._key))
        return urlencode(pairs).encode()

    def addressed(self, url: str, body: bytes) -> dict:
        """Return the request that hands them over."""
        if self._method == "GET":
            return {"method": "GET", "url": f"{url}?{body.decode()}"}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return {"method": "POST", "url": url, "data": body, "headers": headers}


def checksum_of(pairs: dict[str, str], key: str) -> str:
    """Return the checksum: HMAC-SHA256 over `name;value;` of all pairs in the order of their names."""
    text = "".join(f"{name};{pairs[name]};" for name in sorted(pairs))
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest().upper()
