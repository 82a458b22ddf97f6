"""What every template may use without being given it."""

from collections.abc import Callable, MutableMapping
from functools import cache
from typing import Any

from flask import Flask, current_app, g, render_template, request, session
from flask.templating import Environment
from flask_babel import get_locale, get_translations
from flask_wtf.csrf import generate_csrf
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from shop.config import Config
from shop.web.shopper import shopper

LANGUAGES = ("ru", "en")


def locale() -> str:
    """The language of this request: as chosen here, else Russian."""
    chosen = session.get("language", "ru") if request else "ru"
    return chosen if chosen in LANGUAGES else "ru"


class QuickEnvironment(Environment):
    """Jinja as Flask sets it up, with plain globals.

    Jinja looks through them each time a template imports another, and through its own chained
    mapping that took a tenth of a list page. All our globals are there before the first template.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template that is being loaded."""
        return {**self.globals, **(d or {})}


class ShopFacts:
    """What pages and letters say of the shop: its name, how to reach its people, how long goods are taken back."""

    def __init__(self, config: Config) -> None:
        self.name = config.shop_name
        self.hotline = config.shop_hotline
        digits = "".join(sign for sign in config.shop_hotline if sign.isdigit())
        self.hotline_href = "tel:+7" + digits[1:] if digits.startswith("8") else "tel:+" + digits
        self.support_email = config.shop_support_email
        self.url = config.shop_url
        self.return_days = config.return_days
        self.is_demo = config.shop_env != "production"


def init_app(app: Flask) -> None:
    """Give templates the shop, the shopper, the token and quick translations."""
    env = app.jinja_env
    from jinja2 import StrictUndefined

    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.globals["shop"] = ShopFacts(app.extensions["shop_config"])
    env.globals.update(csrf_token=generate_csrf, csrf=_csrf, icon=_icon_of(app))
    env.globals["language"] = lambda: str(get_locale() or "ru")
    env.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.globals["_"] = _words
    env.globals["same"] = _same_for_all()
    app.context_processor(lambda: {"shopper": shopper(), "oob": False})


def _csrf() -> Markup:
    """The hidden field that every form needs in browsers which don't vouch for their requests."""
    return Markup('<input type="hidden" name="csrf_token" value="%s">') % generate_csrf()


def _icon_of(app: Flask) -> Callable[..., Markup]:
    """A drawing from the sprite, silent for screen readers; names are in static/img/icons.svg."""

    @cache
    def icon(name: str, cls: str = "") -> Markup:
        sprite = app.extensions["shop_static"]("img/icons.svg")
        return Markup('<svg class="%s" aria-hidden="true"><use href="%s#i-%s"/></svg>') % (
            f"i {cls}".strip(),
            sprite,
            name,
        )

    return icon


def _same_for_all() -> Callable[[str], Markup]:
    """A partial that is alike on every page (footer, strip) is rendered once for each language."""
    kept: dict[tuple[str, str], Markup] = {}

    def same(name: str) -> Markup:
        key = name, locale()
        if key not in kept:
            kept[key] = Markup(render_template(name))  # noqa: S704 (a template has escaped)
        return kept[key]

    return same


@pass_eval_context
def _words(where: EvalContext, text: str, /, **values: Any) -> str:
    """What `_()` says in templates: the translation, safe in HTML, its values filled in."""
    found: str = _catalog().gettext(text)
    if where.autoescape:
        found = Markup(found)  # noqa: S704 (our own catalog)
    return found % values if "%" in found else found


def _catalog():  # type: ignore[no-untyped-def]
    """The request's catalog, looked up once: a list page asks for a word 200 times."""
    found = g.get("shop_catalog")
    if found is None:
        found = g.shop_catalog = get_translations()
    return found


def _gettext(text: str) -> str:
    return _catalog().gettext(text)  # type: ignore[no-any-return]


def _ngettext(one: str, many: str, number: int) -> str:
    return _catalog().ngettext(one, many, number)  # type: ignore[no-any-return]


def config() -> Config:
    """The shop's settings."""
    return current_app.extensions["shop_config"]  # type: ignore[no-any-return]
