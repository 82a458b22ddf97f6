"""How a certificate stands for people; the machine keeps fewer states."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Label, and_, case

from shop.models.certificates import Certificate


def state_shown(now: datetime) -> Label[str]:
    """Return a column `state`, one of rules/certificates.SHOWN_STATES.

    What was given back is blocked for the machine. The timer that ends terms comes some time after the term is over;
    nobody can activate it meanwhile.
    """
    return case(
        (Certificate.refunded_at.is_not(None), "given_back"),
        (and_(Certificate.state == "sold", Certificate.expires_at <= now), "expired"),
        else_=Certificate.state,
    ).label("state")


def columns_of(names: Iterable[str], now: datetime) -> list[ColumnElement[Any]]:
    """Return columns of certificates by their names, with `state` as it is shown."""
    return [state_shown(now) if name == "state" else getattr(Certificate, name) for name in names]
