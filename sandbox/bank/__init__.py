"""A test bank that speaks YooKassa's API and shows the pages its payers see."""

from datetime import timedelta, timezone
from pathlib import Path

from flask import Flask

from ..safety import make_safe
from ..settings import BankSettings
from .api import api
from .bank import Bank
from .books import books
from .cards import grouped, scheme_of
from .clock import moment_of
from .control import control
from .money import money_for_people
from .pages import pages
from .reasons import explained

__all__ = ["BankSettings", "create_bank"]

# Moscow time, without asking a machine that may have no time zones installed.
_MOSCOW = timezone(timedelta(hours=3))
_STATIC = Path(__file__).parent.parent / "static"
_LARGEST_REQUEST = 256 * 1024


def create_bank(settings: BankSettings) -> Flask:
    """Return the bank's app, its courier already on the way. End it with `app.bank.stop()`."""
    app = Flask(__name__, static_folder=str(_STATIC))
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST
    app.bank = Bank(settings)
    make_safe(app)
    for blueprint in (api, control, pages, books):
        app.register_blueprint(blueprint)
    _teach_templates(app)
    app.bank.courier.start(app.bank.let_time_work)
    return app


def _teach_templates(app: Flask) -> None:
    @app.template_filter("moment")
    def moment(milliseconds: int, form: str = "%d.%m.%Y, %H:%M:%S") -> str:
        return moment_of(milliseconds).astimezone(_MOSCOW).strftime(form)

    app.template_filter("money")(money_for_people)
    app.template_filter("grouped")(grouped)
    app.template_filter("scheme")(scheme_of)
    app.template_filter("explained")(explained)
