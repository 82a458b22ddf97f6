"""A street: the shop, every gateway of the sandbox, and a customer who walks between them. One clock hangs over it.

Nothing is played: the shop asks the gateways over HTTP, their couriers tell it over HTTP, the customer reads pages.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import requests
from browser import Browser
from factories import Make
from flask import Flask
from gateway_town import Gateways
from lxml import html
from paying import Bought, Paying
from time_machine import Traveller

from shop.db import db
from shop.gateways.payments import PROVIDERS
from shop.queries.audit import run_audit
from shop.queries.ledger import balance_of
from shop.rules.ledger import bonus_clearing, clearing
from shop.services.payments import expire_unpaid, poll_pending, reconcile

# Two teapots and their carriage.
TOTAL = 3_279_00
MIR_WITH_CODE, MIR = "2200000000000004", "2202474301322987"
FAILED = "Оплата не прошла"


@dataclass(frozen=True)
class Stands:
    """How it all stands when a row is over: money in kopecks as the gateway counts it."""

    order: str
    attempts: tuple[str, ...]
    taken: int = 0
    given_back: int = 0
    refunds: tuple[str, ...] = ()


class Street(Paying):
    """Everybody on it, at noon."""

    def __init__(self, app: Flask, make: Make, gateways: Gateways, clock: Traveller) -> None:
        super().__init__(app, make)
        self.gateways, self.clock = gateways, clock
        self.before = app.extensions["shop_config"]
        self.starts()
        self.bought: Bought
        self.house = ""
        self.customer = Browser(app)

    def starts(self, **settings: Any) -> None:
        """The shop's process starts anew, perhaps with other settings; it has forgotten who was away."""
        config = replace(self.gateways.settings(self.before), **settings)
        self.app.extensions["shop_config"] = config
        self.app.extensions["shop_gateways"] = {
            code: getattr(import_module(f"shop.gateways.payments.{code}"), kind)(config)
            for code, kind in PROVIDERS.items()
        }

    @property
    def now(self) -> datetime:
        """The moment on the one clock."""
        return datetime.now(UTC)

    def orders(self, method: str = "bank_card", house: str = "", **more: Any) -> Bought:
        """Somebody orders two teapots, to be paid this way."""
        self.house = house
        self.bought = self.order(method=method, **more)
        self.customer.become(self.bought.account)
        return self.bought

    @property
    def address(self) -> str:
        """The page of the order's payment."""
        return f"/my/orders/{self.bought.number}/payment"

    def goes_to_pay(self, **typed: str) -> str:
        """The customer presses «pay» in the shop; return where that leads."""
        return str(self.customer.post(self.address, data=typed).location)

    def says(self, back: str = "") -> str:
        """What the customer reads on the order's page of payment: the note alone. A gateway may have led them `back`."""
        page = self.customer.get(back or self.address).text
        note = html.fromstring(page).xpath("//section[@id='payment']//*[contains(@class, 'note')]")
        words = " ".join(" ".join(note[0].itertext()).split())
        # Nobody is told «failed» while the gateway has their money.
        assert FAILED not in words or self.money() == (0, 0), words
        return words

    def calls_off(self) -> None:
        """The customer calls the whole order off, as its page offers."""
        address = f"/my/orders/{self.bought.number}/cancellation"
        tree = html.fromstring(self.customer.get(address).text)
        form = tree.xpath(f"//form[@action='{address}']")[0]
        self.customer.post(address, data={name: told or "" for name, told in form.form_values()})

    def fault(self, action: str, match: str, **more: Any) -> None:
        """Let the gateway have a fault at its next call that matches."""
        self.gateways.sim(self.house, "/faults", {"action": action, "match": match, **more})

    def is_well_again(self) -> None:
        """Drop the faults that the gateway hasn't had yet; the shop asks it at once."""
        self.gateways.sim(self.house, "/faults", method="DELETE")
        self.starts()

    def notices(self, mode: str, **more: Any) -> None:
        """Choose how the gateway's notices travel from now on."""
        self.gateways.sim(self.house, "/hooks", {"mode": mode, **more})

    def refund_ends(self, status: str, **more: Any) -> None:
        """Choose how the next refund ends."""
        self.gateways.sim(self.house, "/refund_result", {"status": status, **more})

    def force(self, status: str, **more: Any) -> None:
        """Put the newest payment into a state that its payer can't bring it into."""
        self.gateways.sim(
            self.house, f"/payments/{self.payments()[-1]['id']}/force", {"status": status, **more}
        )

    def forged(self, event: str, **lies: Any) -> int:
        """Tell the shop something untrue of the newest payment; return its answer."""
        path = f"/payments/{self.payments()[-1]['id']}/notice"
        told = self.gateways.sim(self.house, path, {"event": event, "object": lies})
        return int(told["answered"])

    def dump(self) -> Any:
        """Everything the gateway knows."""
        return self.gateways.sim(self.house, "/dump")

    def payments(self) -> list[Any]:
        """What was opened at the gateway, oldest first."""
        return list(self.dump()["payment"])

    def money(self) -> tuple[int, int]:
        """How many kopecks the gateway has taken, and given back."""
        known = self.dump()
        taken, back = (
            sum(row["amount_kopecks"] for row in known[table] if row["status"] == "succeeded")
            for table in ("payment", "refund")
        )
        return taken, back

    def hears(self) -> None:
        """Wait until every notice that can be told has been told, then let the worker look into them."""
        self.until(lambda: not [one for one in self.dump()["notice"] if self._is_on_its_way(one)])
        while self.work(self.now):
            pass

    def _is_on_its_way(self, notice: Any) -> bool:
        ahead = notice["due_at"] / 1000 - time.time()
        return notice["state"] in {"queued", "held"} and not notice["answer"] and ahead < 0.5

    def until(self, question: Callable[[], object]) -> None:
        """Wait until it is so, some seconds at most."""
        end = time.monotonic() + 5
        while not question():
            assert time.monotonic() < end, self.dump()["notice"]
            time.sleep(0.005)

    def later(self, **time_passes: float) -> None:
        """Let time pass on the one clock; then couriers and timers do what is due by now."""
        self.clock.shift(timedelta(**time_passes))
        self.gateways.sim(self.house, "/clock/advance", {"seconds": 0})
        self.hears()
        with self.app.app_context():
            poll_pending(now=self.now)
            expire_unpaid(now=self.now)
        self.hears()

    def stands(self) -> Stands:
        """How it all stands now."""
        refunds = tuple(refund.state for refund in self.refunds())
        state, attempts = self.order_state(self.bought), tuple(self.attempts(self.bought))
        return Stands(state, attempts, *self.money(), refunds)

    def adds_up(self) -> None:
        """The audit finds nothing, the gateway and the shop agree on every payment, and on the sum."""
        gateway = self.house or "yookassa"
        with self.app.app_context():
            assert run_audit(now=self.now) == []
            assert reconcile(now=self.now) == {gateway: 0}
            kept = balance_of(clearing(gateway)) + balance_of(bonus_clearing(gateway))
            db.session.rollback()
        taken, given_back = self.money()
        assert kept == taken - given_back

    # What payers do on the gateways' pages.

    def press(self, page: str, path: str = "", **typed: str) -> str:
        """Send the form of a gateway's page, as a browser without JavaScript; return where that leads."""
        seen = requests.get(page, timeout=10)
        token = re.search(r'name="token" value="([^"]+)"', seen.text)
        assert token, seen.text
        answer = requests.post(
            f"{seen.url.partition('?')[0]}{path}" if path else seen.url,
            data={"token": token[1]} | typed,
            allow_redirects=False,
            timeout=10,
        )
        assert answer.status_code == 303, answer.text
        place = answer.headers["Location"]
        return place if urlsplit(place).netloc else f"{self.gateways.url}{place}"

    def by_card(self, page: str, number: str) -> str:
        """Type a card, and the code of its bank if it asks for one; return where that leads."""
        code = "1234" if number.startswith("37") else "123"
        place = self.press(page, number=number, expiry="12/40", code=code)
        if place.endswith("/bonuses"):
            place = self.press(place, bonuses="0")
        if "/3ds/" in place or "/acs/" in place:
            sms = re.search(r'Код <b class="num">(\d+)', requests.get(place, timeout=10).text)
            assert sms
            place = self.press(place, code=sms[1])
        return place

    def brings_form(self) -> str:
        """Carry the form that stands on the shop's page to a gateway that wants one; return its page."""
        assert self.goes_to_pay() == f"http://localhost{self.address}"
        tree = html.fromstring(self.customer.get(self.address).text)
        (form,) = (one for one in tree.forms if (one.action or "").startswith(self.gateways.url))
        answer = requests.post(
            form.action, data=dict(form.form_values()), allow_redirects=False, timeout=10
        )
        assert answer.status_code == 303, answer.text
        return f"{self.gateways.url}{answer.headers['Location']}"

    def pays(self, card: str = MIR) -> str:
        """Go from the shop to the bank and type a card there."""
        return self.by_card(self.goes_to_pay(), card)
