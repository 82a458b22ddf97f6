"""For tests of the second step: an account that has one, and the codes its app would show."""

from datetime import UTC, datetime, timedelta

import pyotp
from factories import NOON
from flask import Flask
from sqlalchemy import select

from shop.db import db
from shop.models import AccountEvent, RecoveryCode, SecondStep, UserSession
from shop.queries.security.second_step import mark_to_remember
from shop.rules.auth import token_hash
from shop.rules.devices import Device
from shop.services.auth import open_session
from shop.services.security import begin_second_step, pass_second_step, secret_to_scan, turn_on

HOME = Device("203.0.113.7", "Chrome, Android", "RU", "203.0.113.0/24")
HALF_A_MINUTE = timedelta(seconds=30)


def code(secret, now):
    """What the app shows at `now`."""
    return pyotp.TOTP(secret).at(now)


def wrong_code(secret, now):
    """Six digits that the app shows neither now nor around now."""
    shown = {code(secret, now + away * HALF_A_MINUTE) for away in (-2, -1, 0, 1, 2)}
    return next(f"{number:06}" for number in range(10) if f"{number:06}" not in shown)


def session_id(account_id, now=NOON):
    """The id of a new sign-in by password."""
    token = open_session(account_id=account_id, way="password", device=HOME, now=now)
    return db.session.scalars(
        select(UserSession.id).where(UserSession.token_hash == token_hash(token))
    ).one()


def begun(account_id, now=NOON):
    begin_second_step(account_id=account_id, now=now)
    return secret_to_scan(account_id=account_id, now=now)


def stepping(account_id, now=NOON):
    """Turn the second step on; return the app's secret and the recovery codes."""
    secret = begun(account_id, now)
    here = session_id(account_id, now)
    codes = turn_on(
        account_id=account_id, session_id=here, code=code(secret, now), device=HOME, now=now
    )
    return secret, codes


def with_step(app: Flask, account):
    """Turn the second step on for a page's test, as of two minutes ago; return the secret and the codes."""
    with app.app_context():
        return stepping(account.id, datetime.now(UTC) - timedelta(minutes=2))


def passed(account_id, typed, *, now, device=HOME, **more):
    mark = more.pop("mark", None) or mark_to_remember(account_id=account_id)
    return pass_second_step(
        account_id=account_id, mark=mark, code=typed, device=device, now=now, **more
    )


def step(account_id):
    return db.session.get(SecondStep, account_id, populate_existing=True)


def unused_codes(account_id):
    rows = select(RecoveryCode).where(
        RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    )
    return len(db.session.scalars(rows).all())


def events(account_id, but=("signed_in", "signed_in_on_new_device")):
    """What the account's log tells: (kind, facts), oldest first."""
    rows = select(AccountEvent).where(AccountEvent.account_id == account_id)
    return [
        (one.kind, one.facts)
        for one in db.session.scalars(rows.order_by(AccountEvent.id))
        if one.kind not in but
    ]
