"""The anti-spam code before a letter is asked for: shown, spoken, and taken once."""

import secrets
from datetime import datetime

from flask import current_app

from shop.db import errand, use_case
from shop.gateways import captcha
from shop.queries.recovery import is_spent
from shop.rules.captcha import (
    digits_of,
    is_key_alive,
    is_right_code,
    is_work_done,
    key_ends_at,
    noise_of,
    signed_key,
)
from shop.services.auth import count_try, spend_key


class NoSuchKey(Exception):
    """The shop never signed this key."""


class CodeIsOver(Exception):
    """The key is too old, or was used: a new code is needed."""


class WrongCode(Exception):
    """Neither the digits nor the work belong to the key, which is spent by that."""


@errand
def new_key(*, now: datetime) -> str:
    """Return the key of a new code. Nothing is written: the code follows from the key."""
    return signed_key(secrets.token_urlsafe(12), now=now, secret=_secret())


@errand
def draw_code(*, key: str, address: str = "", now: datetime) -> bytes:
    """Return the picture of a key's code.

    :raises NoSuchKey: when the key is made up.
    :raises CodeIsOver: when it was used or is too old.
    :raises TooManyTries: when this address has had too many drawn and spoken.
    """
    _let_render(key, address, now)
    return captcha.drawn(digits_of(key, secret=_secret()))


@errand
def speak_code(*, key: str, language: str, address: str = "", now: datetime) -> bytes:
    """Return the sound of a key's code in this language; the same key sounds the same. Raises as `draw_code` does."""
    _let_render(key, address, now)
    secret = _secret()
    return captcha.spoken(
        digits_of(key, secret=secret), language=language, noise=noise_of(key, secret=secret)
    )


@use_case
def take_code(*, key: str, code: str, proof: str, now: datetime) -> CodeIsOver | WrongCode | None:
    """Spend a key, and say what is wrong with what was given for it: None when it is right.

    The fault is returned, not raised: a wrong answer spends the key too, and raising would undo that.
    """
    ends_at = key_ends_at(key, secret=_secret())
    if ends_at is None or not is_key_alive(ends_at, now=now):
        return CodeIsOver()
    if not spend_key(key=key, expires_at=ends_at, now=now):
        return CodeIsOver()
    if is_work_done(key, proof) or is_right_code(code, key, secret=_secret()):
        return None
    return WrongCode()


def _let_render(key: str, address: str, now: datetime) -> None:
    """Refuse to draw or speak for nothing: both cost more than anything else a stranger may ask for."""
    ends_at = key_ends_at(key, secret=_secret())
    if ends_at is None:
        raise NoSuchKey
    if not is_key_alive(ends_at, now=now) or is_spent(key=key):
        raise CodeIsOver
    count_try(deed="captcha", subject="", address=address, now=now)


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])
