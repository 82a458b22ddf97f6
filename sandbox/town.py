"""Every gateway of the sandbox at one address: YooKassa's bank at the root, each other one under its name."""

from collections.abc import Callable
from dataclasses import replace

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from .bank import create_bank
from .paypal import create_paypal
from .qiwi import create_qiwi
from .sber import create_sber
from .settings import BankSettings
from .webmoney import create_webmoney

# What stands under which name. Each takes its settings and returns an app whose `house.stop()` ends it.
HOUSES: dict[str, Callable[[BankSettings], Flask]] = {
    "paypal": create_paypal,
    "qiwi": create_qiwi,
    "sber": create_sber,
    "webmoney": create_webmoney,
}


class Town:
    """A WSGI app of all of them, and their end."""

    def __init__(self, settings: BankSettings):
        self.bank = create_bank(settings)
        self.houses = {name: build(_settings_of(name, settings)) for name, build in HOUSES.items()}
        self._app = DispatcherMiddleware(
            self.bank, {f"/{name}": house for name, house in self.houses.items()}
        )

    def __call__(self, environ, start_response):
        """Answer a request in the house it is addressed to."""
        return self._app(environ, start_response)

    def stop(self) -> None:
        """End all of them."""
        for house in self.houses.values():
            house.house.stop()
        self.bank.bank.stop()


def _settings_of(name: str, settings: BankSettings) -> BankSettings:
    """Each house keeps its own books and tells the shop at its own door."""
    notices = settings.notices_url.rpartition("/")[0]
    return replace(
        settings,
        data=settings.data / name,
        notices_url=f"{notices}/{name}" if notices else "",
        public_url=f"{settings.public_url}/{name}" if settings.public_url else "",
    )
