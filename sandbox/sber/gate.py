"""The gateway as one thing: its books, its clock, its courier and its whims."""

from ..bank.house import House
from ..bank.problems import missing
from ..settings import BankSettings
from . import orders
from .answers import order_status
from .callbacks import Callbacks
from .schema import SCHEMA, TABLES


class Gate(House):
    """Everything the requests of one gateway share."""

    def __init__(self, settings: BankSettings):
        callbacks = Callbacks(settings.sber_callback_key, settings.sber_callback_method)
        super().__init__(settings, SCHEMA, TABLES, callbacks)

    def let_time_work(self) -> None:
        """Decline whatever is overdue by now."""
        orders.expire(self)

    def payment_of(self, payment_id: str) -> dict:
        """Return an order by the gateway's id.

        :raises ApiProblem: when there is none.
        """
        order = self.store.one("SELECT * FROM payment WHERE id = ?", payment_id)
        if order is None:
            raise missing("The payment", "payment_id")
        return order

    def approve(self, payment_id: str) -> dict:
        """Take or hold the payer's money."""
        return orders.approve(self, payment_id)

    def refuse(self, payment_id: str, party: str, reason: str) -> dict:
        """Decline an order nobody has paid."""
        return orders.refuse(self, payment_id, party, reason)

    def tell(self, order: dict, operation: str, was_done: str = "1") -> None:
        """Write a callback about an order, in the transaction in which it happened."""
        self.courier.tell(f"payment.{operation}", _about(order, operation, was_done))

    def force(self, payment_id: str, order: dict) -> dict:
        """Put an order into the state a test wants, and return it as the shop sees it."""
        return order_status(self, orders.force(self, payment_id, order))

    def news_of(self, payment_id: str, order: dict) -> tuple[str, dict]:
        """Return what a callback says of an order, true but for what a test wants."""
        told = order.get("object", {})
        return "payment.told", _about(self.payment_of(payment_id), "deposited", "1") | told


def _about(order: dict, operation: str, was_done: str) -> dict:
    return {
        "id": order["id"],
        "mdOrder": order["id"],
        "orderNumber": order["order_number"],
        "operation": operation,
        "status": was_done,
    }
