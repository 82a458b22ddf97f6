"""The roof: create_app() puts the house together; nothing imports it."""

import logging

import click
from flask import Flask
from flask_babel import Babel
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from shop.blueprints import BLUEPRINTS
from shop.cli import COMMANDS
from shop.config import Config, read_config
from shop.db import db
from shop.gateways import mail, queue
from shop.rules.search import lemmas
from shop.web import (
    audience,
    context,
    csrf,
    errors,
    filters,
    headers,
    known_devices,
    logs,
    numbers,
    shopper,
    static,
)

# In this order: what comes first sees an answer last.
HALL = (
    numbers,
    logs,
    headers,
    csrf,
    shopper,
    known_devices,
    audience,
    static,
    filters,
    context,
    errors,
)


def create_app(config: Config | None = None) -> Flask:
    """Return the shop as a WSGI application.

    :raises WrongSetting: when a setting is missing or senseless; its text is for the owner.
    """
    config = config or read_config()
    app = Flask(__name__)
    app.jinja_environment = context.QuickEnvironment
    app.config.update(_flask_settings(config))
    app.extensions["shop_config"] = config
    logging.basicConfig(
        level=config.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    db.init_app(app)
    if click.get_current_context(silent=True):  # `flask db …`; the web server needs none of it.
        from flask_migrate import Migrate

        Migrate(app, db, render_as_batch=True, include_object=_is_migrated)
    Babel(app, locale_selector=context.locale, timezone_selector=lambda: str(config.shop_time_zone))
    Compress(app)
    mail.init_app(app, config)
    queue.init_app(app, config)
    for hall in HALL:
        hall.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    if config.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxy_hops, x_proto=config.proxy_hops)  # type: ignore[method-assign]
    return app


def load_everything(app: Flask) -> None:
    """Load what pages will need: every template, the dictionary of word forms. Opens no connection."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    lemmas("слово")


def _is_migrated(
    _thing: object, name: str | None, kind: str, _reflected: bool, _other: object
) -> bool:
    """Keep Alembic's hands off the search index, which is no table of a model."""
    return not (kind == "table" and name and name.startswith("product_fts"))


def _flask_settings(config: Config) -> dict[str, object]:
    prefix = "__Host-" if config.is_https else ""
    return {
        "SECRET_KEY": config.secret_key,
        "TESTING": config.shop_env == "test",
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SESSION_COOKIE_NAME": f"{prefix}session",
        "SESSION_COOKIE_SECURE": config.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": 180 * 24 * 3600,
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 512 * 1024,
        "WTF_CSRF_CHECK_DEFAULT": False,  # web/csrf.py decides when a token is needed.
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "ru",
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 4,
        "COMPRESS_MIMETYPES": [
            "text/html",
            "application/json",
            "application/manifest+json",
            "text/javascript",
            "text/xml",
        ],
        "COMPRESS_MIN_SIZE": 500,
    }
