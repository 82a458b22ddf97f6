"""What every answer tells browsers: nothing foreign runs, nothing of one's own is kept or shown elsewhere."""

import re

import pytest
from browser import Browser
from conftest import NOON

from shop.app import create_app
from shop.config import read_config
from shop.db import db
from shop.db.fulltext import create_index
from shop.services.auth.vouching import open_confirmed_account

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self' http://127.0.0.1:8026 https://yoomoney.ru https://yookassa.ru",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
VARY = {"Cookie", "HX-Request", "HX-Request-Type", "HX-Target"}
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#dlg-body"}
PAGES = ["/", "/search?q=чай", "/cart/", "/auth/login", "/auth/register", "/delivery/place"]
PAGES += ["/help/", "/offline", "/my/", "/checkout/", "/staff/orders/", "/healthz", "/readyz"]


def policy_of(answer):
    (written,) = answer.headers.getlist("Content-Security-Policy")
    return dict(part.strip().split(" ", 1) for part in written.split(";"))


def vary_of(answer):
    return {name.strip() for name in answer.headers["Vary"].split(",")}


def is_safe(answer):
    """Every header once, with exactly this text."""
    assert {name: answer.headers.getlist(name) for name in EVERYWHERE} == {
        name: [text] for name, text in EVERYWHERE.items()
    }
    assert policy_of(answer) == CSP
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not {"Server", "X-Powered-By", "Strict-Transport-Security"} & set(answer.headers.keys())
    return True


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_safe_for_guests_and_customers(client, other_client, make, path):
    assert is_safe(client.get(path))
    assert is_safe(other_client.become(make.employee()).get(path))


@pytest.mark.parametrize("path", PAGES[:6])
def test_partials_are_safe_and_told_apart_from_pages(client, path):
    answer = client.get(path, headers=PARTIAL)

    assert is_safe(answer)
    assert vary_of(answer) >= VARY
    assert vary_of(client.get(path)) >= VARY


def test_refusals_are_safe(client):
    assert is_safe(answer := client.get("/nowhere")) and answer.status_code == 404
    assert is_safe(answer := client.post("/auth/login", data={})) and answer.status_code == 422
    assert is_safe(answer := client.client.post("/auth/logout")) and answer.status_code == 400
    assert is_safe(answer := client.get("/auth/logout")) and answer.status_code == 405
    assert is_safe(answer := client.get("/my/", headers=PARTIAL)) and answer.status_code == 401


def test_a_form_that_is_too_large_is_refused_safely(client):
    answer = client.post("/auth/login", data={"email": "a" * 3_000_000})

    assert is_safe(answer) and answer.status_code == 413


def test_a_fault_of_ours_is_told_safely_and_tells_nothing(app, client, monkeypatch):
    def fail(**_values):
        raise RuntimeError("the secret of the house")

    monkeypatch.setitem(app.view_functions, "catalog.home", fail)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = client.get("/")

    assert is_safe(answer) and answer.status_code == 500
    assert "secret" not in answer.text and "Traceback" not in answer.text
    assert re.search(r"\b[0-9a-f]{8}\b", answer.text)


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", "no-cache"),
        ("/search?q=чай", "no-cache"),
        ("/nowhere", "no-cache"),
        ("/auth/login", "no-cache"),
    ],
)
def test_only_pages_of_nobody_may_be_kept_and_asked_about(client, other_client, make, path, kept):
    assert client.get(path).headers["Cache-Control"] == kept
    mine = other_client.become(make.account()).get(path)
    assert mine.headers["Cache-Control"] == "private, no-store"


def test_with_something_in_the_cart_a_guests_pages_are_private(client, make):
    product = make.product()
    client.post(f"/cart/lines/{product.id}", data={"quantity": "1"})

    assert client.get("/").headers["Cache-Control"] == "private, no-store"


def test_no_address_makes_a_private_page_look_like_a_file(client, make):
    client.become(make.account())
    for path in (
        "/my/a.css",
        "/my/orders/a.js",
        "/my/;a.css",
        "/my/%2fa.css",
        "/my/profile/a.webp",
    ):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", ["css/shop.css", "js/dialog.js", "img/icons.svg"])
def test_files_are_kept_for_a_year_and_are_what_they_say(app, client, name):
    answer = client.client.get(app.extensions["shop_static"](name))

    assert answer.headers["Cache-Control"] == "max-age=31536000, public, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Set-Cookie" not in answer.headers


def test_the_cookie_is_no_scripts_and_no_other_sites(client):
    (cookie,) = client.get("/auth/login").headers.getlist("Set-Cookie")
    name, *rest = cookie.split("; ")

    assert name.startswith("session=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(rest)


@pytest.fixture
def secure(tmp_path):
    """The shop as customers reach it through TLS, in production."""
    app = create_app(
        read_config(
            {
                "SHOP_DATA": str(tmp_path),
                "SHOP_ENV": "production",
                "SHOP_URL": "https://shop.example",
                "SECRET_KEY": "k" * 40,
                "YOOKASSA_API_URL": "https://api.yookassa.ru/v3",
                "LOG_LEVEL": "ERROR",
            }
        )
    )
    with app.app_context():
        db.create_all()
        create_index()
        person = {"given_name": "Игорь", "family_name": "Секретов", "now": NOON}
        open_confirmed_account(email="igor@example.ru", password="correct horse", **person)
    yield app
    with app.app_context():
        db.engine.dispose()


def at_home(app, path, data=None, **headers):
    headers = {"Sec-Fetch-Site": "same-origin"} | headers
    method = "GET" if data is None else "POST"
    browser = Browser(app).client
    return browser.open(
        path, method=method, data=data, headers=headers, base_url="https://shop.example"
    )


def test_under_tls_browsers_are_told_to_stay_there(secure):
    for path in ("/", "/nowhere", "/my/", "/healthz"):
        told = at_home(secure, path).headers["Strict-Transport-Security"]
        assert told == "max-age=31536000; includeSubDomains"


def test_under_tls_cookies_are_the_hosts_own(secure):
    form = {"email": "igor@example.ru", "password": "correct horse"}
    answer = at_home(secure, "/auth/login", form)
    cookies = {
        one.partition("=")[0]: one.split("; ")[1:] for one in answer.headers.getlist("Set-Cookie")
    }

    assert answer.status_code == 303
    assert set(cookies) == {"__Host-session", "__Host-device", "who"}
    for name in ("__Host-session", "__Host-device"):
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookies[name])
    # Scripts compare this one; it opens nothing.
    assert {"Secure", "Path=/", "SameSite=Lax"} <= set(cookies["who"])
    assert not any(part.startswith("Domain") for parts in cookies.values() for part in parts)


@pytest.mark.parametrize("host", ["evil.example", "shop.example.evil.example", "shop.example@evil"])
def test_in_production_a_foreign_host_is_refused(secure, host):
    for path in ("/", "/auth/login", "/nowhere", "/my/"):
        answer = Browser(secure).client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert host not in answer.text and "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("nasty", ["http://[", "https://[x", "///", "https://", "\xa0//["])
def test_in_production_a_senseless_referer_is_refused_like_any_stranger(secure, nasty):
    answer = Browser(secure).client.post(
        "/auth/logout", headers={"Referer": nasty}, base_url="https://shop.example"
    )

    assert answer.status_code == 400
