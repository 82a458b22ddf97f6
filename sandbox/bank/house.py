"""What every gateway of the sandbox has: books, a clock, a courier, whims, and a back door to them."""

from abc import ABC, abstractmethod
from contextlib import contextmanager
from datetime import timedelta, timezone
from pathlib import Path
from threading import Event, Lock

from flask import Flask

from ..safety import make_safe
from ..settings import BankSettings
from ..store import Store
from .cards import grouped, scheme_of
from .clock import Clock, moment_of
from .courier import Courier
from .faults import Faults
from .money import money_for_people
from .orders import RefundOrders
from .reasons import explained

# Moscow time, without asking a machine that may have no time zones installed.
_MOSCOW = timezone(timedelta(hours=3))
_STATIC = Path(__file__).parent.parent / "static"
_LARGEST_REQUEST = 256 * 1024


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


class House(ABC):
    """Everything the requests of one gateway share.

    A gateway says which tables it keeps, what time does to its payments, and how one is put into a
    state by force; the rest is the same for all.
    """

    def __init__(self, settings: BankSettings, schema: str, tables: tuple[str, ...], letters=None):
        self.settings = settings
        self.tables = tables
        self.store = Store(settings.data / "bank.sqlite3", schema)
        self.clock = Clock(self.store)
        self.stopping = Event()
        self.faults = Faults()
        self.refund_orders = RefundOrders()
        self.turns = Turns()
        self.courier = Courier(
            self.store,
            self.clock,
            settings.notices_url,
            settings.retry_scale,
            self.stopping,
            letters,
        )

    @abstractmethod
    def let_time_work(self) -> None:
        """Expire and settle whatever is due by now."""

    @abstractmethod
    def force(self, payment_id: str, order: dict) -> dict:
        """Put a payment into the state a test orders, and return it as the shop sees it."""

    @abstractmethod
    def news_of(self, payment_id: str, order: dict) -> tuple[str, dict]:
        """Return an event and what it is about, true but for what a test orders."""

    def reset(self) -> None:
        """Forget every payment, fault and mode, and set the clock right."""
        with self.store.transaction():
            for table in self.tables:
                self.store.run(f"DELETE FROM {table}")
        self.faults.clear()
        self.refund_orders.clear()
        self.courier.set_mode({"mode": "normal"})

    def stop(self) -> None:
        """End the courier's round and close the books."""
        self.stopping.set()
        self.courier.stop()
        self.store.close()


def open_house(app: Flask, house: House, *doors) -> Flask:
    """Put a gateway behind the doors of its app, and send its courier on the way."""
    app.static_folder = str(_STATIC)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST
    app.house = house
    make_safe(app)
    for blueprint in doors:
        app.register_blueprint(blueprint)
    _teach_templates(app)
    house.courier.start(house.let_time_work)
    return app


def _teach_templates(app: Flask) -> None:
    @app.template_filter("moment")
    def moment(milliseconds: int, form: str = "%d.%m.%Y, %H:%M:%S") -> str:
        return moment_of(milliseconds).astimezone(_MOSCOW).strftime(form)

    app.template_filter("money")(money_for_people)
    app.template_filter("grouped")(grouped)
    app.template_filter("scheme")(scheme_of)
    app.template_filter("explained")(explained)
