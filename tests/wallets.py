"""A wallet of the sandbox for the tests of its gateway: on a free port, with its back door and its payer."""

import re
import time
from dataclasses import dataclass
from typing import Any

import requests
from flask import Flask, request

from sandbox.serving import serve
from sandbox.settings import BankSettings

TOKEN = "token-of-the-tests"


class Ear:
    """A shop that writes down every notice with its headers, and answers as told: status and words."""

    def __init__(self):
        self.heard = []
        self.answers = []
        app = Flask("listening-shop")
        app.post("/notices")(self._hear)
        app.get("/back")(lambda: "The order")
        self._serving = serve(app)
        self.notices_url = f"{self._serving.url}/notices"
        self.back = f"{self._serving.url}/back"
        self.stop = self._serving.stop

    def hears(self, count):
        """Wait for so many notices and return them, each with its headers in lower case."""
        deadline = time.monotonic() + 5
        while len(self.heard) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(self.heard) >= count, self.heard
        return self.heard

    def _hear(self):
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.heard.append((headers, request.get_data()))
        status, words = self.answers.pop(0) if self.answers else (200, "YES")
        return words, status


@dataclass
class Wallet:
    """One house of the sandbox, as its tests use it."""

    app: Any
    url: str

    def sim(self, path, body=None):
        """Order something through the back door."""
        headers = {"X-Sandbox-Token": TOKEN}
        answer = requests.post(
            f"{self.url}/_sim{path}", json=body or {}, headers=headers, timeout=10
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def dump(self):
        """Return everything the house knows."""
        headers = {"X-Sandbox-Token": TOKEN}
        return requests.get(f"{self.url}/_sim/dump", headers=headers, timeout=10).json()

    def press(self, pay_at, word):
        """Answer on the payer's page, as a browser without JavaScript; return the answer, not followed."""
        token = re.search(r'name="token" value="([^"]+)"', requests.get(pay_at, timeout=10).text)[1]
        typed = {"token": token, "answer": word}
        return requests.post(pay_at, data=typed, allow_redirects=False, timeout=10)

    def bring(self, payment):
        """Bring the form of a payment, as a browser does; return the address it leads to."""
        answer = requests.post(
            payment.pay_at, data=payment.pay_form, allow_redirects=False, timeout=10
        )
        assert answer.status_code == 303, answer.text
        return f"{self.url}{answer.headers['Location']}"


def open_wallet(create, folder, notices_url=""):
    """Put a house on a free port; return it and what ends it."""
    settings = BankSettings(data=folder, notices_url=notices_url, token=TOKEN, retry_scale=0.02)
    app = create(settings)
    serving = serve(app)

    def end():
        app.house.stop()
        serving.stop()

    return Wallet(app, serving.url), end
