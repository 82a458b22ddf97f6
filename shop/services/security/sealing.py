"""What must be read again but never by whoever gets hold of the database: sealed with a key made of the shop's secret."""

import base64
from datetime import UTC, datetime

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


class SealIsBroken(Exception):
    """It was sealed with another SECRET_KEY, for another account, or was changed since."""


class Seal:
    """Seals for one purpose and one account: what was copied from another row doesn't open."""

    def __init__(self, purpose: str, account_id: int) -> None:
        self._whose = f"{purpose}:{account_id}"

    def close(self, text: str, now: datetime) -> str:
        """Return the text sealed, with the moment on it."""
        return self._key().encrypt_at_time(text.encode(), int(now.timestamp())).decode()

    def open(self, sealed: str) -> str:
        """Return the text.

        :raises SealIsBroken: when it can't be read with today's secret.
        """
        try:
            return self._key().decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SealIsBroken(self._whose) from None

    def closed_at(self, sealed: str) -> datetime:
        """Return when it was sealed.

        :raises SealIsBroken: when it can't be read with today's secret.
        """
        try:
            return datetime.fromtimestamp(self._key().extract_timestamp(sealed.encode()), UTC)
        except InvalidToken:
            raise SealIsBroken(self._whose) from None

    def _key(self) -> Fernet:
        secret: str = current_app.config["SECRET_KEY"]
        made = HKDF(algorithm=SHA256(), length=32, salt=None, info=self._whose.encode())
        return Fernet(base64.urlsafe_b64encode(made.derive(secret.encode())))
