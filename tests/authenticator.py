"""A device that holds passkeys, for tests: it makes them and answers with them as a browser tells it, or as a cheat would."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, HOLDS_A_KEY = 0x01, 0x04, 0x40


@dataclass
class Key:
    """One passkey: the secret half stays here."""

    host: str
    user_handle: bytes
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    secret: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    count: int = 0

    @property
    def public(self) -> bytes:
        """The public half, as COSE writes it: P-256, for ES256."""
        point = self.secret.public_key().public_numbers()
        x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
        return bytes(cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y}))


class Authenticator:
    """Answers the shop's questions. `verified` False is a device that asks for no finger; `step` 0 never counts."""

    def __init__(
        self, origin: str = "http://localhost", *, verified: bool = True, step: int = 1
    ) -> None:
        self.origin = origin
        self.step = step
        self.flags = PRESENT | (VERIFIED if verified else 0)
        self.keys: list[Key] = []

    def make(self, question: dict[str, Any], **instead: Any) -> str:
        """Make a key; return what the browser sends. `instead` of what is so: challenge, credential_id."""
        key = Key(question["rp"]["id"], to_bytes(question["user"]["id"]))
        key.id = instead.get("credential_id", key.id)
        self.keys.append(key)
        told = (
            self._head(key, self.flags | HOLDS_A_KEY)
            + bytes(16)
            + len(key.id).to_bytes(2, "big")
            + key.id
            + key.public
        )
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": told})
        said = {
            "clientDataJSON": to_text(self._client_data("webauthn.create", question, instead)),
            "attestationObject": to_text(attestation),
            "transports": ["internal", "hybrid"],
        }
        return _credential(key, said)

    def show(self, question: dict[str, Any], key: Key | None = None, **instead: Any) -> str:
        """Answer with a key; return what the browser sends. `instead` of what is so: challenge, user_handle, count."""
        key = key or self.keys[-1]
        key.count = instead.get("count", key.count + self.step)
        client_data = self._client_data("webauthn.get", question, instead)
        told = self._head(key, self.flags)
        signed = told + hashlib.sha256(client_data).digest()
        handle = instead.get("user_handle", key.user_handle)
        said = {
            "clientDataJSON": to_text(client_data),
            "authenticatorData": to_text(told),
            "signature": to_text(key.secret.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": None if handle is None else to_text(handle),
        }
        return _credential(key, said)

    def _head(self, key: Key, flags: int) -> bytes:
        host = hashlib.sha256(key.host.encode()).digest()
        return host + bytes([flags]) + key.count.to_bytes(4, "big")

    def _client_data(self, kind: str, question: dict[str, Any], instead: dict[str, Any]) -> bytes:
        challenge = instead.get("challenge", question["challenge"])
        return json.dumps(
            {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        ).encode()


def _credential(key: Key, said: dict[str, Any]) -> str:
    number = to_text(key.id)
    return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": said})


def to_text(data: bytes) -> str:
    """Bytes as browsers send them."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def to_bytes(text: str) -> bytes:
    """What `to_text` was made of."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
