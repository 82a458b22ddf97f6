"""Every gateway of the sandbox at one address for a test, and the door of the shop that their couriers go to."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any

import requests
from flask import Flask

from sandbox.serving import serve
from sandbox.settings import BankSettings
from sandbox.town import Town
from shop.config import Config

TOKEN = "token-of-the-tests"
HOUSES = ("", "sber", "paypal", "webmoney", "qiwi")


class Door:
    """The shop's door for notices. It is closed between two tests, and whoever is inside is waited for."""

    def __init__(self) -> None:
        self._app: Flask | None = None
        self._turn = Lock()
        self._inside = 0

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Let in, or say that nobody is there."""
        with self._turn:
            app = self._app
            self._inside += 1
        try:
            if app is None:
                start_response("503 Closed", [("Content-Length", "0")])
                return [b""]
            return list(app(environ, start_response))
        finally:
            with self._turn:
                self._inside -= 1

    @contextmanager
    def opened(self, app: Flask) -> Iterator[None]:
        """Lead to this shop as long as it lasts."""
        self._app = app
        try:
            yield
        finally:
            self._app = None
            while self._inside:
                time.sleep(0.005)


class Gateways:
    """All houses of the sandbox at one address, and the shop's door that their couriers go to."""

    def __init__(self, folder: Path) -> None:
        self.door = Door()
        self._door = serve(self.door)
        notices = f"{self._door.url}/payments/notices/yookassa"
        settings = BankSettings(data=folder, notices_url=notices, token=TOKEN, retry_scale=0.02)
        self._town = Town(settings)
        self._serving = serve(self._town)
        self.url = self._serving.url

    def sim(self, house: str, path: str, body: Any = None, method: str = "") -> Any:
        """Use the back door of a house; with nothing to say, ask."""
        address = f"{self.url}{f'/{house}' if house else ''}/_sim{path}"
        method = method or ("GET" if body is None else "POST")
        headers = {"X-Sandbox-Token": TOKEN}
        answer = requests.request(method, address, json=body, headers=headers, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def settings(self, config: Config) -> Config:
        """The shop's settings, with this street's addresses."""
        return replace(
            config,
            yookassa_api_url=f"{self.url}/v3",
            sber_api_url=f"{self.url}/sber/payment",
            paypal_api_url=f"{self.url}/paypal",
            webmoney_pay_url=f"{self.url}/webmoney/lmi/payment.asp",
            webmoney_api_url=f"{self.url}/webmoney/conf/xml/XMLTransGet.asp",
            qiwi_api_url=f"{self.url}/qiwi/partner/bill/v1",
        )

    def stop(self) -> None:
        """End all of them."""
        self._serving.stop()
        self._town.stop()
        self._door.stop()
