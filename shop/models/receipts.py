"""Fiscal receipts: one row for each document that the law (54-ФЗ) wants of the shop."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Moment
from shop.models.base import Model


class Receipt(Model):
    """What was sold or went back, how it was settled, and how far the receipt of it has come."""

    __table_args__ = (
        CheckConstraint(
            "kind IN ('payment', 'settlement', 'refund', 'advance', 'advance_refund', 'balance_in', 'balance_refund')",
            name="kind_is_known",
        ),
        CheckConstraint(
            "state IN ('queued', 'sending', 'registered', 'failed', 'by_hand')",
            name="state_is_known",
        ),
        CheckConstraint("amount_kopecks > 0", name="amount_is_positive"),
        # A customer's balance that was paid out is neither: whose it was stands with the refund.
        CheckConstraint(
            "(order_id IS NULL) != (certificate_id IS NULL) OR (order_id IS NULL AND refund_id IS NOT NULL)",
            name="is_about_one_thing",
        ),
        UniqueConstraint("gateway", "gateway_ref"),
        Index("ix_receipt_desk", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The key of the entry that the same event has in the books: one event, one entry, one receipt.
    once_key: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("shop_order.id"), index=True)
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), index=True)
    parcel_id: Mapped[int | None] = mapped_column(ForeignKey("parcel.id"))
    # The payment at the gateway that the receipt hangs on, and the refund of it.
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("payment_attempt.id"))
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("payment_refund.id"), index=True)
    # Whose cash desk makes it; empty: the shop's own.
    gateway: Mapped[str] = mapped_column(String(20), default="")
    # It went there with the payment or the refund itself, so only its registration is looked for.
    is_inside: Mapped[bool] = mapped_column(default=False)
    amount_kopecks: Mapped[int]
    # As rules/receipts.Line and Settlement have them.
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    settlements: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    # Said to the gateway with every try of the same call, so that it happens once; `request` is what is asked, word
    # for word, until it is done: it names the customer's mailbox.
    idempotence_key: Mapped[str] = mapped_column(String(64), unique=True)
    request: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    gateway_ref: Mapped[str | None] = mapped_column(String(64))
    # The gateway's own word for a refusal, or why a person must print it.
    problem: Mapped[str] = mapped_column(String(60), default="")
    document_number: Mapped[str] = mapped_column(String(10), default="")
    storage_number: Mapped[str] = mapped_column(String(16), default="")
    fiscal_attribute: Mapped[str] = mapped_column(String(10), default="")
    registered_at: Mapped[datetime | None] = mapped_column(Moment)
    # Who printed it at the shop's own cash desk; None when a gateway did.
    registered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    # When it was first said to the gateway under its key.
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
