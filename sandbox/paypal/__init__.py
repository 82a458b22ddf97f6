"""A test PayPal: Orders version 2, refunds, signed notices, and the page where a payer agrees."""

from flask import Flask

from ..bank.control import control
from ..bank.house import open_house
from ..settings import BankSettings
from ..wallets.pages import lend_templates, pages
from .api import api
from .house import PayPalHouse

__all__ = ["create_paypal"]


def create_paypal(settings: BankSettings) -> Flask:
    """Return the app, its courier already on the way. End it with `app.house.stop()`."""
    app = Flask(__name__)
    lend_templates(app)
    return open_house(app, PayPalHouse(settings), api, control, pages)
