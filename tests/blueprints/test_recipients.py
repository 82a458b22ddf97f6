"""«Получатели»: the list of those who may receive, and nothing of it in the account."""

import pytest
from lxml import html
from ordering import kept
from signing import errors_of
from sqlalchemy import select

from shop.db import db
from shop.models import Account, Recipient
from shop.rules.profile import MOST_RECIPIENTS

PERSON = {"full_name": "О'Коннор Ольга", "phone": "8 (916) 111-22-33"}


@pytest.fixture
def igor(make):
    return make.account("igor@example.ru")


def rows(app, model=Recipient):
    with app.app_context():
        return [tuple(row) for row in db.session.execute(select(*model.__table__.columns)).all()]


def people(answer):
    return html.fromstring(answer.text).xpath("//ul[@class='people']/li//b/text()")


def once_key(client):
    page = html.fromstring(client.get("/my/recipients/").text)
    return page.xpath("//main//input[@name='once_key']/@value")[0]


def test_somebody_is_put_on_the_list_and_the_account_stays_as_it_was(client, igor, app):
    client.become(igor)
    before = rows(app, Account)

    answer = client.post("/my/recipients/", data={**PERSON, "once_key": once_key(client)})

    assert (answer.status_code, answer.location) == (303, "/my/recipients/")
    page = client.get("/my/recipients/")
    assert people(page) == ["О'Коннор Ольга"]
    assert "+7 916 111-22-33" in page.text
    assert rows(app, Account) == before


def test_a_form_sent_twice_is_one_person(client, igor, app):
    client.become(igor)
    data = {**PERSON, "once_key": once_key(client)}

    for _ in range(2):
        assert client.post("/my/recipients/", data=data).status_code == 303

    assert len(rows(app)) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"full_name": ""}, "#full-name"),
        ({"full_name": "123"}, "#full-name"),
        ({"phone": ""}, "#phone"),
        ({"phone": "12"}, "#phone"),
    ],
)
def test_what_wont_do_adds_nobody_and_leads_to_its_field(client, igor, app, wrong, field):
    client.become(igor)

    answer = client.post("/my/recipients/", data={**PERSON, **wrong})

    assert answer.status_code == 422
    assert [link for link, _ in errors_of(answer)] == [field]
    assert rows(app) == []


def test_the_list_has_an_end(client, igor, app):
    client.become(igor)
    for number in range(MOST_RECIPIENTS):
        kept(app, igor, full_name=f"Ли {number}й")

    answer = client.post("/my/recipients/", data=PERSON)

    assert answer.status_code == 422
    assert len(rows(app)) == MOST_RECIPIENTS


def test_somebody_is_changed_and_taken_off_and_put_back(client, igor, app):
    client.become(igor)
    number = kept(app, igor)
    assert "О&#39;Коннор Ольга" in client.get(f"/my/recipients/{number}").text

    changed = {"full_name": "Ли Ю", "phone": "+7 916 000-00-00"}
    assert client.post(f"/my/recipients/{number}", data=changed).status_code == 303
    assert people(client.get("/my/recipients/")) == ["Ли Ю"]

    assert client.post(f"/my/recipients/{number}/removal").location == "/my/recipients/"
    page = client.get("/my/recipients/")
    assert people(page) == []
    form = html.fromstring(page.text).xpath("//main//form[.//input[@value='Ли Ю']]")[0]
    data = dict(form.form_values())
    assert client.post(form.get("action"), data=data).status_code == 303
    assert people(client.get("/my/recipients/")) == ["Ли Ю"]


def test_a_wrong_change_keeps_what_was_there(client, igor, app):
    client.become(igor)
    number = kept(app, igor)
    before = rows(app)

    answer = client.post(f"/my/recipients/{number}", data={"full_name": "Ли", "phone": "x"})

    assert answer.status_code == 422
    assert rows(app) == before


def test_somebody_elses_recipient_isnt_there(client, igor, make, app):
    number = kept(app, make.account())
    client.become(igor)
    before = rows(app)

    assert client.get(f"/my/recipients/{number}").status_code == 404
    assert client.post(f"/my/recipients/{number}", data=PERSON).status_code == 404
    assert client.post(f"/my/recipients/{number}/removal").status_code == 404
    assert rows(app) == before


def test_the_pages_ask_little_of_the_database(client, igor, app, queries):
    client.become(igor)
    numbers = [kept(app, igor, full_name=f"Ли {letter}") for letter in "абв"]

    for url in ("/my/recipients/", f"/my/recipients/{numbers[0]}"):
        queries.clear()
        client.get(url)
        assert len(queries) == 2, url
