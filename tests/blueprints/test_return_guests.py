"""Giving back without signing in: the same answer for every number, few tries, and one order only."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from browser import Browser
from lxml import html
from signing import bare, letters, letters_are_written, wrong
from sqlalchemy import select

from shop.db import db
from shop.gateways import mail
from shop.models import ReturnCode, ReturnRequest

SENT = "Если такой заказ есть, на его почту ушёл код"


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


@pytest.mark.parametrize("typed", ["abc", "12", "0042-11875"])
def test_what_is_no_number_of_an_order_is_told_at_once_and_stays(app, client, typed):
    answer = ask(client, typed)

    assert answer.status_code == 422 and "В номере заказа восемь цифр" in answer.text
    assert f'value="{typed}"' in answer.text and SENT not in answer.text
    assert mailed(app) == []


def mailed(app):
    letters_are_written(app)
    with app.app_context():
        return [one["facts"]["code"] for one in letters("return_code")]


def test_a_code_from_the_mailbox_opens_the_orders_form(app, client, order):
    answer = ask(client, order.number.replace("-", ""))
    assert answer.status_code == 303
    assert answer.location == f"/returns/code?number={order.number}"
    page = client.get(answer.location).text
    assert f'value="{order.number}"' in page and SENT in page
    assert SENT not in client.get(answer.location).text
    code = mailed(app)[0]

    opened = client.post("/returns/code", data={"number": order.number, "code": code})

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
    browser = Browser(app)
    known = browser.get(ask(browser, order.number).location)
    unknown = browser.get(ask(browser, "9999-9999").location)

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
    client.post("/returns/code", data={"number": order.number, "code": mailed(app)[0]})

    assert client.get(f"/returns/order/{order.number}").status_code == 200
    assert client.get(f"/returns/order/{other.number}").location == "/returns/find"


def test_an_hour_later_it_is_closed_again(app, client, order):
    ask(client, order.number)
    client.post("/returns/code", data={"number": order.number, "code": mailed(app)[0]})
    with client.client.session_transaction() as session:
        past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
        session["return_order"] = session["return_order"] | {"until": past}

    assert client.get(f"/returns/order/{order.number}").location == "/returns/find"


def test_wrong_codes_end_a_code_and_a_used_one_is_over(app, client, order):
    ask(client, order.number)
    code = mailed(app)[0]
    typed = {"number": order.number}
    for _ in range(5):
        answer = client.post("/returns/code", data=typed | {"code": wrong(code)})
        assert answer.status_code == 422

    assert client.post("/returns/code", data=typed | {"code": code}).status_code == 422
    with app.app_context():
        assert db.session.scalars(select(ReturnCode.wrong_tries)).one() == 5


def test_a_code_works_once(app, client, other_client, order):
    ask(client, order.number)
    typed = {"number": order.number, "code": mailed(app)[0]}
    client.post("/returns/code", data=typed)

    assert other_client.post("/returns/code", data=typed).status_code == 422


def test_codes_are_not_asked_for_again_and_again(app, client, order):
    ask(client, order.number)

    assert ask(client, order.number).status_code == 429
    assert len(mailed(app)) == 1
    assert client.post("/returns/find", data={"number": ""}).status_code == 422


def test_the_footer_leads_there(client):
    assert 'href="/returns/find"' in client.get("/").text


def test_the_letter_leads_to_the_page_of_its_code_and_the_code_is_not_in_the_address(app, order):
    ask(Browser(app), order.number)
    code = mailed(app)[0]
    with app.app_context():
        (told,) = letters("return_code")
        sent = mail.render(letter="return_code", language="ru", facts=told["facts"])
    address = f"/returns/code?number={order.number}"
    assert sent.text.count(address) == sent.html.count(address) == 1
    assert f"{address}\n" in sent.text
    phone = Browser(app)

    page = phone.get(address)
    opened = phone.post("/returns/code", data=form_of(page) | {"code": code.replace(" ", "-")})

    assert "письм" in page.text and "Если такой заказ есть" not in page.text
    assert opened.location == f"/returns/order/{order.number}"


def form_of(page):
    (form,) = html.fromstring(page.text).xpath("//main//form")
    return {name: value or "" for name, value in form.form_values()}


def test_who_has_a_code_already_types_it_with_the_number(app, client, order):
    ask(Browser(app), order.number)
    page = client.get("/returns/find")
    assert html.fromstring(page.text).xpath("//main//a[@href='/returns/code']")
    assert form_of(client.get("/returns/code"))["number"] == ""
    digits = order.number.replace("-", " ")

    wrong_one = client.post("/returns/code", data={"number": digits, "code": ""})
    opened = client.post("/returns/code", data={"number": digits, "code": mailed(app)[0]})

    assert wrong_one.status_code == 422 and f'value="{digits}"' in wrong_one.text
    assert opened.location == f"/returns/order/{order.number}"
    assert client.post("/returns/code", data={"number": "", "code": "123456"}).status_code == 422


@pytest.mark.parametrize("sign", ["G-", "g", "Г-"])
def test_a_certificates_number_is_not_taken_for_an_orders(app, client, order, sign):
    answer = ask(client, sign + order.number)

    assert answer.status_code == 422
    assert "Это номер сертификата, а не заказа" in answer.text
    typed = {"number": sign + order.number, "code": "123456"}
    assert client.post("/returns/code", data=typed).status_code == 422
    assert mailed(app) == []
