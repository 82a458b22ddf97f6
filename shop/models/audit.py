"""The audit: what each night's look at the books found, and how the shop's payments compare with the gateways'."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Moment
from shop.models.base import Model


class AuditRun(Model):
    """One look at all the rules, and what it found (as queries/audit.Finding has it)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    # "timer", "terminal", or "staff:17".
    actor: Mapped[str] = mapped_column(String(40))
    began_at: Mapped[datetime] = mapped_column(Moment, index=True)
    took_ms: Mapped[int]
    finding_count: Mapped[int]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class PaymentDifference(Model):
    """A payment that a gateway and the shop tell differently; solved once a later comparison no longer finds it."""

    __table_args__ = (
        UniqueConstraint("gateway", "gateway_ref", "kind"),
        Index("ix_payment_difference_open", "solved_at", "gateway"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gateway: Mapped[str] = mapped_column(String(20))
    gateway_ref: Mapped[str] = mapped_column(String(64))
    # unknown_here, unknown_there, status, amount, refunded.
    kind: Mapped[str] = mapped_column(String(20))
    # The order's number or the certificate's, when the shop knows it.
    number: Mapped[str] = mapped_column(String(20), default="")
    # As the shop has it and as the gateway does, in a word or a sum.
    ours: Mapped[str] = mapped_column(String(60))
    theirs: Mapped[str] = mapped_column(String(60))
    found_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    solved_at: Mapped[datetime | None] = mapped_column(Moment)


class GatewayCheck(Model):
    """When the shop last compared its payments with a gateway's, and why it couldn't if the last try failed."""

    gateway: Mapped[str] = mapped_column(String(20), primary_key=True)
    tried_at: Mapped[datetime] = mapped_column(Moment)
    # The last time that it could.
    compared_at: Mapped[datetime | None] = mapped_column(Moment)
    payments: Mapped[int] = mapped_column(default=0)
    # Payments that differed in the list but weren't asked about, because too many did.
    unasked: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(String(200), default="")
