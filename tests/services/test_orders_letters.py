"""The letters of an order: whom they greet and how, and what matters to their reader."""

import pytest
from sqlalchemy import select

from shop.db import db
from shop.gateways import mail
from shop.models import OutboxItem
from shop.rules.orders import RETURN_DAYS
from shop.services.orders import receive_parcel


def written(letter):
    """The newest letter of this kind, as it would be sent."""
    db.session.rollback()
    for item in db.session.scalars(select(OutboxItem).order_by(OutboxItem.id.desc())):
        if item.payload.get("letter") == letter:
            told = item.payload
            return mail.render(letter=letter, language=told["language"], facts=told["facts"])
    return None


@pytest.mark.parametrize(
    ("letter", "subject", "told"),
    [
        ("order_accepted", "принят", "24 ноября 2026, 12:30"),
        ("order_paid", "оплачен", "2\u00a0388\u00a0₽"),
        ("order_shipped", "передан в доставку", "RA123456789RU"),
        ("order_received", "получен", "вернуть в течение 7 дней"),
    ],
)
def test_letters_greet_as_wished_and_say_what_matters(inside, make, letter, subject, told):
    account = make.account(patronymic="Валерьянович", greeting="name_and_patronymic")
    thing = make.product(name="Чай <b>чёрный</b>")
    order = make.order(account, thing, make.product(price=300), parcels=2, state="received")

    sent = written(letter)

    assert sent.subject == f"Заказ {order.number} {subject}"
    for body in (sent.text, sent.html):
        assert "Здравствуйте, Игорь Валерьянович!" in body
        assert told in body
        assert f"http://localhost/my/orders/{order.number}" in body
    assert "<b>чёрный" not in sent.html


def test_a_letter_is_in_the_language_of_its_reader(inside, make):
    make.order(make.account(language="en"), state="awaiting_payment")

    sent = written("order_accepted")

    assert sent.subject.endswith(" is accepted")
    assert "Hello, Игорь!" in sent.text


def test_the_first_of_two_parcels_received_is_told_as_a_parcel(inside, make):
    order = make.order(make.account(), make.product(), make.product(), parcels=2, state="shipped")

    hand = {"actor": "staff:1", "now": make.later(days=1)}
    receive_parcel(parcel_id=make.parcel_ids(order.id)[0], return_days=RETURN_DAYS, **hand)

    assert written("order_received").subject == f"Посылка заказа {order.number} получена"


def test_the_letter_tells_the_days_of_return_of_this_shop(inside, make, monkeypatch):
    monkeypatch.setattr(inside.jinja_env.globals["shop"], "return_days", 14)
    make.order(make.account(), make.product(), state="received")

    sent = written("order_received")

    assert "вернуть в течение 14 дней" in sent.text
    assert "вернуть в течение 14 дней" in sent.html
