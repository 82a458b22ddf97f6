"""The world around one shop: its clock, its people, the gateways, its worker, and processes that may die."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from emptying import empty
from factories import NOON, Make
from machine.asked_again import AskedAgain
from machine.bank import Bank
from machine.crashes import Crash, Fuse
from machine.facts import Facts

from shop.gateways.payments import PROVIDERS
from shop.models import Account, Product

R = TypeVar("R")
CUSTOMERS = 3
# Prices in roubles, and how many of each lie in either warehouse: few, so that shelves get empty.
GOODS = (
    ("Чайник", 1490, {"tver": 8}),
    ("Чашка", 333, {"tver": 5, "kazan": 4}),
    ("Самовар", 24_990, {"kazan": 6}),
    ("Ложка", 99, {"tver": 12}),
)


class World:
    """Everything that a machine plays with; begun anew for each of its lives."""

    def __init__(self, make: Make, fuse: Fuse, tally: Counter[str], asked: AskedAgain) -> None:
        app = make.app
        self.make, self.app, self.fuse, self.tally, self.asked = make, app, fuse, tally, asked
        self.now = NOON
        self.banks = {code: Bank(code=code, now=NOON, answered=fuse.answered) for code in PROVIDERS}
        app.extensions["shop_gateways"] = dict(self.banks)
        # When the worker last left nothing undone that it could have done.
        self.rested_at = NOON
        # Goods that the shop called off and that lie on no shelf: damaged, lost, sold out.
        self.lost: Counter[tuple[int, int]] = Counter()
        self.is_losing = False
        # So does goods' coming back broken.
        self.is_breaking = False
        # The letters that went out, as text.
        self.mail: list[str] = []
        # How payments stood whose pages have been looked at.
        self.told: set[tuple[int, str, str]] = set()
        self.keys = 0
        with app.app_context():
            empty()
        self.staff = self.make.employee("support", email="staff@example.ru")
        # Sends the large sums that the first has decided about.
        self.colleague = self.make.employee("support", email="colleague@example.ru")
        # Settles what isn't as it was asked for; no sum is too large for the owner.
        self.owner = self.make.employee("owner", email="owner@example.ru")
        self.people = [self._customer(number) for number in range(CUSTOMERS)]
        self.goods: list[Product] = [
            self.make.product(name, price=price, in_stock=stock) for name, price, stock in GOODS
        ]
        self.make.pickup_point()
        with app.app_context():
            self.facts = Facts()
        self.stocked = dict(self.facts.stock)

    def _customer(self, number: int) -> Account:
        return self.make.account(f"buyer{number}@example.ru", phone=f"+7916000000{number}")

    @property
    def bank_list(self) -> list[Bank]:
        """The gateways, always in the same order."""
        return [self.banks[code] for code in PROVIDERS]

    def key(self) -> str:
        """What a form carries, a new one for each page."""
        self.keys += 1
        return f"key-{self.keys}"

    def count(self, what: str) -> None:
        """Note that something was reached."""
        self.tally[what] += 1

    def do(
        self, deed: Callable[..., R], *refusals: type[Exception], **arguments: Any
    ) -> R | Exception | None:
        """Let a request or the worker do something; a refusal is an answer, too. None when the process died over it."""
        self.tally["deeds"] += 1
        try:
            with self.app.app_context():
                return deed(**arguments)
        except refusals as refusal:
            self.count(f"refused: {type(refusal).__name__}")
            return refusal
        except Crash:
            self.count(f"crashed in {getattr(deed, '__name__', 'a deed')}")
            self.count("crashed")
            return None
        finally:
            self.fuse.put_out()

    def read(self, question: Callable[..., R], **arguments: Any) -> R:
        """Look at a page: nothing changes, and nobody dies."""
        with self.app.app_context():
            return question(**arguments)

    def pass_time(self, wait: timedelta) -> None:
        """Let the clock go on; what a gateway waits for in vain it gives up."""
        self.set_clock(self.now + wait)

    def set_clock(self, moment: datetime) -> None:
        """Let it be a later moment."""
        self.now = max(self.now, moment)
        for bank in self.bank_list:
            bank.tick(self.now)

    @property
    def are_gateways_well(self) -> bool:
        """True when nobody has to ask twice."""
        return all(bank.is_well for bank in self.bank_list)
