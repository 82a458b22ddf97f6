"""Files that never change under one address: kept for a year, and sent small."""

import brotli
import pytest


@pytest.fixture
def sheet(app):
    return app.extensions["shop_static"]("css/shop.css")


def test_an_address_names_the_content(app, sheet):
    assert sheet.startswith("/static/css/shop.css?v=")
    assert app.extensions["shop_static"]("css/staff.css").split("=")[1] not in sheet


def test_browsers_may_keep_a_file_for_a_year(client, sheet):
    answer = client.client.get(sheet)

    assert answer.headers["Cache-Control"] == "max-age=31536000, public, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["css/shop.css", "js/dialog.js", "img/icons.svg"])
def test_texts_travel_compressed_to_whom_can_read_it(app, client, name):
    address = app.extensions["shop_static"](name)
    whole = client.client.get(address)
    small = client.client.get(address, headers={"Accept-Encoding": "gzip, br"})

    assert small.headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "Content-Encoding" not in whole.headers
    assert brotli.decompress(small.data) == whole.data
    assert len(small.data) < len(whole.data)


def test_pictures_and_fonts_travel_as_they_are(client):
    answer = client.client.get(
        "/static/fonts/onest-cyr.woff2", headers={"Accept-Encoding": "gzip, br"}
    )

    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_whatever_is_not_there_is_not_found(client):
    assert client.client.get("/static/css/../../config.py").status_code == 404
    assert client.client.get("/media/nothing.webp").status_code == 404
