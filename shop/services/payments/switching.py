"""Switching ways to pay on and off: the owner's decision, kept with who made it and when."""

from datetime import datetime

from shop.db import db, use_case
from shop.models.payments import PaymentMethod
from shop.queries.payments import switches_of


class NoSuchMethod(Exception):
    """The shop knows no such way to pay."""


@use_case
def switch_method(
    *, code: str, is_on: bool, actor_id: int, is_production: bool, now: datetime
) -> bool:
    """Switch a way to pay on or off, and return True when this call did; what stands so already stays as it is.

    Payments that are under way go on as they began.

    :raises NoSuchMethod: when rules/payments has no such way.
    """
    stands = {one.method.code: one.is_on for one in switches_of(is_production=is_production)}
    if code not in stands:
        raise NoSuchMethod
    if stands[code] == is_on:
        return False
    row = db.session.get(PaymentMethod, code)
    if row is None:
        row = PaymentMethod(code=code)
        db.session.add(row)
    row.is_on, row.changed_by, row.changed_at = is_on, actor_id, now
    db.session.flush()
    return True
