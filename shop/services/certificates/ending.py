"""A certificate's other ends: blocked by the shop, given back for its price, or left lying until its term passed."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from shop.db import db, errand, use_case
from shop.db.here import zone
from shop.db.rounds import one_by_one
from shop.models.certificates import Certificate
from shop.rules.certificates import may_be_refunded
from shop.rules.ledger import BREAKAGE, CERTIFICATES, flow, refund_due
from shop.services.ledger import post, tell

log = logging.getLogger("shop.certificates")


class NotPossible(Exception):
    """The certificate isn't in a state that allows it: somebody was quicker, or its time has passed."""


@dataclass(frozen=True, slots=True)
class ToSendBack:
    """What its buyer paid for a certificate that is no more."""

    certificate_id: int
    serial: str
    amount_kopecks: int


@use_case
def block(*, serial: str, reason: str, actor_id: int, now: datetime) -> None:
    """Let nobody activate a certificate; its money stays where it is.

    :raises NotPossible: when it isn't one that could be activated.
    """
    blocked = {"blocked_at": now, "blocked_by": actor_id, "block_reason": reason}
    _move(serial, ("sold",), state="blocked", **blocked)


@use_case
def unblock(*, serial: str) -> None:
    """Let a blocked certificate be activated again.

    :raises NotPossible: when it isn't blocked, or its money has gone back.
    """
    nobody = {"blocked_at": None, "blocked_by": None, "block_reason": ""}
    _move(serial, ("blocked",), state="sold", **nobody)


@use_case
def refund_certificate(
    *, serial: str, account_id: int | None = None, actor_id: int | None = None, now: datetime
) -> ToSendBack:
    """Kill an unused bought certificate; return the money that the caller sends back to its buyer.

    Its buyer (`account_id`) may for 14 days; an employee (`actor_id`) any time before it is used or its term has passed.

    :raises NotPossible: when it is used, blocked, over, free, or too old for its buyer.
    :raises NoResultFound: when the buyer has no such certificate.
    """
    mine = select(Certificate).where(Certificate.serial == serial)
    if account_id is not None:
        mine = mine.where(Certificate.buyer_id == account_id)
    found = db.session.scalars(mine.execution_options(populate_existing=True)).one()
    is_late = account_id is not None and not may_be_refunded(
        found.state, found.sold_at, now, zone()
    )
    if is_late or found.is_free:
        raise NotPossible
    _move(
        serial,
        ("sold", "blocked"),
        state="blocked",
        blocked_at=now,
        blocked_by=actor_id,
        block_reason="refund",
        refunded_at=now,
    )
    post(
        once_key=f"cert:{serial}:refund",
        kind="certificate_refund",
        lines=flow(CERTIFICATES, refund_due(serial), found.nominal_kopecks),
        reference=serial,
        actor="customer" if actor_id is None else f"staff:{actor_id}",
        now=now,
    )
    return ToSendBack(found.id, serial, found.nominal_kopecks)


@errand
def expire_due(*, now: datetime) -> int:
    """End certificates that nobody activated in their term, and return how many."""
    due = (
        select(Certificate.serial)
        .where(Certificate.state == "sold", Certificate.expires_at <= now)
        .order_by(Certificate.id)
    )
    ended = one_by_one(
        db.session.scalars(due).all(),
        lambda serial: _expire(serial=serial, now=now),
        log=log,
        trouble="certificate %s did not end; it is tried again",
    )
    return sum(ended)


@use_case
def _expire(*, serial: str, now: datetime) -> bool:
    """What was paid for it is the shop's; a free one had cost nothing yet."""
    try:
        ended = _move(serial, ("sold",), state="expired")
    except NotPossible:
        return False
    key = f"cert:{serial}:expired"
    if ended.is_free:
        tell(event="certificate_expired", facts={"key": key})
    else:
        post(
            once_key=key,
            kind="certificate_expired",
            lines=flow(CERTIFICATES, BREAKAGE, ended.nominal_kopecks),
            reference=serial,
            actor="shop",
            now=now,
        )
    return True


def _move(serial: str, states: Iterable[str], **values: Any) -> Certificate:
    """Change a certificate that is in one of `states` and not refunded; whoever comes second finds it changed."""
    moved = db.session.scalar(
        update(Certificate)
        .where(
            Certificate.serial == serial,
            Certificate.state.in_(states),
            Certificate.refunded_at.is_(None),
        )
        .values(**values)
        .returning(Certificate)
        .execution_options(populate_existing=True)
    )
    if moved is None:
        raise NotPossible
    return moved
