"""The bank as one thing: its books, its clock, its courier and its whims."""

from ..settings import BankSettings
from . import payments
from .house import House
from .refunds import settle_refunds
from .schema import SCHEMA, TABLES


class Bank(House):
    """Everything the requests of one bank share."""

    def __init__(self, settings: BankSettings):
        super().__init__(settings, SCHEMA, TABLES)

    def let_time_work(self) -> None:
        """Expire and settle whatever is due by now."""
        payments.expire_payments(self)
        settle_refunds(self)

    def payment_of(self, payment_id: str) -> dict:
        """Return a payment."""
        return payments.payment_of(self, payment_id)

    def approve(self, payment_id: str) -> dict:
        """Take or hold the payer's money."""
        return payments.approve(self, payment_id)

    def refuse(self, payment_id: str, party: str, reason: str) -> dict:
        """Cancel a payment nobody has confirmed."""
        return payments.refuse(self, payment_id, party, reason)

    def force(self, payment_id: str, order: dict) -> dict:
        """Put a payment into the state a test orders, and return it as the shop sees it."""
        party = order.get("party", "payment_network")
        reason = order.get("reason", "general_decline")
        status = str(order.get("status"))
        return payments.shown(self, payments.force(self, payment_id, status, party, reason))

    def news_of(self, payment_id: str, order: dict) -> tuple[str, dict]:
        """Return an event and what it is about, true but for what a test orders."""
        payment = payments.payment_of(self, payment_id)
        about = payments.shown(self, payment) | order.get("object", {})
        return order.get("event", f"payment.{about['status']}"), about
