"""The mail server: one letter out, with a time limit and a checked certificate."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import charset
from email.headerregistry import Address
from typing import Any

from flask import Flask, current_app
from flask_babel import force_locale
from flask_mail import Connection, Mail, Message

from shop.config import Config

# Seconds a mail server may take to answer.
TIMEOUT = 10

# Flask-Mail sends lines as they are, and mail servers refuse those above 998 bytes: wrap them up.
charset.add_charset("utf-8", charset.SHORTEST, charset.BASE64, "utf-8")

_mail = Mail()


class MailProblem(Exception):
    """The letter was not taken; it may be tried again."""


class ServerAway(MailProblem):
    """The mail server cannot be spoken to now, so no other letter would be taken either."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it is read: a subject, and the same words in plain text and in HTML."""

    subject: str
    text: str
    html: str


class _PatientConnection(Connection):
    """Flask-Mail's connection, which knows neither a time limit nor a certificate check."""

    def configure_host(self) -> smtplib.SMTP:
        """Connect within the limit; under TLS only to a server that proves its name."""
        context = ssl.create_default_context()
        if self.mail.use_ssl:
            host: smtplib.SMTP = smtplib.SMTP_SSL(
                self.mail.server, self.mail.port, timeout=TIMEOUT, context=context
            )
        else:
            host = smtplib.SMTP(self.mail.server, self.mail.port, timeout=TIMEOUT)
        if self.mail.use_tls:
            host.starttls(context=context)
        if self.mail.username and self.mail.password:
            host.login(self.mail.username, self.mail.password)
        return host

    def __exit__(self, *_fault: object) -> None:
        """Say goodbye; a server that hangs up without a word has still taken what it confirmed."""
        with suppress(OSError, smtplib.SMTPException):
            super().__exit__(None, None, None)  # type: ignore[arg-type]


def init_app(app: Flask, config: Config) -> None:
    """Tell Flask-Mail the settings."""
    app.config.update(
        MAIL_SERVER=config.mail_server,
        MAIL_PORT=config.mail_port,
        MAIL_USERNAME=config.mail_username or None,
        MAIL_PASSWORD=config.mail_password or None,
        MAIL_USE_TLS=config.mail_use_tls,
        MAIL_DEFAULT_SENDER=(config.shop_name, config.mail_from),
        MAIL_SUPPRESS_SEND=False,
    )
    _mail.init_app(app)


def render(*, letter: str, language: str, facts: dict[str, Any]) -> Letter:
    """Fill the three files of mail/<letter>/ with `facts`, in the reader's language."""
    templates = current_app.jinja_env
    # A context of its own: a language is remembered by the context, and letters differ in theirs.
    with current_app.app_context(), force_locale(language):
        subject, text, html = (
            templates.get_template(f"mail/{letter}/{part}").render(**facts)
            for part in ("subject.txt", "body.txt", "body.html")
        )
    return Letter(" ".join(subject.split()), text, html)


def send(*, to: str, subject: str, text: str, html: str, message_id: str) -> None:
    """Hand one letter to the mail server.

    :raises MailProblem: when the server refuses it; the letter may be sent again with the
        same `message_id`, by which mail programs know it for the same.
    :raises ServerAway: when the server cannot be spoken to at all.
    """
    config: Config = current_app.extensions["shop_config"]
    _check_address(to)
    message = Message(
        subject.replace("\r", " ").replace("\n", " "), recipients=[to], body=text, html=html
    )
    message.msgId = f"<{message_id}@{config.mail_from.rpartition('@')[2]}>"
    with _connected() as connection:
        try:
            connection.send(message)
        except (
            smtplib.SMTPSenderRefused
        ) as problem:  # Too many letters for now, or no leave to send: true of all.
            raise ServerAway(str(problem)) from problem
        except (OSError, smtplib.SMTPException) as problem:
            raise MailProblem(str(problem)) from problem


@contextmanager
def _connected() -> Iterator[_PatientConnection]:
    connection = _PatientConnection(current_app.extensions["mail"])
    try:
        connection.__enter__()
    except (OSError, smtplib.SMTPException) as problem:
        raise ServerAway(str(problem)) from problem
    try:
        yield connection
    finally:
        connection.__exit__()


def _check_address(to: str) -> None:
    """Refuse what isn't one plain address: a line break in it would be a second header."""
    try:
        Address(addr_spec=to)
    except Exception as problem:
        raise MailProblem(f"not an address: {to[:80]!r}") from problem
