"""Passkeys: at which address they work, and the question that each of their answers must belong to."""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import SplitResult, urlsplit

MOST_PASSKEYS = 10
NAME_LENGTH = 60
# A longer one the standard doesn't know.
LONGEST_CREDENTIAL_ID = 1023
# How long a person may look for the key, or for the finger it wants.
CHALLENGE_LIVES = timedelta(minutes=5)
# What a question may be asked for.
REGISTRATION, SIGN_IN, PROOF = "registration", "sign_in", "proof"
_USUAL_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Party:
    """Who asks for a key: browsers show a key only to the very host it was made for."""

    host: str
    origin: str
    name: str


def party_at(*, here: str, shop_url: str, shop_name: str, is_production: bool) -> Party | None:
    """Return who the shop is to browsers that see it at `here`, or None where no passkey works.

    Keys belong to the shop's own address. Browsers know none for a bare IP address, so a shop that is only tried out
    takes them at «localhost» too.
    """
    own, seen = _origin(urlsplit(shop_url)), _origin(urlsplit(here))
    host = urlsplit(seen).hostname or ""
    if _is_bare_number(host):
        return None
    if seen == own or (host == "localhost" and not is_production):
        return Party(host, seen, shop_name)
    return None


def address_for_passkeys(shop_url: str) -> str:
    """Return the address to open the shop at for passkeys to work."""
    parts = urlsplit(shop_url)
    if not _is_bare_number(parts.hostname or ""):
        return shop_url
    return f"{parts.scheme}://localhost" + (f":{parts.port}" if parts.port else "")


@dataclass(frozen=True, slots=True)
class Challenge:
    """A question to a key. The shop keeps none: its own seal tells it again what it had asked, of whom and when."""

    purpose: str
    # Whose key must answer; 0 where nobody has signed in yet.
    account_id: int
    asked_at: datetime
    nonce: str

    @property
    def expires_at(self) -> datetime:
        """Until when it may be answered."""
        return self.asked_at + CHALLENGE_LIVES

    def is_over(self, now: datetime) -> bool:
        """True when it was asked too long ago (or, by a clock that was set back meanwhile, in the future)."""
        return not self.asked_at - timedelta(minutes=1) < now < self.expires_at

    def sealed(self, secret: str) -> bytes:
        """The bytes that the key signs."""
        body = f"{self.purpose}.{self.account_id}.{int(self.asked_at.timestamp())}.{self.nonce}"
        return f"{body}.{_seal(body, secret)}".encode()


def read_challenge(sealed: bytes, *, secret: str) -> Challenge | None:
    """Return what the shop had asked, or None when it never did."""
    body, _, seal = sealed.decode("ascii", "replace").rpartition(".")
    if not hmac.compare_digest(seal.encode(), _seal(body, secret).encode()):
        return None
    purpose, account_id, asked, nonce = body.split(".")
    return Challenge(purpose, int(account_id), datetime.fromtimestamp(int(asked), UTC), nonce)


def user_handle(account_id: int, *, secret: str) -> bytes:
    """Return what keys know an account by: a stranger reads nothing in it, and it is the same for all keys of one account."""
    return hmac.new(
        secret.encode(), f"passkey user\0{account_id}".encode(), hashlib.sha256
    ).digest()


def counter_went_back(kept: int, told: int) -> bool:
    """True when a key has counted its uses backwards: then there are two of it. Keys that don't count always say zero."""
    return 0 < kept >= told


def _seal(body: str, secret: str) -> str:
    return hmac.new(
        secret.encode(), f"passkey challenge\0{body}".encode(), hashlib.sha256
    ).hexdigest()


def _origin(parts: SplitResult) -> str:
    """An address as browsers name it: a usual port is left out, a Russian host written in Latin letters."""
    host = (parts.hostname or "").encode("idna").decode()
    port = parts.port if parts.port != _USUAL_PORTS.get(parts.scheme) else None
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{f':{port}' if port else ''}"


def _is_bare_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
