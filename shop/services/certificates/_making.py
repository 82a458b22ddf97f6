"""Making a certificate: its row, its code, its serial; the same form makes one."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from shop.db import db
from shop.db.here import zone
from shop.models.certificates import Certificate
from shop.rules.certificates import (
    CODE_LENGTH,
    GROUP,
    activate_until,
    may_be_nominal,
    serial_of,
)
from shop.services.certificates import _letters
from shop.services.certificates._codes import hash_of, new_code, seal


class NotANominal(Exception):
    """Certificates aren't sold for such a sum."""


@dataclass(frozen=True, slots=True)
class Gift:
    """For whom a certificate is. Without an e-mail its buyer hands it over; without a day the letter goes at once."""

    recipient_name: str = ""
    recipient_email: str = ""
    wish: str = ""
    send_on: date | None = None


NOBODY_ELSE = Gift()


def form_key(whose: int, once_key: str, nominal_kopecks: int, gift: Gift) -> str:
    """What a form says is part of its key: sent again with another sum, it is another certificate."""
    said = (gift.recipient_name, gift.recipient_email, gift.wish, str(gift.send_on))
    whole = "\0".join((str(whose), once_key, str(nominal_kopecks), *said))
    return hashlib.sha256(whole.encode()).hexdigest()


def earlier_by(once_key: str) -> Certificate | None:
    """Return what the same form has made already."""
    return db.session.scalar(select(Certificate).where(Certificate.once_key == once_key))


def make_certificate(nominal_kopecks: int, gift: Gift, now: datetime, **more: Any) -> Certificate:
    """Write a certificate with a code of its own."""
    if not may_be_nominal(nominal_kopecks):
        raise NotANominal
    code = new_code()
    made = Certificate(
        serial=f"~{secrets.token_hex(9)}",  # The real one follows from the id.
        code_hash=hash_of(code),
        sealed_code="",
        code_end=code[CODE_LENGTH - GROUP :],
        nominal_kopecks=nominal_kopecks,
        recipient_name=gift.recipient_name,
        recipient_email=gift.recipient_email,
        wish=gift.wish,
        send_on=gift.send_on,
        ordered_at=now,
        expires_at=activate_until(now, zone()),
        **more,
    )
    db.session.add(made)
    db.session.flush()
    made.serial = serial_of(made.id)
    made.sealed_code = seal(code, made.id, now)
    db.session.flush()
    return made


def send_at_once(certificate: Certificate, now: datetime) -> None:
    """Send the gift's letter unless it goes to nobody, or is put off to a day."""
    if certificate.recipient_email and certificate.send_on is None:
        certificate.sent_at = now
        _letters.send_gift(certificate, now)
