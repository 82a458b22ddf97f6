"""Every setting, read from the environment and checked once, at start."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from shop.rules.orders import RETURN_DAYS
from shop.rules.points import STATUS_TIERS, Tier, tiers_of


class WrongSetting(Exception):
    """A setting that the shop cannot start with; its text says which, and what to do."""


@dataclass(frozen=True)
class Config:
    """What the owner of the shop decides. Names are the environment's, in lower case."""

    shop_data: Path
    shop_url: str
    shop_env: str
    shop_name: str
    shop_time_zone: ZoneInfo
    shop_hotline: str
    shop_support_email: str
    seller_name: str
    seller_address: str
    seller_ogrn: str
    seller_inn: str
    secret_key: str
    database_url: str
    queue_url: str
    mail_server: str
    mail_port: int
    mail_username: str
    mail_password: str
    mail_use_tls: bool
    mail_from: str
    yookassa_api_url: str
    yookassa_shop_id: str
    yookassa_secret_key: str
    yookassa_networks: tuple[str, ...]
    yookassa_vat_code: int
    sber_api_url: str
    sber_user: str
    sber_password: str
    sber_callback_key: str
    sber_networks: tuple[str, ...]
    paypal_api_url: str
    paypal_client_id: str
    paypal_secret: str
    paypal_webhook_id: str
    paypal_networks: tuple[str, ...]
    webmoney_pay_url: str
    webmoney_api_url: str
    webmoney_purse: str
    webmoney_wmid: str
    webmoney_secret: str
    webmoney_networks: tuple[str, ...]
    qiwi_api_url: str
    qiwi_secret_key: str
    qiwi_networks: tuple[str, ...]
    payment_pages: tuple[str, ...]
    payment_minutes: int
    status_tiers: tuple[Tier, ...]
    return_days: int
    two_people_from: int
    staff_second_step: bool
    proxy_hops: int
    log_level: str

    @property
    def is_production(self) -> bool:
        """True when real customers pay real money here."""
        return self.shop_env == "production"

    @property
    def is_https(self) -> bool:
        """True when people reach the shop through TLS."""
        return self.shop_url.startswith("https://")

    @property
    def has_sber(self) -> bool:
        """True when payments through Sber lead somewhere; the account there is optional in production."""
        return not (self.is_production and _is_this_machine(self.sber_api_url))

    @property
    def media(self) -> Path:
        """The folder of product pictures."""
        return self.shop_data / "media"


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValueError("it must be a whole address, such as https://shop.example")
    return value.rstrip("/")


def _port(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 0 < int(value) < 65536:
        raise ValueError("it must be a number from 1 to 65535")
    return int(value)


def _count(value: str) -> int:
    if not value.isascii() or not value.isdigit():
        raise ValueError("it must be a whole number, zero or more")
    return int(value)


def _truth(value: str) -> bool:
    if value.lower() not in {"0", "1", "no", "yes", "false", "true"}:
        raise ValueError("it must be 1 or 0")
    return value.lower() in {"1", "yes", "true"}


def _zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("it must be a time zone, such as Europe/Moscow") from None


def _env(value: str) -> str:
    if value not in {"production", "demo", "test"}:
        raise ValueError("it must be production, demo or test")
    return value


def _words(value: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in value.split(",") if word.strip())


_THIS_MACHINE = "127.0.0.0/8,::1/128"

# name: (default, how to read it). A default of None means the owner must say it.
_KNOWN: dict[str, tuple[str | None, Callable[[str], object]]] = {
    "shop_data": ("instance", lambda value: Path(value).expanduser().absolute()),
    "shop_url": ("http://127.0.0.1:8000", _url),
    "shop_env": ("demo", _env),
    "shop_name": ("Озон", str),
    "shop_time_zone": ("Europe/Moscow", _zone),
    "shop_hotline": ("8 800 000-00-00", str),
    "shop_support_email": ("help@shop.example", str),
    "seller_name": ("", str),
    "seller_address": ("", str),
    "seller_ogrn": ("", str),
    "seller_inn": ("", str),
    "secret_key": ("", str),
    "database_url": ("", str),
    "queue_url": ("", str),
    "mail_server": ("127.0.0.1", str),
    "mail_port": ("8027", _port),
    "mail_username": ("", str),
    "mail_password": ("", str),
    "mail_use_tls": ("0", _truth),
    "mail_from": ("shop@shop.example", str),
    "yookassa_api_url": ("http://127.0.0.1:8026/v3", _url),
    "yookassa_shop_id": ("100500", str),
    "yookassa_secret_key": ("test_sandbox_secret", str),
    "yookassa_networks": (_THIS_MACHINE, _words),
    "yookassa_vat_code": ("1", _count),
    "sber_api_url": ("http://127.0.0.1:8026/sber/payment", _url),
    "sber_user": ("shop-api", str),
    "sber_password": ("test_sandbox_secret", str),
    "sber_callback_key": ("test_sandbox_callback_key", str),
    "sber_networks": (_THIS_MACHINE, _words),
    "paypal_api_url": ("http://127.0.0.1:8026/paypal", _url),
    "paypal_client_id": ("test_sandbox_client", str),
    "paypal_secret": ("test_sandbox_secret", str),
    "paypal_webhook_id": ("test_sandbox_webhook", str),
    "paypal_networks": (_THIS_MACHINE, _words),
    "webmoney_pay_url": ("http://127.0.0.1:8026/webmoney/lmi/payment.asp", _url),
    "webmoney_api_url": ("http://127.0.0.1:8026/webmoney/conf/xml/XMLTransGet.asp", _url),
    "webmoney_purse": ("P100500100500", str),
    "webmoney_wmid": ("100500100500", str),
    "webmoney_secret": ("test_sandbox_secret", str),
    "webmoney_networks": (_THIS_MACHINE, _words),
    "qiwi_api_url": ("http://127.0.0.1:8026/qiwi/partner/bill/v1", _url),
    "qiwi_secret_key": ("test_sandbox_secret", str),
    "qiwi_networks": (_THIS_MACHINE, _words),
    "payment_pages": ("", _words),
    "payment_minutes": ("30", _count),
    "status_tiers": (STATUS_TIERS, tiers_of),
    "return_days": (str(RETURN_DAYS), _count),
    "two_people_from": ("30000", _count),
    "staff_second_step": ("", lambda value: _truth(value) if value else None),
    "proxy_hops": ("0", _count),
    "log_level": ("INFO", str),
}


def read_config(environment: Mapping[str, str] | None = None) -> Config:
    """Read the settings from `environment` (default: the process's own).

    :raises WrongSetting: with one clear sentence for the first setting that cannot be used.
    """
    given = os.environ if environment is None else environment
    values: dict[str, object] = {}
    for field in fields(Config):
        default, read = _KNOWN[field.name]
        text = given.get(field.name.upper(), "").strip() or default or ""
        try:
            values[field.name] = read(text)
        except ValueError as problem:
            raise WrongSetting(f"{field.name.upper()} is «{text}», but {problem}.") from None
    _complete(values)
    config = Config(**values)  # type: ignore[arg-type]
    _check(config)
    return config


def _complete(values: dict[str, object]) -> None:
    """Fill what depends on other settings: the database, the queue, the demo's secret, the employees' second step."""
    folder = Path(str(values["shop_data"]))
    folder.mkdir(parents=True, exist_ok=True)
    values["database_url"] = values["database_url"] or f"sqlite:///{folder / 'shop.db'}"
    values["queue_url"] = values["queue_url"] or f"sqlite:///{folder / 'queue.db'}"
    if not values["payment_pages"]:
        values["payment_pages"] = (
            *_pages_of(*(str(values[name]) for name in _LEADING_TO_PAGES)),
            "https://yoomoney.ru",
            "https://yookassa.ru",
        )
    if values["staff_second_step"] is None:
        values["staff_second_step"] = values["shop_env"] == "production"
    if not values["secret_key"] and values["shop_env"] != "production":
        values["secret_key"] = _kept_secret(folder / "secret_key")


# Addresses whose gateways lead payers to pages, YooKassa's first; some have these pages at another host.
_LEADING_TO_PAGES = (
    "yookassa_api_url",
    "sber_api_url",
    "paypal_api_url",
    "webmoney_pay_url",
    "qiwi_api_url",
)
_PAGES_ELSEWHERE = {
    "https://api-m.paypal.com": "https://www.paypal.com",
    "https://api-m.sandbox.paypal.com": "https://www.sandbox.paypal.com",
    "https://api.qiwi.com": "https://oplata.qiwi.com",
}


def _pages_of(yookassa: str, *others: str) -> tuple[str, ...]:
    """Return where payers are led to; of a gateway left at the sandbox's address a real shop has no account."""
    is_demo = _is_this_machine(yookassa)
    led_to = [yookassa, *(url for url in others if is_demo or not _is_this_machine(url))]
    hosts = [f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in led_to]
    return tuple(dict.fromkeys(_PAGES_ELSEWHERE.get(host, host) for host in hosts))


def _is_this_machine(url: str) -> bool:
    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}


def _kept_secret(file: Path) -> str:
    """Return the demo's secret, made once, so that a restart signs nobody out."""
    try:
        with file.open("x") as fresh:
            fresh.write(secrets.token_hex(32))
        file.chmod(0o600)
    except FileExistsError:
        pass
    return file.read_text().strip()


def _check(config: Config) -> None:
    if len(config.secret_key) < 32:
        raise WrongSetting(
            "SECRET_KEY is missing or shorter than 32 characters; make one, such as by `openssl rand -hex 32`."
        )
    if not config.is_production:
        return
    if not config.is_https:
        raise WrongSetting(
            "SHOP_URL must begin with https:// in production, or passwords travel in the open."
        )
    if _is_this_machine(config.yookassa_api_url):
        raise WrongSetting(
            "YOOKASSA_API_URL points at this machine; production must use the gateway's own address."
        )
    # Sber's account is optional: whoever has one has changed both its name and the address.
    has_account = config.sber_user != _KNOWN["sber_user"][0]
    if has_account == _is_this_machine(config.sber_api_url):
        raise WrongSetting(
            "SBER_USER and SBER_API_URL belong together: production must use the bank's own address "
            "and the shop's own name there, or leave both out."
        )
