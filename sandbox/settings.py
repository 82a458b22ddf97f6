"""What the sandbox reads from the environment, once, at start."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class BankSettings:
    """How one bank is set up. Tests make their own."""

    data: Path
    notices_url: str = ""
    shop_id: str = "100500"
    secret: str = "test_sandbox_secret"
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    # The address people reach the bank at, when a proxy stands before it.
    public_url: str = ""
    # Retries of a notice wait this many times their usual pause.
    retry_scale: float = 1.0
    merchant: str = "Интернет-магазин"
    # Sber's gateway: what the shop signs in with, what callbacks are signed with, how they are sent.
    sber_user: str = "shop-api"
    sber_password: str = "test_sandbox_secret"
    sber_callback_key: str = "test_sandbox_callback_key"
    sber_callback_method: str = "POST"


@dataclass(frozen=True)
class Settings:
    """Everything `python -m sandbox` needs."""

    bank: BankSettings
    data: Path
    bank_port: int
    mailbox_port: int
    smtp_port: int


def settings_from(environ=os.environ) -> Settings:
    """Return the settings this environment asks for.

    :raises ValueError: when a port is not a number.
    """
    data = Path(environ.get("SANDBOX_DATA") or "instance/sandbox")
    token = environ.get("SANDBOX_TOKEN")
    bank = BankSettings(
        data=data,
        notices_url=environ.get("SHOP_NOTICES", ""),
        shop_id=environ.get("BANK_SHOP_ID") or "100500",
        secret=environ.get("BANK_SECRET") or "test_sandbox_secret",
        public_url=environ.get("BANK_PUBLIC_URL", "").rstrip("/"),
        retry_scale=float(environ.get("BANK_RETRY_SCALE") or 1),
        merchant=environ.get("BANK_MERCHANT") or "Интернет-магазин",
        sber_user=environ.get("SBER_USER") or "shop-api",
        sber_password=environ.get("SBER_PASSWORD") or "test_sandbox_secret",
        sber_callback_key=environ.get("SBER_CALLBACK_KEY") or "test_sandbox_callback_key",
        sber_callback_method=environ.get("SBER_CALLBACK_METHOD") or "POST",
        **({"token": token} if token else {}),
    )
    return Settings(
        bank=bank,
        data=data,
        bank_port=int(environ.get("BANK_PORT") or 8026),
        mailbox_port=int(environ.get("MAILBOX_PORT") or 8025),
        smtp_port=int(environ.get("SMTP_PORT") or 8027),
    )
