"""The log of an account: written with whatever happened, read by its owner, changed by nobody."""

from datetime import datetime
from typing import Any

from shop.db import db, use_case
from shop.models.profile import AccountEvent
from shop.rules.devices import NO_DEVICE, Device
from shop.rules.events import KINDS


@use_case
def note_event(
    *,
    account_id: int,
    kind: str,
    now: datetime,
    facts: dict[str, Any] | None = None,
    device: Device = NO_DEVICE,
    actor_id: int | None = None,
) -> None:
    """Write down that something of `kind` (rules/events.py) happened; `actor_id` is the employee who did it.

    `facts` fill the sentence; codes, tokens and passwords have no place in them.
    """
    assert kind in KINDS, kind
    db.session.add(
        AccountEvent(
            account_id=account_id,
            kind=kind,
            facts=facts or {},
            actor_id=actor_id,
            happened_at=now,
            **device.kept,
        )
    )
