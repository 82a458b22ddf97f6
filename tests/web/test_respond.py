import json

import pytest

from shop.web.respond import current_page, go_to, render, safe_next, target, wants_partial

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#part"}


@pytest.mark.parametrize(
    "url",
    [
        "/",
        "/cart/",
        "/search?q=%D1%87%D0%B0%D0%B9&page=2",
        "/catalog/a/b/?x=1#y",
        "/@name",
        "/a//b",
    ],
)
def test_paths_of_the_shop_are_gone_to(url):
    assert safe_next(url, "/my/") == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "cart",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/a\\b",
        "/a b",
        "/a\nb",
        "/" + "a" * 500,
    ],
)
def test_anything_else_is_not(url):
    assert safe_next(url, "/my/") == "/my/"


@pytest.mark.parametrize(
    ("headers", "is_partial"),
    [
        ({}, False),
        (PARTIAL, True),
        ({"HX-Request": "true", "HX-Target": "body"}, False),
        ({"HX-Request": "true"}, False),
        (PARTIAL | {"HX-Request-Type": "full"}, False),
        (PARTIAL | {"HX-History-Restore-Request": "true"}, False),
        (PARTIAL | {"HX-Request": "yes"}, False),
    ],
)
def test_a_partial_is_for_a_swap_into_a_part(app, headers, is_partial):
    with app.test_request_context("/", headers=headers):
        assert wants_partial() is is_partial
        assert target() == ("part" if is_partial else "")


def test_a_browser_is_sent_on_with_303_and_htmx_with_a_header(app):
    with app.test_request_context("/"):
        answer = go_to("/cart/")
        assert (answer.status_code, answer.location) == (303, "/cart/")
    with app.test_request_context("/", headers=PARTIAL):
        answer = go_to("/cart/")
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/cart/")


def test_events_are_written_in_ascii_only(app):
    with app.test_request_context("/", headers=PARTIAL):
        answer = render("auth/login.html", "auth/_nothing.html", toast="Готово", events={"a": 1})

    written = answer.headers["HX-Trigger"]
    assert written.isascii()
    assert json.loads(written) == {"a": 1, "toast": {"text": "Готово"}}
    assert {"Cookie", "HX-Request", "HX-Target"} <= {
        part.strip() for part in answer.headers["Vary"].split(",")
    }


@pytest.mark.parametrize(
    ("path", "method", "headers", "page"),
    [
        ("/cart/?a=1", "GET", {}, "/cart/?a=1"),
        ("/cart/lines/7", "POST", {}, "/"),
        (
            "/x",
            "POST",
            {"HX-Current-URL": "http://localhost/catalog/?sort=new"},
            "/catalog/?sort=new",
        ),
        ("/x", "POST", {"HX-Current-URL": "http://localhost//evil.example"}, "/"),
        ("//evil.example/", "GET", {}, "/"),
        ("/x", "POST", {"Referer": "http://localhost/checkout/?a=1"}, "/checkout/?a=1"),
        ("/x", "POST", {"Referer": "http://evil.example/checkout/"}, "/"),
        ("/y", "GET", {"Referer": "http://localhost/checkout/"}, "/y"),
    ],
)
def test_the_page_one_is_on(app, path, method, headers, page):
    with app.test_request_context(
        path, base_url="http://localhost", method=method, headers=headers
    ):
        assert current_page() == page
