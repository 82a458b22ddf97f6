"""The access table: every address of the shop, and who may come through its door.

A new address that isn't in the table fails here, and so does a door that opens to anybody else than the table says.
"""

from datetime import UTC, datetime, timedelta
from functools import wraps

import pytest
from authenticator import Authenticator
from browser import Browser
from certifying import sold
from doors import (
    CONFIRMED,
    EVERYONE,
    FRESH,
    OPEN_TO_OUTSIDERS,
    OWN,
    SAMPLES,
    SHOPPERS,
    STAFF,
    TABLE,
)
from holding import added_key
from ordering import kept
from receipting import receipts
from sqlalchemy import select

from shop.db import db
from shop.models import UserSession
from shop.rules.staff import ROLES
from shop.services.payments import owe_by_hand

CAME_IN = "came in"


def doors(app):
    """Every (endpoint, method, address), with a sample for each variable part."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {
            name: SAMPLES[name] for name in rule.arguments if name not in (rule.defaults or {})
        }
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, adapter.build(rule.endpoint, values, method=method)


@pytest.fixture
def people(app, make):
    """Everybody who may stand before a door."""
    accounts = {
        "nobody": None,
        "unconfirmed": make.account(confirmed=False),
        "customer": make.account(),
        **{role: make.employee(role) for role in ROLES},
    }
    return {
        who: Browser(app).become(account) if account else Browser(app)
        for who, account in accounts.items()
    }


def must_happen(audience, who):
    """What the table promises to `who` at a door for `audience`."""
    if audience == EVERYONE:
        return CAME_IN
    if who == "nobody":
        return "asked to sign in"
    if audience == SHOPPERS:
        return CAME_IN
    if audience in {CONFIRMED, FRESH}:
        return "asked to confirm" if who == "unconfirmed" else CAME_IN
    if audience == STAFF:
        return CAME_IN if who in ROLES else 404
    if who in {*audience.split(" or "), "owner"}:
        return CAME_IN
    return 403 if who in ROLES else 404


def what_happens(browser, method, address):
    answer = browser.client.open(
        address,
        method=method,
        headers={"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
    )
    if answer.status_code == 401:
        return "asked again" if 'id="again"' in answer.text else "asked to sign in"
    if answer.status_code == 303:
        asked = {
            "/auth/login": "asked to sign in",
            "/auth/confirmation": "asked to confirm",
            "/auth/again": "asked again",
        }
        return asked.get(answer.location.partition("?")[0], answer.location)
    return CAME_IN if answer.status_code == 200 and answer.text == CAME_IN else answer.status_code


@pytest.fixture
def empty_rooms(app, monkeypatch):
    """Behind every door the same empty room, so that only the doors are tried."""
    for endpoint, view in list(app.view_functions.items()):

        @wraps(view)
        def room(**_values):
            return CAME_IN

        monkeypatch.setitem(app.view_functions, endpoint, room)


def test_every_address_is_in_the_table(app):
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(TABLE)


def test_every_door_opens_to_whom_the_table_says_and_to_nobody_else(app, people, empty_rooms):
    tried, wrong = 0, {}
    for endpoint, method, address in doors(app):
        if endpoint == "static":  # Served before the application is asked.
            continue
        for who, browser in people.items():
            tried += 1
            is_so, must_be = (
                what_happens(browser, method, address),
                must_happen(TABLE[endpoint], who),
            )
            if is_so != must_be:
                wrong[f"{method} {address} as {who}"] = (is_so, must_be)

    assert wrong == {}
    assert tried >= 8 * 50


def test_a_swap_at_a_closed_door_is_answered_with_the_popup(app, empty_rooms):
    wrong = {}
    for endpoint, method, address in doors(app):
        if TABLE[endpoint] == EVERYONE:
            continue
        answer = Browser(app, target="part").client.open(
            address,
            method=method,
            headers={
                "Sec-Fetch-Site": "same-origin",
                "HX-Request": "true",
                "HX-Target": "div#part",
            },
        )
        if answer.status_code != 401 or answer.headers.get("HX-Retarget") != "#dlg-body":
            wrong[f"{method} {address}"] = answer.status_code

    assert wrong == {}


def test_what_is_delicate_asks_again_in_a_session_that_was_left_open(app, make, empty_rooms):
    a_while_ago = datetime.now(UTC) - timedelta(minutes=16)
    browser = Browser(app).become(make.account(), proved_at=a_while_ago)

    seen = {
        f"{method} {address}": what_happens(browser, method, address)
        for endpoint, method, address in doors(app)
        if TABLE[endpoint] == FRESH
    }

    assert {door: answer for door, answer in seen.items() if answer != "asked again"} == {}


def test_nothing_is_changed_for_another_site(app, people, empty_rooms):
    wrong = {}
    for endpoint, method, address in doors(app):
        if method == "GET" or endpoint in OPEN_TO_OUTSIDERS:
            continue
        for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            answer = people["owner"].client.open(address, method=method, headers=headers)
            if answer.status_code != 400:
                wrong[f"{method} {address} {headers}"] = answer.status_code

    assert wrong == {}


def test_nothing_is_changed_by_a_link(app, people, empty_rooms):
    """A GET reaches no room that a POST alone may enter."""
    shown = {address for _, method, address in doors(app) if method == "GET"}
    wrong = {
        address: answer.status_code
        for _, method, address in doors(app)
        if method != "GET" and address not in shown
        if (answer := people["owner"].client.get(address)).status_code not in {404, 405}
    }

    assert wrong == {}


def test_somebody_elses_things_arent_there(app, make):
    owner, other, employee = make.account(), make.account(), make.employee("owner")
    order = make.order(owner)
    Browser(app).become(owner)
    with app.app_context():
        session_id = db.session.scalar(
            select(UserSession.id).where(UserSession.account_id == owner.id)
        )
        certificate = sold(owner).serial
        once = {"once_key": "owed", "now": order.placed_at}
        owed = owe_by_hand(order_id=order.id, amount_kopecks=100, reason="test", **once)
        receipt_id = receipts()[0].id
    theirs = {
        "number": order.number,
        "passkey_id": added_key(app, owner, Authenticator()),
        "receipt_id": receipt_id,
        "recipient_id": kept(app, owner),
        "serial": certificate,
        "refund_id": owed,
        "session_id": session_id,
        "name": "photo.webp",
    }
    adapter, wrong = app.url_map.bind("localhost"), {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in OWN:
            continue
        values = {name: theirs[name] for name in rule.arguments}
        for who in (other, employee):
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                address = adapter.build(rule.endpoint, values, method=method)
                browser = Browser(app).become(who)
                seen = what_happens(browser, method, address)
                if seen != 404:
                    wrong[f"{method} {address} as {who.id}"] = seen

    assert wrong == {}
    assert Browser(app).become(owner).get(f"/my/orders/{order.number}").status_code == 200


def test_whatever_bears_a_customers_number_is_known_to_be_ones_own(app):
    bearing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/my/") and rule.arguments
    }

    assert bearing == OWN


def test_private_pages_are_kept_by_nobody(app, make):
    customer = Browser(app).become(make.account())
    wrong = {}
    for endpoint, method, address in doors(app):
        if method == "GET" and TABLE[endpoint] in {SHOPPERS, CONFIRMED, FRESH}:
            kept = customer.client.get(address).headers["Cache-Control"]
            if "no-store" not in kept or "private" not in kept:
                wrong[address] = kept

    assert wrong == {}
