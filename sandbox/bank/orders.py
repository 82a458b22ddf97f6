"""What tests order the next refunds to come to."""

_NO_ORDER = {"status": "succeeded"}


class RefundOrders:
    """What tests want the next refunds to come to."""

    def __init__(self):
        self._next: list[dict] = []

    def add(self, order: dict) -> dict:
        """Let a coming refund end so.

        :raises ValueError: when there is no such end.
        """
        if order.get("status") not in ("succeeded", "canceled", "pending"):
            raise ValueError("The status is succeeded, canceled or pending.")
        for _ in range(int(order.get("times", 1))):
            self._next.append(order)
        return order

    def take(self) -> dict:
        """Return how the refund that comes now ends."""
        return self._next.pop(0) if self._next else _NO_ORDER

    def waiting(self) -> list[dict]:
        """Return the ends nobody has met yet."""
        return list(self._next)

    def clear(self) -> None:
        """Let all refunds succeed."""
        self._next.clear()
