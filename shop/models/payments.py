"""Payments: attempts at paying an order, what gateways told us, money sent back."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Moment
from shop.models.base import Model

_OPEN = text("state IN ('new', 'sending', 'unknown', 'pending', 'held')")
# What timers and desks look for is a handful among all that ever was.
_IS_UNDECIDED = text("settled_at IS NULL")
_IS_MISMATCH = text("state = 'mismatch'")


class PaymentAttempt(Model):
    """One try to pay for an order or a certificate through a gateway; each may have several, one open at a time."""

    __table_args__ = (
        CheckConstraint(
            "state IN ('new', 'sending', 'unknown', 'pending', 'held', 'succeeded', 'canceled', 'rejected', 'mismatch')",
            name="state_is_known",
        ),
        CheckConstraint("amount_kopecks > 0", name="amount_is_positive"),
        CheckConstraint("(order_id IS NULL) != (certificate_id IS NULL)", name="pays_one_thing"),
        Index(
            "uq_payment_attempt_open_certificate",
            "certificate_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "uq_payment_attempt_open",
            "order_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(
            "ix_payment_attempt_undecided",
            "looked_at",
            sqlite_where=_IS_UNDECIDED,
            postgresql_where=_IS_UNDECIDED,
        ),
        Index(
            "ix_payment_attempt_mismatch",
            "id",
            sqlite_where=_IS_MISMATCH,
            postgresql_where=_IS_MISMATCH,
        ),
        UniqueConstraint("gateway", "gateway_ref"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("shop_order.id"), index=True)
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), index=True)
    gateway: Mapped[str] = mapped_column(String(20))
    method: Mapped[str] = mapped_column(String(20))
    amount_kopecks: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    # Said to the gateway with every try of the same call, so that it happens once.
    idempotence_key: Mapped[str] = mapped_column(String(64), unique=True)
    # What we ask for, word for word: a repeat under the same key must not ask for anything else.
    request: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    gateway_ref: Mapped[str | None] = mapped_column(String(64))
    # Where the customer pays.
    pay_at: Mapped[str] = mapped_column(String(500), default="")
    # Hidden fields of the form that leads there, for gateways that want one.
    pay_form: Mapped[dict[str, str] | None] = mapped_column(JSON)
    # How much of it the payer gave in the bank's own bonuses.
    bonus_kopecks: Mapped[int] = mapped_column(default=0, server_default="0")
    # The gateway's own word for a refusal, such as insufficient_funds.
    cancel_reason: Mapped[str] = mapped_column(String(60), default="")
    card_last4: Mapped[str] = mapped_column(String(4), default="")
    card_scheme: Mapped[str] = mapped_column(String(20), default="")
    # Money that came for an order that was already paid or dropped; it goes back by itself.
    is_surplus: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    # When the gateway was last asked how it stands.
    looked_at: Mapped[datetime | None] = mapped_column(Moment)
    # When the gateway said its last word. A canceled attempt without it was dropped by us and may still bring money.
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    # When a person has sorted a mismatch out, who (the account's id), and the words that its payer was told. Where money
    # had come it is a surplus of the sum that came from then on.
    sorted_at: Mapped[datetime | None] = mapped_column(Moment)
    sorted_by: Mapped[int | None]
    sorted_words: Mapped[str] = mapped_column(String(500), default="", server_default="")


class PaymentNotice(Model):
    """What a gateway told us, kept raw. A hint only: the truth is fetched."""

    __table_args__ = (UniqueConstraint("gateway", "event", "gateway_ref", "body_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    gateway: Mapped[str] = mapped_column(String(20))
    event: Mapped[str] = mapped_column(String(60))
    gateway_ref: Mapped[str] = mapped_column(String(64), index=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    body: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(Moment)
    handled_at: Mapped[datetime | None] = mapped_column(Moment)


class PaymentRefund(Model):
    """Money on its way back to where it came from, or from the shop to whose it is."""

    __table_args__ = (
        CheckConstraint(
            "state IN ('new', 'unknown', 'pending', 'succeeded', 'manual_due', 'paid_manually', 'to_balance')",
            name="state_is_known",
        ),
        CheckConstraint("amount_kopecks > 0", name="amount_is_positive"),
        CheckConstraint(
            "(CASE WHEN attempt_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN order_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN account_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="pays_one_thing_back",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("payment_attempt.id"), index=True)
    # Of an order paid when it was received: no gateway took that money, so a person pays it back.
    order_id: Mapped[int | None] = mapped_column(ForeignKey("shop_order.id"), index=True)
    # Of a customer's own balance, paid out at its owner's wish.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    amount_kopecks: Mapped[int]
    # How much of it goes back in the bank's own bonuses, as its owner was told; by hand only money goes.
    bonus_kopecks: Mapped[int] = mapped_column(default=0, server_default="0")
    reason: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16), index=True)
    once_key: Mapped[str] = mapped_column(String(80), unique=True)
    gateway_ref: Mapped[str | None] = mapped_column(String(64), unique=True)
    # The gateway's own word for a failure, such as insufficient_funds: somebody must pay by hand then.
    problem: Mapped[str] = mapped_column(String(60), default="")
    # Who paid by hand, and what they noted of it.
    paid_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    opened_at: Mapped[datetime] = mapped_column(Moment)
    # When a gateway that knows no keys was last asked to send it.
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)


class PayoutDetails(Model):
    """Where a customer wants money that a person pays; it goes as soon as the money is paid."""

    __table_args__ = (CheckConstraint("way IN ('account', 'sbp')", name="way_is_known"),)

    refund_id: Mapped[int] = mapped_column(ForeignKey("payment_refund.id"), primary_key=True)
    way: Mapped[str] = mapped_column(String(8))
    # Whose account it is, as the bank knows them.
    name: Mapped[str] = mapped_column(String(160))
    bic: Mapped[str] = mapped_column(String(9), default="")
    account_number: Mapped[str] = mapped_column(String(20), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    bank: Mapped[str] = mapped_column(String(60), default="")
    given_at: Mapped[datetime] = mapped_column(Moment)
    # The employee who has opened them last. From then on they stay as they are: somebody may be paying.
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime | None] = mapped_column(Moment)


class PaymentMethod(Model):
    """Which ways to pay the owner has switched on or off; what isn't here is as the shop came (rules/payments)."""

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    is_on: Mapped[bool]
    # The employee, by the account's id.
    changed_by: Mapped[int | None]
    changed_at: Mapped[datetime] = mapped_column(Moment)
