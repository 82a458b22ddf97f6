"""Gift certificates, and code words of campaigns: what puts money or points onto somebody's account once."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Moment
from shop.models.base import Model


class Certificate(Model):
    """One certificate: its face value goes onto the personal account of whoever activates it, once."""

    __table_args__ = (
        CheckConstraint(
            "state IN ('awaiting_payment', 'sold', 'activated', 'dropped', 'blocked', 'expired')",
            name="state_is_known",
        ),
        CheckConstraint("nominal_kopecks > 0", name="nominal_is_positive"),
        Index("ix_certificate_sending", "state", "send_on"),
        Index("ix_certificate_ending", "state", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Open: how support and owners name it. The code is what activates it, and only its HMAC is searched by.
    serial: Mapped[str] = mapped_column(String(20), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    # Sealed with the shop's secret: the buyer may print it again.
    sealed_code: Mapped[str] = mapped_column(String(200))
    code_end: Mapped[str] = mapped_column(String(4))
    nominal_kopecks: Mapped[int]
    # Given by the shop for nothing: goes to the promo balance, which is never paid out.
    is_free: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20))
    once_key: Mapped[str] = mapped_column(String(80), unique=True)
    buyer_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    # For whom: no e-mail means that the buyer hands it over.
    recipient_name: Mapped[str] = mapped_column(String(100), default="")
    recipient_email: Mapped[str] = mapped_column(String(254), default="")
    wish: Mapped[str] = mapped_column(String(500), default="")
    send_on: Mapped[date | None]
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    ordered_at: Mapped[datetime] = mapped_column(Moment)
    pay_until: Mapped[datetime | None] = mapped_column(Moment)
    sold_at: Mapped[datetime | None] = mapped_column(Moment)
    # Until then it must be activated.
    expires_at: Mapped[datetime] = mapped_column(Moment)
    activated_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    activated_at: Mapped[datetime | None] = mapped_column(Moment)
    blocked_at: Mapped[datetime | None] = mapped_column(Moment)
    block_reason: Mapped[str] = mapped_column(String(200), default="")
    blocked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    # When its price went back to its buyer: it never opens again.
    refunded_at: Mapped[datetime | None] = mapped_column(Moment)
    # Who gave a free one, and what for.
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    issue_reason: Mapped[str] = mapped_column(String(200), default="")


class Campaign(Model):
    """A code word: so much for everybody who writes it, once each, within limits."""

    __table_args__ = (
        CheckConstraint("gives IN ('promo', 'points')", name="gift_is_known"),
        CheckConstraint("amount > 0 AND uses >= 0 AND uses <= most_uses", name="sums_are_sane"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    # As it is compared: rules/certificates.
    word: Mapped[str] = mapped_column(String(40), unique=True)
    gives: Mapped[str] = mapped_column(String(10))
    # Kopecks of the promo balance, or whole points.
    amount: Mapped[int]
    most_uses: Mapped[int]
    uses: Mapped[int] = mapped_column(default=0)
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    is_on: Mapped[bool] = mapped_column(default=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)


class CampaignUse(Model):
    """Who wrote the word, and when; nobody does twice."""

    __table_args__ = (UniqueConstraint("campaign_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    used_at: Mapped[datetime] = mapped_column(Moment)
