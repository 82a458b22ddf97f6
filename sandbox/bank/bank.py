"""The bank as one thing: its books, its clock, its courier and its whims."""

from contextlib import contextmanager
from threading import Event, Lock

from ..settings import BankSettings
from ..store import Store
from .clock import Clock
from .courier import Courier
from .faults import Faults
from .payments import expire_payments
from .refunds import RefundOrders, settle_refunds
from .schema import SCHEMA, TABLES


class Turns:
    """Requests with the same key go one after the other."""

    def __init__(self):
        self._guard = Lock()
        self._locks: dict[str, Lock] = {}

    @contextmanager
    def taken(self, key: str | None):
        """Hold this key's turn. A request without a key waits for nobody."""
        if key is None:
            yield
            return
        with self._guard:
            lock = self._locks.setdefault(key, Lock())
        with lock:
            yield


class Bank:
    """Everything the requests of one bank share."""

    def __init__(self, settings: BankSettings):
        self.settings = settings
        self.store = Store(settings.data / "bank.sqlite3", SCHEMA)
        self.clock = Clock(self.store)
        self.stopping = Event()
        self.faults = Faults()
        self.refund_orders = RefundOrders()
        self.turns = Turns()
        self.courier = Courier(
            self.store, self.clock, settings.notices_url, settings.retry_scale, self.stopping
        )

    def let_time_work(self) -> None:
        """Expire and settle whatever is due by now."""
        expire_payments(self)
        settle_refunds(self)

    def reset(self) -> None:
        """Forget every payment, fault and mode, and set the clock right."""
        with self.store.transaction():
            for table in TABLES:
                self.store.run(f"DELETE FROM {table}")
        self.faults.clear()
        self.refund_orders.clear()
        self.courier.set_mode({"mode": "normal"})

    def stop(self) -> None:
        """End the courier's round and close the books."""
        self.stopping.set()
        self.courier.stop()
        self.store.close()
