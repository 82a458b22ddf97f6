"""Calling off and taking back: what customers no longer want or give back, and the money that follows it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Moment
from shop.models.base import Model
from shop.models.orders import Funded


class Cancellation(Funded, Model):
    """Pieces of an order called off before they were handed over, and what went back for them."""

    __table_args__ = (CheckConstraint("pieces > 0", name="pieces_are_some"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("shop_order.id"), index=True)
    # One page, one cancellation: minted when the page is shown.
    once_key: Mapped[str] = mapped_column(String(120), unique=True)
    # "customer", or "staff:17".
    actor: Mapped[str] = mapped_column(String(40))
    # A code of rules/returns; empty when the customer called it off.
    reason: Mapped[str] = mapped_column(String(20), default="")
    pieces: Mapped[int]
    # The money from outside on its way back, if any came.
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("payment_refund.id"))
    canceled_at: Mapped[datetime] = mapped_column(Moment)


class ReturnRequest(Funded, Model):
    """A demand to take goods back and give their price back. The sums are what was promised, then what was booked."""

    __table_args__ = (
        CheckConstraint(
            "state IN ('requested', 'approved', 'rejected', 'in_transit', 'received', 'inspected', 'refunded', 'closed', 'withdrawn')",
            name="state_is_known",
        ),
        Index("ix_return_request_desk", "state", "pay_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The order's number and which of its returns it is: «0042-1187-1».
    number: Mapped[str] = mapped_column(String(30), unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("shop_order.id"), index=True)
    once_key: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[str] = mapped_column(String(12))
    # A code of rules/returns, and the customer's own words.
    reason: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(String(2000), default="")
    # How much of the sums is for delivery.
    delivery_kopecks: Mapped[int] = mapped_column(default=0)
    demanded_at: Mapped[datetime] = mapped_column(Moment)
    # The law's last moment for giving the money back.
    pay_by: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    # Why not, in words to the customer.
    refusal: Mapped[str] = mapped_column(String(1000), default="")
    track: Mapped[str] = mapped_column(String(40), default="")
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    received_at: Mapped[datetime | None] = mapped_column(Moment)
    inspected_at: Mapped[datetime | None] = mapped_column(Moment)
    inspected_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    refunded_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("payment_refund.id"))


class ReturnLine(Model):
    """So many pieces of one line of an order, asked to be taken back, and how many were."""

    __table_args__ = (
        CheckConstraint(
            "quantity > 0 AND (accepted IS NULL OR (accepted >= 0 AND accepted <= quantity))",
            name="amounts_are_sane",
        ),
        UniqueConstraint("return_id", "order_line_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("return_request.id"))
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), index=True)
    quantity: Mapped[int]
    # What the look at the goods has found; None before it.
    accepted: Mapped[int | None]
    # Good enough to be sold again: it goes back on the shelf.
    is_good: Mapped[bool] = mapped_column(default=False)


class ReturnMessage(Model):
    """One message between a customer and the shop about a return."""

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("return_request.id"), index=True)
    once_key: Mapped[str] = mapped_column(String(120), unique=True)
    # The employee who wrote it; None when the customer did.
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    text: Mapped[str] = mapped_column(String(4000))
    written_at: Mapped[datetime] = mapped_column(Moment)


class ReturnPhoto(Model):
    """A picture of what is given back, drawn anew; it lies in a folder of its own."""

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("return_request.id"), index=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    # What was sent hashes to it: the same picture sent twice is one.
    content_hash: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(Moment)


class ReturnCode(Model):
    """A code mailed to an order's mailbox: it opens that order's form of return to somebody who hasn't signed in."""

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("shop_order.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    sent_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    wrong_tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
