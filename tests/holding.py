"""For tests of passkeys: adding one to an account, and coming in with it."""

from datetime import UTC, datetime

from authenticator import Authenticator
from factories import NOON
from flask import Flask
from sqlalchemy import select

from shop.db import db
from shop.models import Account, Passkey
from shop.queries.security.passkeys import question_of_registration, question_of_sign_in
from shop.rules.devices import Device
from shop.rules.passkeys import Party
from shop.services.security.passkeys import add_passkey, sign_in_with_passkey

HERE = Party("localhost", "http://localhost", "Озон")
PHONE = Device("203.0.113.7", "Chrome, Android", "RU", "203.0.113.0/24")


def question(account, now=NOON):
    return question_of_registration(account_id=account.id, party=HERE, now=now)


def add(account, device, asked=None, now=NOON, name="Телефон", **instead):
    """Let a device make a key of the account; return its id."""
    return add_passkey(
        account_id=account.id,
        credential=device.make(asked or question(account, now), **instead),
        name=name,
        party=HERE,
        device=PHONE,
        now=now,
    )


def come_in(device, asked=None, now=NOON, key=None, address="203.0.113.7", **instead):
    """Sign in with a device's key; return the id of the account that it opens."""
    asked = asked or question_of_sign_in(party=HERE, now=now)
    answer = device.show(asked, key, **instead)
    return sign_in_with_passkey(credential=answer, party=HERE, address=address, now=now)


def keys():
    return db.session.scalars(select(Passkey).order_by(Passkey.id)).all()


def added_key(app: Flask, account: Account, device: Authenticator, name: str = "Телефон") -> int:
    """For tests of pages: let a device make a key of the account a moment ago."""
    with app.app_context():
        return int(add(account, device, now=datetime.now(UTC), name=name))
