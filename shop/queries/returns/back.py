"""What goes back of an order, and how far its money has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from shop.models.payments import PaymentAttempt, PaymentRefund
from shop.queries.payments import sent_back
from shop.rules.funding import Funding
from shop.rules.payments import REFUND_ARRIVED, bonus_back, sends_back


@dataclass(frozen=True, slots=True)
class Back:
    """What goes back, and how far the money from outside has come; `refund_state` is empty where none does."""

    funding: Funding
    delivery_kopecks: int
    refund_state: str
    refund_settled_at: datetime | None
    method: str
    card_scheme: str
    card_last4: str
    # Its owner has told a person where to send it.
    is_told: bool
    # How much of the money from outside goes back in the bank's bonuses; by hand and onto the balance only money goes.
    bonus_kopecks: int

    @property
    def is_by_hand(self) -> bool:
        """True when a person pays it from the shop's account."""
        return self.refund_state in {"manual_due", "paid_manually"}

    @property
    def may_be_sent_back(self) -> bool:
        """False when the way it was paid takes money only."""
        return sends_back(self.method)

    @property
    def is_on_balance(self) -> bool:
        """True when its owner has taken it onto the balance."""
        return self.refund_state == "to_balance"

    @property
    def is_there(self) -> bool:
        """True when the money from outside has arrived, or there is none."""
        return self.refund_state == "" or self.refund_state in REFUND_ARRIVED


# What is read of the payment by which money goes back, beside its refund.
_GONE, _GONE_IN_BONUSES = sent_back(PaymentAttempt.id)
BACK_BY: tuple[Any, ...] = (
    PaymentAttempt.card_scheme,
    PaymentAttempt.card_last4,
    PaymentAttempt.amount_kopecks.label("came_kopecks"),
    PaymentAttempt.bonus_kopecks,
    PaymentRefund.bonus_kopecks.label("refund_bonus_kopecks"),
    _GONE.label("sent_back_kopecks"),
    _GONE_IN_BONUSES.label("sent_back_bonus_kopecks"),
)


def bonus_in(row: Row[Any], kopecks: int) -> int:
    """Return how much of the money from outside goes back in the bank's bonuses, or would; the row holds BACK_BY."""
    if row.refund_bonus_kopecks is not None:
        return int(row.refund_bonus_kopecks)
    if not row.bonus_kopecks:
        return 0
    return bonus_back(
        whole_kopecks=row.came_kopecks,
        bonus_kopecks=row.bonus_kopecks,
        before_kopecks=row.sent_back_kopecks,
        bonus_before_kopecks=row.sent_back_bonus_kopecks,
        kopecks=kopecks,
    )
