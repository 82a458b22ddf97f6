"""A bank's own bonuses on the pages: the order, what comes back of it, and the employee's page."""

import pytest
from factories import NOON
from lxml import html
from paying import Paying
from sqlalchemy import update

from shop.db import db
from shop.models import PaymentAttempt
from shop.services.payments import sync


@pytest.fixture
def igor(client, make):
    """Somebody signed in."""
    account = make.account()
    client.become(account)
    return account


@pytest.fixture
def paid(app, make, igor):
    """An order of 3 279 roubles, 500 of them in bonuses."""
    paying = Paying(app, make)
    order = paying.order(account=igor)
    paying.bank.end(paying.at_the_bank(order), "succeeded")
    with app.app_context():
        sync(attempt_id=order.attempt_id, now=NOON)
        db.session.execute(update(PaymentAttempt).values(bonus_kopecks=500_00))
        db.session.commit()
    return order


def rows(page):
    return [
        row.text_content().replace("\xa0", " ").strip()
        for row in html.fromstring(page.text).xpath("//dl[contains(@class, 'totals')]/div")
    ]


def test_the_order_tells_card_and_bonuses_apart(client, paid, queries):
    client.get(f"/my/orders/{paid.number}")
    before = len(queries)

    shown = rows(client.get(f"/my/orders/{paid.number}"))

    assert len(queries) - before == before
    assert "Картой2 779 ₽" in shown and "Бонусами «Спасибо»500 ₽" in shown


def test_calling_off_shows_and_then_has_both(client, paid):
    page = client.get(f"/my/orders/{paid.number}/cancellation")
    told = ["На карту Mastercard ···· 44772 779 ₽", "Бонусами «Спасибо»500 ₽", "Всего3 279 ₽"]
    assert rows(page)[:3] == told

    form = html.fromstring(page.text).xpath("//form[contains(@action, '/cancellation')]")[0]
    client.post(f"/my/orders/{paid.number}/cancellation", data=dict(form.form_values()))

    shown = [row for row in rows(client.get(f"/my/orders/{paid.number}")) if row in told]
    assert shown == [*told, told[1]]  # What came back, then what was paid.


def test_the_employee_sees_the_same_before_calling_off(client, other_client, make, paid):
    other_client.become(make.employee("support"))

    shown = rows(other_client.get(f"/staff/returns/orders/{paid.number}"))

    assert "На карту Mastercard ···· 44772 779 ₽" in shown
    assert "Бонусами «Спасибо»500 ₽" in shown
