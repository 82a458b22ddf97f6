"""A test QIWI: bills, refunds, signed notices, and the page where a payer pays them."""

from flask import Flask

from ..bank.control import control
from ..bank.house import open_house
from ..settings import BankSettings
from ..wallets.pages import lend_templates, pages
from .api import api
from .house import QiwiHouse

__all__ = ["create_qiwi"]


def create_qiwi(settings: BankSettings) -> Flask:
    """Return the app, its courier already on the way. End it with `app.house.stop()`."""
    app = Flask(__name__)
    lend_templates(app)
    return open_house(app, QiwiHouse(settings), api, control, pages)
