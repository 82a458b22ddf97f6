"""A test bank that speaks YooKassa's API and shows the pages its payers see."""

from flask import Flask

from ..settings import BankSettings
from .api import api
from .bank import Bank
from .books import books
from .control import control
from .house import open_house
from .pages import pages

__all__ = ["BankSettings", "create_bank"]


def create_bank(settings: BankSettings) -> Flask:
    """Return the bank's app, its courier already on the way. End it with `app.bank.stop()`."""
    app = Flask(__name__)
    app.bank = Bank(settings)
    return open_house(app, app.bank, api, control, pages, books)
