"""No other site makes a browser do anything here: every address that changes something, every trick."""

import hashlib
import json

import pytest
from browser import Browser
from doors import SAMPLES as DOORS
from lxml import html
from signing import session_of
from sqlalchemy import select

from shop.db import db

SAMPLES = DOORS | {"path": "posuda"}
HOME, EVIL = "http://localhost", "https://evil.example"
# What a form of ours, sent by somebody else, would hold: enough for every deed to succeed.
FORM = {
    "quantity": "1",
    "ticked": "1",
    "together": "0",
    "language": "en",
    "given_name": "Чужой",
    "family_name": "Чужой",
    "greeting": "name",
    "email": "igor@example.ru",
    "password": "correct horse",
    "consent": "y",
    "favorite": "1",
    "track": "RA123456789RU",
    "once_key": "theirs",
}
# name: headers, and what is in the form beside FORM
TRICKS = {
    "nothing at all": ({}, {}),
    "an empty token": ({}, {"csrf_token": ""}),
    "a made-up token": ({}, {"csrf_token": "IjEyMyI.made.up"}),
    "a made-up token in a header": ({"X-CSRFToken": "IjEyMyI.made.up"}, {}),
    "another site": ({"Origin": EVIL}, {}),
    "another site that htmx would mark": ({"Origin": EVIL, "HX-Request": "true"}, {}),
    "another site with our name in it": ({"Origin": f"{HOME}.evil.example"}, {}),
    "another site with our name before it": ({"Origin": "http://localhost@evil.example"}, {}),
    "another port": ({"Origin": f"{HOME}:81"}, {}),
    "a hidden origin": ({"Origin": "null"}, {}),
    "an origin that is none": ({"Origin": "http://["}, {}),
    "cross-site": ({"Sec-Fetch-Site": "cross-site", "Origin": HOME}, {}),
    "same-site": ({"Sec-Fetch-Site": "same-site", "Origin": HOME}, {}),
    "typed by hand": ({"Sec-Fetch-Site": "none"}, {}),
    "a word nobody knows": ({"Sec-Fetch-Site": "Same-Origin"}, {}),
    "our page as the referer": ({"Referer": f"{HOME}/cart/"}, {}),
    "another method in a header": ({"X-HTTP-Method-Override": "GET"}, {"_method": "GET"}),
}


@pytest.fixture
def house(app, make):
    """A customer with an order, a cart and a heart, who is also the owner: every door opens."""
    owner = make.employee("owner", email="igor@example.ru")
    order = make.order(owner)
    product = make.product()
    make.in_cart(owner, product)
    values = SAMPLES | {"number": order.number, "product_id": product.id}
    values["parcel_id"] = make.parcel_ids(order.id)[0]
    return owner, values


def changing(app, values):
    """Every (method, address) that isn't only for reading, but those for machines."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if getattr(app.view_functions[rule.endpoint], "is_open_to_outsiders", False):
            continue
        given = {name: values[name] for name in rule.arguments if name not in (rule.defaults or {})}
        for method in sorted(rule.methods - {"GET", "HEAD", "OPTIONS"}):
            yield method, adapter.build(rule.endpoint, given, method=method)


def everything(app):
    """A fingerprint of all that the shop knows."""
    with app.app_context():
        rows = [
            (table.name, sorted(map(repr, db.session.execute(select(table)))))
            for table in db.metadata.sorted_tables
        ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def let_in(browser, values, **sent):
    """The doors that didn't refuse what was sent to them."""
    app = browser.app
    found, before = {}, session_of(browser)
    for method, address in changing(app, values):
        answer = browser.client.open(address, method=method, **sent)
        if answer.status_code != 400 or session_of(browser) != before:
            found[f"{method} {address}"] = answer.status_code
    return found


def test_the_walk_meets_every_door(app, house):
    addresses = [address for _, address in changing(app, house[1])]

    assert len(addresses) == len(set(addresses)) >= 20
    assert {"/auth/login", "/auth/logout", "/checkout/", "/language", "/my/profile/"} <= set(
        addresses
    )


@pytest.mark.parametrize("trick", TRICKS)
def test_no_trick_opens_any_door(app, house, trick):
    headers, more = TRICKS[trick]
    owner, values = house
    browser = Browser(app).become(owner)
    before = everything(app)

    assert let_in(browser, values, data=FORM | more, headers=headers) == {}
    assert everything(app) == before


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data", ""])
def test_no_kind_of_body_opens_any_door(app, house, kind):
    owner, values = house
    browser = Browser(app).become(owner)
    before = everything(app)

    for body in (json.dumps(FORM), "&".join("=".join(pair) for pair in FORM.items()), ""):
        assert let_in(browser, values, data=body, content_type=kind) == {}
    assert everything(app) == before


def test_the_token_of_another_session_opens_no_door(app, house, other_client):
    page = html.fromstring(other_client.get("/auth/login").text)
    token = page.xpath("//form[@action='/auth/login']//input[@name='csrf_token']/@value")[0]
    owner, values = house
    browser = Browser(app).become(owner)
    before = everything(app)

    assert let_in(browser, values, data=FORM | {"csrf_token": token}) == {}
    assert let_in(browser, values, data=FORM, headers={"X-CSRFToken": token}) == {}
    assert let_in(browser, values, data=FORM, query_string={"csrf_token": token}) == {}
    assert everything(app) == before


def test_ones_own_token_in_the_address_opens_no_door(app, house):
    """It would be told to other sites, and written in logs."""
    owner, values = house
    browser = Browser(app).become(owner)
    page = html.fromstring(browser.get("/cart/").text)
    token = page.xpath("//form//input[@name='csrf_token']/@value")[0]

    for method, address in changing(app, values):
        answer = browser.client.open(address, method=method, query_string={"csrf_token": token})
        assert answer.status_code == 400, address


def test_looking_at_every_page_changes_nothing(app, house):
    owner, values = house
    browser, adapter = Browser(app).become(owner), app.url_map.bind("localhost")
    browser.client.get("/")
    before, looked = everything(app), 0
    for rule in app.url_map.iter_rules():
        given = {name: values[name] for name in rule.arguments if name not in (rule.defaults or {})}
        if "GET" not in rule.methods or rule.endpoint in {"static", "health.ready"}:
            continue
        address = adapter.build(rule.endpoint, given, method="GET")
        for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"HX-Request": "true"}):
            answer = browser.client.get(address, query_string=FORM, headers=headers)
            assert answer.status_code < 500, address
            looked += 1

    assert looked >= 60
    assert everything(app) == before
    assert browser.client.get("/my/").status_code == 200


def test_only_the_gateways_door_is_open_to_outsiders(app):
    open_doors = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if getattr(view, "is_open_to_outsiders", False)
    }

    assert open_doors == {"payment_notices.receive"}
