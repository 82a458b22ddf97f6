"""Who receives the order, as the checkout's page asks; whoever it is, the owner's data stay as they are."""

import pytest
import time_machine
from factories import NOON
from lxml import html
from ordering import filled, kept
from signing import errors_of
from sqlalchemy import select, text

from shop.db import db
from shop.gateways.payments.fake import FakeGateway
from shop.models import Order, Recipient
from shop.rules.profile import MOST_RECIPIENTS

OLGA = ("О'Коннор Ольга", "+79161112233")
OTHER = {"recipient": "other", "recipient_name": "Ли Ю", "recipient_phone": "8 916 000-11-22"}


@pytest.fixture(autouse=True)
def bank(app):
    app.extensions["shop_gateways"] = {"yookassa": FakeGateway()}
    with time_machine.travel(NOON, tick=False):
        yield
    del app.extensions["shop_gateways"]


@pytest.fixture
def igor(make, client):
    igor = make.account(phone="+79161234567")
    make.in_cart(igor, make.product())
    client.become(igor)
    return igor


def row_of(app, account):
    query = text("SELECT * FROM account WHERE id = :id")
    with app.app_context():
        return tuple(db.session.execute(query, {"id": account.id}).one())


def receivers(app):
    with app.app_context():
        found = db.session.execute(select(Order.recipient_name, Order.recipient_phone))
        return [tuple(row) for row in found]


def names_of(app, account):
    query = select(Recipient.full_name).where(Recipient.account_id == account.id)
    with app.app_context():
        return list(db.session.scalars(query.order_by(Recipient.id)))


def choices(page):
    """The values one may choose from, and which of them is chosen."""
    tree = html.fromstring(page.text)
    return (
        tree.xpath("//input[@name='recipient']/@value"),
        tree.xpath("//input[@name='recipient'][@checked]/@value"),
    )


def test_without_a_list_nobody_is_asked_to_choose(client, igor):
    page = client.get("/checkout/")

    assert choices(page) == ([], [])
    assert 'name="remember"' in page.text


def test_with_a_list_one_chooses_and_the_owner_is_chosen_beforehand(client, igor, make, app):
    line = kept(app, igor)
    kept(app, make.account(), full_name="Чужая Анна")

    page = client.get("/checkout/")

    assert choices(page) == (["me", str(line), "other"], ["me"])
    assert "Чужая Анна" not in page.text


def test_an_owner_without_a_phone_isnt_offered(client, make, app):
    account = make.account()
    make.in_cart(account, make.product())
    line = kept(app, account)

    page = client.become(account).get("/checkout/")

    assert choices(page) == ([str(line), "other"], ["other"])


@pytest.mark.parametrize("people", [1, MOST_RECIPIENTS])
def test_a_long_list_asks_the_database_no_more(client, igor, app, queries, people):
    for number in range(people):
        kept(app, igor, full_name=f"Ли {number}й")
    queries.clear()

    page = client.get("/checkout/")

    assert len(queries) == 10  # No pickup points here, so nothing of them is asked.
    assert ('name="remember"' in page.text) == (people < MOST_RECIPIENTS)


def test_who_is_chosen_receives_it_and_the_fields_are_left_unread(client, igor, app):
    line, before = kept(app, igor), row_of(app, igor)
    wishes = OTHER | {"recipient": str(line), "recipient_phone": "12", "remember": "y"}

    answer = client.post("/checkout/", data=filled(client.get("/checkout/"), **wishes))

    assert answer.status_code == 303
    assert receivers(app) == [OLGA]
    assert names_of(app, igor) == [OLGA[0]]
    assert row_of(app, igor) == before


def test_who_is_written_down_is_remembered_when_wished_and_the_owner_stays(client, igor, app):
    before = row_of(app, igor)

    client.post("/checkout/", data=filled(client.get("/checkout/"), **OTHER, remember="y"))

    assert receivers(app) == [("Ли Ю", "+79160001122")]
    assert names_of(app, igor) == ["Ли Ю"]
    assert row_of(app, igor) == before


def test_somebody_elses_recipient_is_refused_and_nothing_typed_is_lost(client, igor, make, app):
    kept(app, igor)
    theirs = kept(app, make.account(), full_name="Чужая Анна")
    page = client.get("/checkout/")

    for chosen in (str(theirs), "0", "-1", "9" * 20, "nobody"):
        answer = client.post("/checkout/", data=filled(page, recipient=chosen, comment="Код 12"))
        assert answer.status_code == 422
        assert errors_of(answer) == [
            ("#recipient-other", "Этого получателя больше нет в списке. Выберите другого.")
        ]
        assert "Код 12" in answer.text and "Чужая Анна" not in answer.text

    assert receivers(app) == []
