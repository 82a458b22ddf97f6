"""A test WebMoney Merchant: takes the shop's form, asks the shop, tells it, and answers interface X18."""

from flask import Flask

from ..bank.control import control
from ..bank.house import open_house
from ..settings import BankSettings
from ..wallets.pages import lend_templates, pages
from .api import api
from .house import WebMoneyHouse

__all__ = ["create_webmoney"]


def create_webmoney(settings: BankSettings) -> Flask:
    """Return the app, its courier already on the way. End it with `app.house.stop()`."""
    app = Flask(__name__)
    # The form that begins a payment comes from the shop's own page.
    app.config["OPEN_TO_OTHER_SITES"] = {"api.begin"}
    lend_templates(app)
    return open_house(app, WebMoneyHouse(settings), api, control, pages)
