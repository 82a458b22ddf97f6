"""The shop as an app: what a browser is told, and what the worker may keep."""

import io
import json
import re

import pytest
from PIL import Image


def manifest_of(client):
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    return json.loads(answer.text)


def test_the_manifest_names_the_shop_in_its_language(client):
    manifest = manifest_of(client)

    assert (manifest["name"], manifest["short_name"], manifest["lang"]) == ("Озон", "Озон", "ru")
    assert (manifest["start_url"], manifest["scope"]) == ("/?utm_source=pwa", "/")
    assert [shortcut["name"] for shortcut in manifest["shortcuts"]] == [
        "Мои заказы",
        "Корзина",
        "Поиск",
    ]
    assert manifest["share_target"]["action"] == "/search"


def test_every_picture_of_the_manifest_is_as_large_as_it_says(client):
    manifest = manifest_of(client)
    shortcuts = [icon for shortcut in manifest["shortcuts"] for icon in shortcut["icons"]]

    for picture in manifest["icons"] + manifest["screenshots"] + shortcuts:
        file = client.client.get(picture["src"])
        width, height = Image.open(io.BytesIO(file.data)).size
        assert (f"{width}x{height}", file.mimetype) == (picture["sizes"], picture["type"])


def test_icons_for_any_place_and_for_masks_are_different_files(client):
    icons = manifest_of(client)["icons"]

    assert {(icon["purpose"], icon["sizes"]) for icon in icons} == {
        (purpose, size) for purpose in ("any", "maskable") for size in ("192x192", "512x512")
    }
    assert len({icon["src"] for icon in icons}) == 4


def test_the_worker_stands_at_the_root_and_is_asked_for_anew(client):
    answer = client.get("/sw.js")

    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert re.search(r'VERSION = "[0-9a-f]{12}"', answer.text)


def test_the_worker_is_the_same_for_everybody(client, make):
    stranger = client.get("/sw.js").text

    assert client.become(make.account()).get("/sw.js").text == stranger


def test_what_the_worker_keeps_is_there_and_is_nobodys(client, make):
    worker = client.become(make.account()).get("/sw.js").text
    assets = json.loads(re.search(r"ASSETS = (\[.*?\]);", worker).group(1))

    assert len(assets) > 15
    for address in assets:
        assert address.startswith("/static/")
        assert client.client.get(address).status_code == 200


@pytest.mark.parametrize("path", ["/", "/cart/", "/auth/login", "/search?q=x", "/nowhere"])
def test_what_pages_are_dressed_in_is_kept_for_when_there_is_no_network(client, path):
    assets = json.loads(re.search(r"ASSETS = (\[.*?\]);", client.get("/sw.js").text).group(1))
    page = client.get(path).text

    dress = set(re.findall(r'(?:href|src)="(/static/[^"]*\.(?:css|js|woff2)[^"]*)"', page))
    assert len(dress) > 8
    assert dress <= set(assets)


def test_the_worker_fetches_what_it_stores_without_cookies(client):
    worker = client.get("/sw.js").text
    stored = re.findall(r"cache\.(?:put|addAll)\((.*)", worker)

    assert len(stored) == 3
    assert worker.count('credentials: "omit"') == 2
    assert "cache.put(event.request" not in worker
    assert not re.search(r"PUBLIC = .*(my|cart|checkout|favorites|auth|staff)", worker)


def test_the_offline_page_asks_the_database_nothing(client, queries):
    answer = client.get("/offline")

    assert "Нет сети" in answer.text
    assert queries == []


@pytest.mark.parametrize("path", ["/", "/cart/", "/auth/login"])
def test_pages_show_browsers_the_way_to_the_app(client, path):
    page = client.get(path).text

    assert '<link rel="manifest" href="/manifest.webmanifest">' in page
    assert page.count('<meta name="theme-color"') == 2
    assert 'rel="apple-touch-icon"' in page
