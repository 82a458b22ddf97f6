"""What a code or a word leads to, and what of it the customer has used already."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, select

from shop.db import db
from shop.models.certificates import Campaign, CampaignUse, Certificate


@dataclass(frozen=True, slots=True)
class Preview:
    """What a code or a word gives: kopecks of a balance, or whole points; `until` it can be taken.

    `kind` is "certificate" or "word", `name` the serial or the word, `gives` is "balance", "promo" or "points".
    """

    kind: str
    name: str
    gives: str
    amount: int
    until: datetime


class CertificateFound(NamedTuple):
    """How a certificate stands."""

    serial: str
    state: str
    nominal_kopecks: int
    is_free: bool
    expires_at: datetime
    activated_at: datetime | None
    activated_by: int | None


class WordFound(NamedTuple):
    """How a campaign stands, and when this account used its word."""

    gives: str
    amount: int
    most_uses: int
    uses: int
    starts_at: datetime
    ends_at: datetime
    is_on: bool
    used_at: datetime | None


def certificate_by(*, code_hash: str) -> CertificateFound | None:
    """Return the certificate of a code's hash (rules/certificates.code_hash), in whatever state it is."""
    columns = [getattr(Certificate, name) for name in CertificateFound._fields]
    row = db.session.execute(
        select(*columns).where(Certificate.code_hash == code_hash)
    ).one_or_none()
    return CertificateFound(**row._mapping) if row else None


def nth_last_activation(*, account_id: int, nth: int) -> datetime | None:
    """Return when an account activated its last certificate but `nth` − 1, or None when it hasn't so many."""
    return db.session.scalar(
        select(Certificate.activated_at)
        .where(Certificate.activated_by == account_id)
        .order_by(Certificate.activated_at.desc(), Certificate.id.desc())
        .offset(nth - 1)
        .limit(1)
    )


def word_by(*, word: str, account_id: int) -> WordFound | None:
    """Return the campaign of a word (rules/certificates.normal_word), with this account's use of it."""
    columns = [getattr(Campaign, name) for name in WordFound._fields[:-1]]
    mine = and_(CampaignUse.campaign_id == Campaign.id, CampaignUse.account_id == account_id)
    row = db.session.execute(
        select(*columns, CampaignUse.used_at)
        .outerjoin(CampaignUse, mine)
        .where(Campaign.word == word)
    ).one_or_none()
    return WordFound(**row._mapping) if row else None
