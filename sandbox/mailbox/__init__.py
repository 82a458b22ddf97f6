"""A mailbox that takes every letter: SMTP in, pages for people, Mailpit's API for programs."""

from pathlib import Path

from flask import Flask

from ..safety import make_safe
from ..serving import Serving, SmtpServing, serve, serve_smtp
from .api import api
from .pages import pages
from .receiver import Receiver
from .store import MOST_LETTERS, Letters

__all__ = ["Mailbox", "create_mailbox"]

_STATIC = Path(__file__).parent.parent / "static"


def create_mailbox(letters: Letters) -> Flask:
    """Return the app that shows these letters."""
    app = Flask(__name__, static_folder=str(_STATIC))
    app.letters = letters
    app.json.ensure_ascii = False
    make_safe(app)
    app.register_blueprint(api)
    app.register_blueprint(pages)
    return app


class Mailbox:
    """A letter slot and a reading room over the same letters, until `stop()`."""

    def __init__(
        self, data: Path, port: int = 0, smtp_port: int = 0, most_letters: int = MOST_LETTERS
    ):
        self.letters = Letters(data, most_letters)
        self._web: Serving = serve(create_mailbox(self.letters), port)
        try:
            self._smtp: SmtpServing = serve_smtp(Receiver(self.letters), smtp_port)
        except OSError:
            self._web.stop()
            raise
        self.port = self._web.port
        self.url = self._web.url
        self.smtp_port = self._smtp.port

    def stop(self) -> None:
        """Take no letters and show none any more."""
        self._smtp.stop()
        self._web.stop()
        self.letters.close()
