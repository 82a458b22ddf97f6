"""The desks say beforehand whose hands money may go through; who knocks all the same is told why, and nothing happens."""

from dataclasses import replace

import pytest
from certifying import sold, today
from factories import NOON
from lxml import html
from returning import Returning, return_lines
from sqlalchemy import select

from shop.db import db
from shop.models import Certificate, Order, PaymentRefund, PayoutDetails, ReturnRequest
from shop.services.payments import Whereto, tell_whereto
from shop.services.returns import Looked, approve, inspect, receive, refund

ACCOUNT = Whereto("account", "Петрова Анна Игоревна", "044525225", "40817810838123456789")
OWN = "Это ваши собственные деньги. Решать о них должен другой сотрудник."
ANOTHER = "Эти деньги должен отправить другой сотрудник"


@pytest.fixture
def vera(make, client):
    """An employee at the desk."""
    account = make.employee("support")
    client.become(account)
    return account


@pytest.fixture
def olga(make, other_client):
    """A colleague at another desk."""
    account = make.employee("fulfilment")
    other_client.become(account)
    return account


@pytest.fixture
def two_from_a_rouble(app, monkeypatch):
    config = replace(app.extensions["shop_config"], two_people_from=1)
    monkeypatch.setitem(app.extensions, "shop_config", config)


class Asked:
    """A teapot given back, as far as a state."""

    def __init__(self, app, make, state, *, clerk, customer=None, method="bank_card"):
        self.app, returning = app, Returning(app, make)
        order = returning.order(account=customer, stage="received", method=method)
        with app.app_context():
            self.number = returning.ask(order, {order.teapots: 1})
            told = {"number": self.number, "actor_id": clerk.id, "now": NOON}
            if state != "requested":
                approve(**told)
                receive(number=self.number, now=NOON)
            if state in {"inspected", "refunded"}:
                found = {one.id: Looked(1, True) for one in return_lines(self.number)}
                inspect(found=found, remark="", **told)
            if state == "refunded":
                refund(**told)
        self.address = f"/staff/returns/{self.number}"

    def state(self):
        with self.app.app_context():
            return db.session.scalars(select(ReturnRequest.state)).one()

    def refunds(self):
        with self.app.app_context():
            return db.session.scalars(select(PaymentRefund.state)).all()


def doors(page):
    """Where the forms of the page's main part lead."""
    return html.fromstring(page.text).xpath("//main//form[@method='post']/@action")


def refused(answer, words):
    assert answer.status_code == 403 and words in answer.text
    return True


@pytest.mark.parametrize(
    ("state", "step", "typed"),
    [
        ("requested", "approval", {}),
        ("requested", "refusal", {"refusal": "Нет"}),
        ("received", "inspection", {"remark": "Цел"}),
        ("inspected", "refund", {}),
    ],
)
def test_a_return_of_ones_own_is_left_to_another(app, client, make, vera, olga, state, step, typed):
    asked = Asked(app, make, state, clerk=olga, customer=vera)
    if step == "inspection":
        with app.app_context():
            typed |= {f"line-{one.id}-accepted": "1" for one in return_lines(asked.number)}

    page = client.get(asked.address)
    answer = client.post(f"{asked.address}/{step}", data=typed)

    assert OWN in page.text and doors(page) == [f"{asked.address}/messages"]
    assert refused(answer, OWN) and answer.text.count(OWN) == 1
    assert asked.state() == state and asked.refunds() == []


def test_an_order_of_ones_own_is_not_called_off_for_the_shop(app, client, make, vera):
    order = make.order(vera, state="shipped")
    address = f"/staff/returns/orders/{order.number}"

    page = client.get(address)
    answer = client.post(address, data={"once_key": "x", "reason": "carrier"})

    assert OWN in page.text and doors(page) == []
    assert refused(answer, OWN)
    with app.app_context():
        assert db.session.scalars(select(Order.state)).one() == "shipped"


def test_a_certificate_one_has_bought_is_given_back_by_another(app, client, vera):
    with app.app_context():
        serial = sold(vera, now=today()).serial
    address = f"/staff/certificates/{serial}"

    page = client.get(address)
    answer = client.post(f"{address}/refund")

    assert OWN in page.text and f"{address}/refund" not in doors(page)
    assert refused(answer, OWN) and answer.text.count(OWN) == 1
    with app.app_context():
        assert db.session.scalars(select(Certificate.state)).one() == "sold"


def test_a_large_refund_is_said_by_a_colleague(
    app, client, other_client, make, vera, olga, two_from_a_rouble
):
    asked = Asked(app, make, "inspected", clerk=vera)
    step = f"{asked.address}/refund"

    page = client.get(asked.address)

    assert ANOTHER in page.text and step not in doors(page)
    assert refused(client.post(step), ANOTHER)
    assert asked.state() == "inspected" and asked.refunds() == []
    assert step in doors(other_client.get(asked.address))
    assert other_client.post(step).location == asked.address
    assert asked.state() == "refunded"


def test_the_owner_does_both(app, client, make, two_from_a_rouble):
    owner = make.employee("owner")
    client.become(owner)
    asked = Asked(app, make, "inspected", clerk=owner)

    assert ANOTHER not in client.get(asked.address).text
    assert client.post(f"{asked.address}/refund").location == asked.address
    assert asked.state() == "refunded"


def told(app):
    """The one payout, with its details; return its number."""
    with app.app_context():
        refund_id = db.session.scalars(select(PaymentRefund.id)).one()
        tell_whereto(refund_id=refund_id, whereto=ACCOUNT, now=NOON)
    return refund_id


def untouched(app):
    """Nobody has opened, dropped or paid it."""
    with app.app_context():
        kept = db.session.scalars(select(PayoutDetails)).one()
        state = db.session.scalars(select(PaymentRefund.state)).one()
        return (state, kept.opened_at, kept.account_number)


WAITS = ("manual_due", None, ACCOUNT.account_number)


def test_a_payout_to_oneself_is_anothers(app, client, make, vera, olga):
    Asked(app, make, "refunded", clerk=olga, customer=vera, method="on_receipt")
    address = f"/staff/payouts/{told(app)}"

    page = client.get("/staff/payouts/")

    assert OWN in page.text and doors(page) == []
    assert refused(client.post(f"{address}/opening"), OWN)
    assert refused(client.post(address, data={"note": "п/п 17"}), OWN)
    assert refused(client.post(f"{address}/question", data={"remark": "Закрыт"}), OWN)
    assert untouched(app) == WAITS


def test_a_large_payout_is_made_by_a_colleague(
    app, client, other_client, make, vera, olga, monkeypatch, queries
):
    Asked(app, make, "refunded", clerk=vera, method="on_receipt")
    address = f"/staff/payouts/{told(app)}"
    config = replace(app.extensions["shop_config"], two_people_from=1)
    monkeypatch.setitem(app.extensions, "shop_config", config)
    queries.clear()

    page = client.get("/staff/payouts/")

    assert len(queries) == 2  # Who asks; the money, with who has decided about it.
    assert ANOTHER in page.text and doors(page) == []
    assert refused(client.post(f"{address}/opening"), ANOTHER)
    assert refused(client.post(address, data={"note": "п/п 17"}), ANOTHER)
    assert untouched(app) == WAITS
    assert f"{address}/opening" in doors(other_client.get("/staff/payouts/"))
    assert other_client.post(f"{address}/opening").location == "/staff/payouts/"
    assert other_client.post(address, data={"note": "п/п 17"}).location == "/staff/payouts/"
