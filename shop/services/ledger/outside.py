"""Money that comes through a gateway, and goes back through it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from shop.db import use_case
from shop.rules.ledger import UNAPPLIED, Book, Line, bonus_clearing, clearing, flow
from shop.services.ledger.posting import post


@dataclass(frozen=True, slots=True)
class Came:
    """Kopecks that an attempt brought (or that go back to where it brought them from), so much of it in a bank's bonuses."""

    attempt_id: int
    gateway: str
    amount_kopecks: int
    bonus_kopecks: int = 0

    def into(self, credit: Book) -> Iterator[Line]:
        """Yield what carries the money to an account."""
        yield from flow(clearing(self.gateway), credit, self.amount_kopecks - self.bonus_kopecks)
        yield from flow(bonus_clearing(self.gateway), credit, self.bonus_kopecks)

    def out_of(self, debit: Book) -> Iterator[Line]:
        """Yield what carries the money back from an account."""
        yield from flow(debit, clearing(self.gateway), self.amount_kopecks - self.bonus_kopecks)
        yield from flow(debit, bonus_clearing(self.gateway), self.bonus_kopecks)


@use_case
def keep_surplus(*, came: Came, now: datetime, actor: str = "gateway") -> bool:
    """Write down money that nobody waited for: it belongs to its payer and goes back.

    `actor` is who says so: the gateway, or "staff:17" of what doesn't fit what was asked for.
    """
    return post(
        once_key=f"att:{came.attempt_id}:surplus",
        kind="surplus",
        lines=came.into(UNAPPLIED),
        reference="",
        actor=actor,
        now=now,
    )


@use_case
def pay_out(*, refund_id: int, owed: Book, out: Came, reference: str, now: datetime) -> bool:
    """Write down that a refund has arrived where the money came from."""
    return post(
        once_key=f"rf:{refund_id}:ok",
        kind="refund",
        lines=out.out_of(owed),
        reference=reference,
        actor="gateway",
        now=now,
    )
