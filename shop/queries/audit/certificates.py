"""Rule 12: a certificate's sum comes onto one account, once; what lies unused in the books is what was sold."""

from datetime import datetime

from sqlalchemy import and_, case, func, literal, or_, select

from shop.models.certificates import Campaign, CampaignUse, Certificate
from shop.models.ledger import LedgerAccount, LedgerEntry, LedgerPosting
from shop.queries.audit.findings import Finding, all_of, joined, told, zero_if_none
from shop.rules.ledger import CERTIFICATES


def certificates_that_differ(_now: datetime) -> list[Finding]:
    """12: each activated one has put its face value onto its activator's account; code words were used as often as counted."""
    bucket = case((Certificate.is_free, ":promo"), else_=":balance")
    owner = joined("customer:", Certificate.activated_by, bucket)
    credited = -zero_if_none(LedgerPosting.amount)
    activated = (
        select(Certificate.serial, credited, Certificate.nominal_kopecks)
        .outerjoin(LedgerEntry, LedgerEntry.once_key == joined("cert:", Certificate.serial, ":act"))
        .outerjoin(LedgerAccount, LedgerAccount.code == owner)
        .outerjoin(
            LedgerPosting,
            and_(
                LedgerPosting.entry_id == LedgerEntry.id,
                LedgerPosting.account_id == LedgerAccount.id,
            ),
        )
        .where(Certificate.state == "activated", credited != Certificate.nominal_kopecks)
    )
    is_activated = select(joined("cert:", Certificate.serial, ":act")).where(
        Certificate.state == "activated"
    )
    without = select(LedgerEntry.once_key).where(
        LedgerEntry.kind == "certificate_activated", LedgerEntry.once_key.not_in(is_activated)
    )
    nobody = select(Certificate.serial).where(
        Certificate.state == "activated",
        or_(Certificate.activated_by.is_(None), Certificate.activated_at.is_(None)),
    )
    return all_of(
        told(12, "activation", activated, in_money=True),
        told(12, "activation_without", without),
        told(12, "activated_by_nobody", nobody),
        _unused(),
        _words(),
    )


def _unused() -> list[Finding]:
    sold = (
        select(func.coalesce(func.sum(Certificate.nominal_kopecks), 0))
        .where(
            Certificate.is_free.is_(False),
            Certificate.state.in_(("sold", "blocked")),
            Certificate.refunded_at.is_(None),
        )
        .scalar_subquery()
    )
    in_books = (
        select(func.coalesce(func.sum(LedgerAccount.balance), 0))
        .where(LedgerAccount.code == CERTIFICATES.code)
        .scalar_subquery()
    )
    query = select(literal(CERTIFICATES.code), in_books, sold)
    return all_of(told(12, "unused", query.where(in_books != sold), in_money=True))


def _words() -> list[Finding]:
    used = (
        select(CampaignUse.campaign_id, func.count().label("times"))
        .group_by(CampaignUse.campaign_id)
        .subquery()
    )
    times = zero_if_none(used.c.times)
    return all_of(
        told(
            12,
            "word_uses",
            select(Campaign.word, Campaign.uses, times)
            .outerjoin(used, used.c.campaign_id == Campaign.id)
            .where(Campaign.uses != times),
        )
    )
