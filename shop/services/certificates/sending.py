"""Letters that were put off to a day: the gift reaches its person in the morning of that day."""

import logging
from datetime import datetime

from sqlalchemy import select, update

from shop.db import db, errand, use_case
from shop.db.rounds import one_by_one
from shop.models.certificates import Certificate
from shop.rules.certificates import last_day_due
from shop.services.certificates import _letters

log = logging.getLogger("shop.certificates")


@errand
def send_due(*, local: datetime, now: datetime) -> int:
    """Send the letters whose day has come, and return how many; `local` is now by the shop's clock."""
    due = (
        select(Certificate.id)
        .where(
            Certificate.state == "sold",
            Certificate.send_on <= last_day_due(local),
            Certificate.sent_at.is_(None),
            Certificate.recipient_email != "",
        )
        .order_by(Certificate.id)
    )
    sent = one_by_one(
        db.session.scalars(due).all(),
        lambda one: _send(certificate_id=one, now=now),
        log=log,
        trouble="the letter of certificate %s was not written; it is tried again",
    )
    return sum(sent)


@use_case
def _send(*, certificate_id: int, now: datetime) -> bool:
    sent = db.session.scalar(
        update(Certificate)
        .where(
            Certificate.id == certificate_id,
            Certificate.state == "sold",
            Certificate.sent_at.is_(None),
        )
        .values(sent_at=now)
        .returning(Certificate)
        .execution_options(populate_existing=True)
    )
    if sent is None:
        return False
    _letters.send_gift(sent, now)
    return True
