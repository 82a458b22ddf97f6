"""Sber's gateway beside the others, under its own name: its pages, its door at the shop, its books."""

import pytest
import requests
from sber_gate import TOKEN, WITH_CODE, SberGate

from sandbox.serving import serve
from sandbox.settings import BankSettings
from sandbox.town import Town


class Neighbour(SberGate):
    """The gateway as it stands in the town."""

    def __init__(self, data, notices_url):
        self.settings = BankSettings(data=data, notices_url=notices_url, token=TOKEN)
        self._town = Town(self.settings)
        self._serving = serve(self._town)
        self.root = self._serving.url
        self.url = f"{self.root}/sber/payment"
        self.house = self._town.houses["sber"].house

    def follow(self, answer):
        """Addresses of the town's houses have the house's name in them."""
        return requests.get(f"{self.root}{answer.headers['Location']}", timeout=10)

    def stop(self):
        """Close the town."""
        self._serving.stop()
        self._town.stop()


@pytest.fixture
def gate(tmp_path, fake_shop):
    gate = Neighbour(tmp_path, f"{fake_shop.notices_url}/yookassa")
    yield gate
    gate.stop()


def test_pays_under_its_name_and_tells_the_shop_at_its_own_door(gate):
    order = gate.open()

    page = requests.get(gate.ask("register", **_wish())["formUrl"], timeout=10)
    gate.pay(order, WITH_CODE, bonuses=800)

    assert page.url.startswith(f"{gate.root}/sber/payment/orders/")
    assert '"/sber/static/css/bank.css' in page.text
    assert gate.status(order)["orderStatus"] == 2
    assert gate.house.courier.url.endswith("/notices/sber")


def test_its_books_are_its_own(gate, tmp_path):
    gate.open(description="Заказ 17")

    assert "Заказ 17" in requests.get(f"{gate.root}/sber/", timeout=10).text
    assert "Заказ 17" not in requests.get(f"{gate.root}/", timeout=10).text
    assert (tmp_path / "sber" / "bank.sqlite3").exists()


def _wish():
    return {"orderNumber": "18-1", "amount": "100000", "returnUrl": "http://localhost/back"}
