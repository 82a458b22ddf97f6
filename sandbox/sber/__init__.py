"""Sber's acquiring in a box: the RBS gateway's API, and a payers' page where «Спасибо» bonuses are spent."""

from pathlib import Path

from flask import Flask

from ..bank.books import books
from ..bank.control import control
from ..bank.house import open_house
from ..settings import BankSettings
from .api import api
from .gate import Gate
from .pages import pages

__all__ = ["BankSettings", "create_sber"]

# The pages look as the test bank's do, and share its templates.
_TEMPLATES = Path(__file__).parent.parent / "bank" / "templates"


def create_sber(settings: BankSettings) -> Flask:
    """Return the gateway's app, its courier already on the way. End it with `app.house.stop()`."""
    app = Flask(__name__, template_folder=str(_TEMPLATES))
    return open_house(app, Gate(settings), api, control, pages, books)
