"""A bank, a shop that hears its notices, and a mailbox, each on a free port."""

import json
import re
import time
import uuid

import pytest
import requests
from flask import Flask, request

from sandbox.bank import BankSettings, create_bank
from sandbox.mailbox import Mailbox
from sandbox.serving import serve

TOKEN = "token-of-the-tests"


def wait_for(question, seconds=5):
    """Return the first true answer to `question`, asked again and again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.01)
    raise AssertionError(f"It never came true: {question.__name__}")


class FakeShop:
    """A shop that writes down every notice and answers as told, 200 by default."""

    def __init__(self):
        self.bodies: list[bytes] = []
        self.answers: list[int] = []
        app = Flask("fake-shop")
        app.post("/notices")(self._hear)
        app.get("/orders/1")(lambda: '<link rel="icon" href="data:,">The order')
        self._serving = serve(app)
        self.notices_url = f"{self._serving.url}/notices"
        self.return_url = f"{self._serving.url}/orders/1"
        self.stop = self._serving.stop

    @property
    def notices(self):
        """Return what was heard."""
        return [json.loads(body) for body in self.bodies]

    @property
    def events(self):
        """Return the names of what was heard."""
        return [notice["event"] for notice in self.notices]

    def hears(self, count):
        """Wait for so many notices and return them."""
        wait_for(lambda: len(self.bodies) >= count)
        return self.notices

    def _hear(self):
        self.bodies.append(request.get_data())
        return "", self.answers.pop(0) if self.answers else 200


class Client:
    """A shop's way to the API, and a payer's and a test's way to the rest."""

    def __init__(self, url, settings, shop):
        self.url = url
        self.settings = settings
        self.shop = shop
        self.auth = (settings.shop_id, settings.secret)

    def get(self, path, **params):
        """Ask the API."""
        return requests.get(f"{self.url}/v3{path}", params=params, auth=self.auth, timeout=10)

    def post(self, path, body=None, key=None, timeout=10):
        """Order something of the API, with a fresh key by default."""
        headers = {"Idempotence-Key": key or str(uuid.uuid4())}
        address = f"{self.url}/v3{path}"
        return requests.post(address, json=body, headers=headers, auth=self.auth, timeout=timeout)

    def wish(self, **changes):
        """Return the body of an ordinary payment of 1 000 rubles."""
        return {
            "amount": {"value": "1000.00", "currency": "RUB"},
            "capture": True,
            "confirmation": {"type": "redirect", "return_url": self.shop.return_url},
            "description": "Order 17",
        } | changes

    def open(self, **changes):
        """Open a payment and return it."""
        answer = self.post("/payments", self.wish(**changes))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def sim(self, path, body=None):
        """Use the back door."""
        headers = {"X-Sandbox-Token": TOKEN}
        answer = requests.post(
            f"{self.url}/_sim{path}", json=body or {}, headers=headers, timeout=10
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def dump(self):
        """Return everything the bank knows."""
        headers = {"X-Sandbox-Token": TOKEN}
        return requests.get(f"{self.url}/_sim/dump", headers=headers, timeout=10).json()

    def paid(self, **changes):
        """Open a payment, have it paid and return it."""
        payment = self.open(**changes)
        self.sim(f"/payments/{payment['id']}/force", {"status": "succeeded"})
        return self.get(f"/payments/{payment['id']}").json()

    def status(self, payment):
        """Return the state of a payment now."""
        return self.get(f"/payments/{payment['id']}").json()["status"]

    def page(self, path):
        """Open a page as a browser without JavaScript."""
        return requests.get(f"{self.url}{path}", timeout=10)

    def press(self, path, seen=None, **typed):
        """Send the form of a page, following no redirect; its token comes from the page."""
        token = re.search(r'name="token" value="([^"]+)"', (seen or self.page(path)).text)[1]
        address = f"{self.url}{path}"
        return requests.post(
            address, data={"token": token} | typed, allow_redirects=False, timeout=10
        )

    def pay_by_card(self, payment, number, expiry="12/40", code="123"):
        """Type a card into the card page."""
        path = f"/checkout/{payment['id']}"
        return self.press(path, number=number, expiry=expiry, code=code)


@pytest.fixture
def eventually():
    """Wait until a question is answered with something true, and return that."""
    return wait_for


@pytest.fixture
def fake_shop():
    """A shop that hears notices."""
    shop = FakeShop()
    yield shop
    shop.stop()


@pytest.fixture
def settings(tmp_path, fake_shop):
    """Settings of a bank whose retries come fast."""
    return BankSettings(
        data=tmp_path, notices_url=fake_shop.notices_url, token=TOKEN, retry_scale=0.02
    )


@pytest.fixture
def bank(settings, fake_shop):
    """A bank on a free port."""
    app = create_bank(settings)
    serving = serve(app)
    yield Client(serving.url, settings, fake_shop)
    serving.stop()
    app.bank.stop()


@pytest.fixture
def mailbox(tmp_path):
    """A mailbox on free ports."""
    mailbox = Mailbox(tmp_path, most_letters=50)
    yield mailbox
    mailbox.stop()
