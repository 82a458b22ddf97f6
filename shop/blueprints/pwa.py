"""The shop as an app: its manifest, its service worker, the page for when there is no network."""

import hashlib
import json

from flask import Blueprint, Response, current_app, render_template
from flask_babel import gettext as _

from shop.web.audience import everyone
from shop.web.context import config

blueprint = Blueprint("pwa", __name__)
blueprint.before_request(everyone)

# The colour of the paper that pages are printed on: --bg of css/shop.css by day.
PAPER = "#f6f3ec"
# Android cuts names that are longer.
SHORT_NAME_LENGTH = 12

# What the manifest says whatever the shop is called.
ALIKE_EVERYWHERE = {
    "id": "/?pwa",
    "lang": "ru",
    "dir": "ltr",
    "start_url": "/?utm_source=pwa",
    "scope": "/",
    "display": "standalone",
    "display_override": ["standalone", "minimal-ui"],
    "launch_handler": {"client_mode": "navigate-existing"},
    "background_color": PAPER,
    "theme_color": PAPER,
    "categories": ["shopping"],
    "share_target": {
        "action": "/search",
        "method": "GET",
        "enctype": "application/x-www-form-urlencoded",
        "params": {"text": "q"},
    },
}

# What a page needs to look and work as it should; kept on the device from the first visit.
ASSETS = (
    *(
        "css/shop.css",
        "css/catalog.css",
        "css/orders.css",
        "css/account.css",
        "vendor/htmx-4.0.1.min.js",
    ),
    *(
        f"js/{name}.js"
        for name in (
            "dialog",
            "forms",
            "toasts",
            "who",
            "requests",
            "suggestions",
            "captcha",
            "passkeys",
            "app",
        )
    ),
    *("img/icons.svg", "img/logo.svg", "img/1f4e1.webp"),
)
# The style sheet names these without a hash.
FONTS = tuple(f"/static/fonts/onest-{part}.woff2" for part in ("cyr", "lat", "rub"))


def _static(name: str) -> str:
    return str(current_app.extensions["shop_static"](name))


@blueprint.get("/manifest.webmanifest")
def manifest():
    """Tell the browser how the shop looks and starts as an app."""
    name = config().shop_name
    answer = {
        "name": name,
        "short_name": name[:SHORT_NAME_LENGTH].strip(),
        "description": _(
            "An internet shop with a cabinet: goods of every kind, orders on their way, pickup points"
        ),
        **ALIKE_EVERYWHERE,
        "icons": [_icon(kind, size) for kind in ("icon", "maskable") for size in (192, 512)],
        "screenshots": [
            _screenshot("narrow", "720x1560", _("The shop's home page on a phone")),
            _screenshot("wide", "1280x860", _("The shop's home page on a computer")),
        ],
        "shortcuts": [
            _shortcut(_("My orders"), "/my/orders/", "orders"),
            _shortcut(_("Cart"), "/cart/", "cart"),
            _shortcut(_("Search"), "/search?q=", "search"),
        ],
    }
    return Response(json.dumps(answer, ensure_ascii=False), mimetype="application/manifest+json")


def _icon(kind: str, size: int) -> dict[str, str]:
    purpose = "maskable" if kind == "maskable" else "any"
    return {
        "src": _static(f"icons/{kind}-{size}.png"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }


def _screenshot(form_factor: str, sizes: str, label: str) -> dict[str, str]:
    src = _static(f"icons/screenshot-{form_factor}.webp")
    return {
        "src": src,
        "sizes": sizes,
        "type": "image/webp",
        "form_factor": form_factor,
        "label": label,
    }


def _shortcut(name: str, url: str, icon: str) -> dict[str, object]:
    return {
        "name": name,
        "url": url,
        "icons": [
            {"src": _static(f"icons/shortcut-{icon}.png"), "sizes": "96x96", "type": "image/png"}
        ],
    }


@blueprint.get("/sw.js")
def service_worker():
    """Serve the worker from the root, so that it may look after every page."""
    assets = [*FONTS, *(_static(name) for name in ASSETS)]
    code = render_template("pwa/sw.js", assets=assets, version="")
    # Another file or another line of code is another version: browsers then fetch it all anew.
    version = hashlib.sha256(code.encode()).hexdigest()[:12]
    code = render_template("pwa/sw.js", assets=assets, version=version)
    return Response(code, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@blueprint.get("/offline")
def offline():
    """Show what to do without a network; the worker keeps this page."""
    return render_template("pwa/offline.html")
