"""The ways to pay that the shop offers now."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from shop.db import db
from shop.models.auth import Account
from shop.models.payments import PaymentMethod
from shop.rules.names import full_name
from shop.rules.payments import METHODS, Method


@dataclass(frozen=True, slots=True)
class Switch:
    """A way to pay and whether it is on; `changed_at` is None while it is as the shop came."""

    method: Method
    is_on: bool
    changed_at: datetime | None


def switches_of(*, is_production: bool) -> list[Switch]:
    """Return every way to pay that the shop knows. In the demo all are on until somebody switches one off."""
    changed = {row.code: row for row in db.session.scalars(select(PaymentMethod))}
    return [
        Switch(method, row.is_on, row.changed_at)
        if (row := changed.get(code))
        else Switch(method, not (is_production and method.off), None)
        for code, method in METHODS.items()
    ]


def ways_to_pay(*, is_production: bool) -> tuple[Method, ...]:
    """Return the ways to pay that are on and lead somewhere: an account at Sber is optional."""
    has_sber = current_app.extensions["shop_config"].has_sber
    return tuple(
        one.method
        for one in switches_of(is_production=is_production)
        if one.is_on and (one.method.gateway != "sber" or has_sber)
    )


def switched_by() -> dict[str, str]:
    """Return who switched each way to pay on or off last, by its code."""
    rows = db.session.execute(
        select(
            PaymentMethod.code, Account.family_name, Account.given_name, Account.patronymic
        ).join(Account, Account.id == PaymentMethod.changed_by)
    )
    return {code: full_name(*name) for code, *name in rows}
