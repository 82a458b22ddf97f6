"""Sber's gateway in a box for tests: started on a free port, called as a shop, paid as a payer."""

import re
from dataclasses import replace

import requests

from sandbox.sber import BankSettings, create_sber
from sandbox.serving import serve
from shop.gateways.payments import Intent
from shop.rules.receipts import Line

TOKEN = "token-of-the-tests"
WITH_CODE, WITHOUT_CODE = "2200000000000004", "2202474301322987"
LINES = (
    Line("Чайник заварочный", 2, 149_000),
    Line("Доставка заказа 0042-1187", 1, 29_900, "service"),
)
INTENT = Intent(
    "0042-1187", 7, 327_900, "spasibo", "http://localhost/back", "anna@example.ru", LINES
)


def opened(gateway, key="key-1", **changes):
    """A payment that the shop's client has opened and nobody has paid."""
    return gateway.create(gateway.request_of(replace(INTENT, **changes)), key)


class SberGate:
    """The gateway, and everybody's way to it."""

    def __init__(self, data, notices_url="", **settings):
        self.settings = BankSettings(
            data=data, notices_url=notices_url, token=TOKEN, retry_scale=0.02, **settings
        )
        self._app = create_sber(self.settings)
        self._serving = serve(self._app)
        self.url = f"{self._serving.url}/payment"
        self.house = self._app.house

    def stop(self):
        """Close it."""
        self._app.house.stop()
        self._serving.stop()

    def ask(self, operation, method="POST", **wish):
        """Call the API as the shop."""
        wish = {"userName": "shop-api", "password": self.settings.sber_password} | wish
        place = {"data" if method == "POST" else "params": wish}
        answer = requests.request(method, f"{self.url}/rest/{operation}.do", timeout=10, **place)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def open(self, number="17-1", kopecks=1_000_00, **more):
        """Register an order and return its id."""
        wish = {"orderNumber": number, "amount": str(kopecks), "returnUrl": "http://localhost/back"}
        return self.ask("register", **wish | more)["orderId"]

    def status(self, order_id):
        """Return an order's status."""
        return self.ask("getOrderStatusExtended", orderId=order_id)

    def orders(self):
        """Every order it holds, oldest first: its id and the shop's number."""
        return self.house.store.all("SELECT id, order_number FROM payment ORDER BY number")

    def sim(self, path, body=None):
        """Use the back door."""
        headers = {"X-Sandbox-Token": TOKEN}
        address = f"{self.url.removesuffix('/payment')}/_sim{path}"
        answer = requests.post(address, json=body or {}, headers=headers, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def page(self, order_id, path=""):
        """Open a payer's page."""
        return requests.get(f"{self.url}/orders/{order_id}{path}", timeout=10)

    def press(self, seen, path=None, **typed):
        """Send the form of a page that was seen, following no redirect."""
        token = re.search(r'name="token" value="([^"]+)"', seen.text)[1]
        address = seen.url if path is None else f"{self.url}{path}"
        return requests.post(
            address, data={"token": token} | typed, allow_redirects=False, timeout=10
        )

    def follow(self, answer):
        """Open the page an answer leads to."""
        return requests.get(f"{self.url.removesuffix('/payment')}{_path(answer)}", timeout=10)

    def give_card(self, order_id, number, expiry="12/40", code=""):
        """Type a card into the card page and return what it leads to."""
        code = code or ("1234" if number.startswith("37") else "123")
        return self.press(self.page(order_id), number=number, expiry=expiry, code=code)

    def pay(self, order_id, number=WITHOUT_CODE, bonuses=0):
        """Pay by card with so many bonuses; return where the payer ends up."""
        answer = self.give_card(order_id, number)
        if _path(answer).endswith("/bonuses"):
            answer = self.press(self.follow(answer), bonuses=str(bonuses))
        if "/acs/" in _path(answer):
            seen = self.follow(answer)
            answer = self.press(seen, code=re.search(r'Код <b class="num">(\d+)', seen.text)[1])
        return answer.headers["Location"]


def _path(answer):
    return answer.headers["Location"].partition("?")[0]
