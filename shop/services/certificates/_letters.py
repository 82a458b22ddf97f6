"""Letters about certificates: to who bought one, to whom it is given, to both when it is activated."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from shop.db import db
from shop.models.auth import Account
from shop.models.certificates import Certificate
from shop.rules.auth import masked_email
from shop.rules.certificates import shown_code
from shop.services.certificates._codes import opened
from shop.services.notices import queue_letter, write_to


def tell_buyer(certificate: Certificate, now: datetime) -> None:
    """Write that the money has come, and where the certificate is."""
    facts = _facts(certificate) | {
        "recipient_name": certificate.recipient_name,
        "recipient_email": certificate.recipient_email,
        "send_on": certificate.send_on.isoformat() if certificate.send_on else None,
    }
    _write("certificate_sold", _account(certificate.buyer_id), facts, certificate.serial, now)


def send_gift(certificate: Certificate, now: datetime) -> None:
    """Write to whom it is given, with the code: the letter is the certificate."""
    giver = _account(certificate.buyer_id)
    facts = _facts(certificate) | {
        "code": shown_code(opened(certificate.sealed_code, certificate.id)),
        "recipient_name": certificate.recipient_name,
        "giver_name": giver.given_name if giver else "",
        "wish": certificate.wish,
    }
    queue_letter(
        letter="certificate_gift",
        to=certificate.recipient_email,
        language=giver.language if giver else "ru",
        facts=facts,
        once_key=f"certificate-gift-{certificate.serial}",
        now=now,
    )


def tell_activated(certificate: Certificate, account_id: int, now: datetime) -> None:
    """Write to whoever activated it what there is to spend; to its buyer that it was done, and not by whom."""
    mine = _account(account_id)
    facts = _facts(certificate) | {
        "activated_at": now.isoformat(),
        "by": masked_email(mine.email) if mine else "",
        "is_buyer": False,
    }
    _write("certificate_activated", mine, facts, certificate.serial, now)
    if certificate.buyer_id not in {None, account_id}:
        told = facts | {"is_buyer": True}
        buyer = _account(certificate.buyer_id)
        _write("certificate_activated", buyer, told, f"{certificate.serial}-buyer", now)


def _facts(certificate: Certificate) -> dict[str, Any]:
    return {
        "serial": certificate.serial,
        "nominal_kopecks": certificate.nominal_kopecks,
        "is_free": certificate.is_free,
        "expires_at": certificate.expires_at.isoformat(),
    }


def _account(account_id: int | None) -> Account | None:
    return db.session.scalar(select(Account).where(Account.id == account_id))


def _write(
    letter: str, account: Account | None, facts: dict[str, Any], key: str, now: datetime
) -> None:
    if account is None:
        return
    write_to(
        account=account,
        letter=letter,
        facts=facts,
        once_key=f"{letter.replace('_', '-')}-{key}",
        now=now,
    )
