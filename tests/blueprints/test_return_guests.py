"""Giving back without signing in: the same answer for every number, few tries, and one order only."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from browser import Browser
from lxml import html
from signing import bare, letters, links_go_out, wrong
from sqlalchemy import select

from shop.db import db
from shop.models import ReturnCode, ReturnRequest


def find_form(browser):
    page = html.fromstring(browser.get("/returns/find").text)
    return {"once_key": page.xpath("//input[@name='once_key']/@value")[0]}


def ask(browser, number):
    return browser.post("/returns/find", data=find_form(browser) | {"number": number})


@pytest.fixture
def order(make):
    """An order received an hour ago."""
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    return make.order(make.account(), state="received", placed_at=an_hour_ago)


def mailed(app):
    links_go_out(app)
    with app.app_context():
        return [one["facts"]["code"] for one in letters("return_code")]


def test_a_code_from_the_mailbox_opens_the_orders_form(app, client, order):
    answer = ask(client, order.number.replace("-", ""))
    assert answer.status_code == 200
    code = mailed(app)[0]

    opened = client.post("/returns/find/code", data={"number": order.number, "code": code})

    assert opened.location == f"/returns/order/{order.number}"
    page = client.get(opened.location)
    name = html.fromstring(page.text).xpath("//*[starts-with(@name, 'units-')]/@name")[0]
    typed = {name: "1", "reason": "defect", "once_key": "guest"}
    shown = client.post(f"{opened.location}/sums", data=typed)
    note = html.fromstring(shown.text).xpath("//input[@name='note']/@value")[0]
    made = client.post(opened.location, data=typed | {"note": note})
    assert made.location == f"/returns/{order.number}-1"
    assert client.get(made.location).status_code == 200
    with app.app_context():
        assert db.session.scalars(select(ReturnRequest.number)).all() == [f"{order.number}-1"]


def test_a_number_that_is_not_there_is_answered_the_same(app, order):
    known = ask(Browser(app), order.number)
    unknown = ask(Browser(app), "9999-9999")

    known_text = re.sub(r"\d{4}-\d{4}", "N", bare(known)[3])
    assert known_text == re.sub(r"\d{4}-\d{4}", "N", bare(unknown)[3])
    assert known.status_code == unknown.status_code == 200
    assert len(mailed(app)) == 1


def test_without_a_code_nothing_is_opened(app, client, order):
    for address in (f"/returns/order/{order.number}", f"/returns/{order.number}-1"):
        answer = client.get(address)
        assert answer.status_code == 303 and answer.location == "/returns/find"
    assert client.post(f"/returns/order/{order.number}").location == "/returns/find"


def test_a_code_opens_its_own_order_only(app, client, make, order):
    other = make.order(make.account(), state="received")
    ask(client, order.number)
    client.post("/returns/find/code", data={"number": order.number, "code": mailed(app)[0]})

    assert client.get(f"/returns/order/{order.number}").status_code == 200
    assert client.get(f"/returns/order/{other.number}").location == "/returns/find"


def test_an_hour_later_it_is_closed_again(app, client, order):
    ask(client, order.number)
    client.post("/returns/find/code", data={"number": order.number, "code": mailed(app)[0]})
    with client.client.session_transaction() as session:
        past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
        session["return_order"] = session["return_order"] | {"until": past}

    assert client.get(f"/returns/order/{order.number}").location == "/returns/find"


def test_wrong_codes_end_a_code_and_a_used_one_is_over(app, client, order):
    ask(client, order.number)
    code = mailed(app)[0]
    typed = {"number": order.number}
    for _ in range(5):
        answer = client.post("/returns/find/code", data=typed | {"code": wrong(code)})
        assert answer.status_code == 422

    assert client.post("/returns/find/code", data=typed | {"code": code}).status_code == 422
    with app.app_context():
        assert db.session.scalars(select(ReturnCode.wrong_tries)).one() == 5


def test_a_code_works_once(app, client, other_client, order):
    ask(client, order.number)
    typed = {"number": order.number, "code": mailed(app)[0]}
    client.post("/returns/find/code", data=typed)

    assert other_client.post("/returns/find/code", data=typed).status_code == 422


def test_codes_are_not_asked_for_again_and_again(app, client, order):
    ask(client, order.number)

    assert ask(client, order.number).status_code == 429
    assert len(mailed(app)) == 1
    assert client.post("/returns/find", data={"number": ""}).status_code == 422


def test_the_footer_leads_there(client):
    assert 'href="/returns/find"' in client.get("/").text
