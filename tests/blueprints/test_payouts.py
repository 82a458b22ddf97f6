"""Telling where money shall be sent: on a page of the cabinet's, or with an order's code; each mistake told where it is."""

from datetime import UTC, datetime

import pytest
from lxml import html
from returning import Returning
from signing import letters, letters_are_written
from sqlalchemy import select

from shop.db import db
from shop.models import PaymentRefund, PayoutDetails
from shop.queries.ledger import balances_of
from shop.services.payments import open_details
from shop.services.returns import approve, settle_manually

ACCOUNT = {
    "way": "account",
    "name": "Петрова Анна Игоревна",
    "bic": "04 4525 225",
    "account_number": "40817 810 8 3812 3456789",
}
PHONE = {"way": "sbp", "name": "Петрова Анна", "phone": "8 916 123-45-67", "bank": "Сбер"}


class Owed:
    """A teapot paid for on receipt and given back: its money goes by bank transfer."""

    def __init__(self, app, make):
        self.app, self.returning = app, Returning(app, make)
        self.order = self.returning.order(method="on_receipt", stage="received")
        with app.app_context():
            self.number = self.returning.give_back(self.order, {self.order.teapots: 1}, "defect")
            refund = db.session.scalars(select(PaymentRefund)).one()
            self.refund_id, self.kopecks = refund.id, refund.amount_kopecks
        self.address = f"/my/payouts/{self.refund_id}"

    def details(self):
        with self.app.app_context():
            return db.session.scalars(select(PayoutDetails)).one_or_none()

    def state(self):
        with self.app.app_context():
            return db.session.scalars(select(PaymentRefund.state)).one()


@pytest.fixture
def owed(app, make, client):
    """Its owner is signed in."""
    found = Owed(app, make)
    client.become(found.order.account)
    return found


def flat(page):
    return page.text.replace("\xa0", " ")


def errors(page):
    return [
        " ".join(one.text_content().split())
        for one in html.fromstring(page.text).xpath("//*[@class='field__err']")
    ]


def test_the_order_and_its_return_lead_to_the_page_that_asks(client, owed, queries):
    for page in (f"/my/orders/{owed.order.number}", f"/my/returns/{owed.number}", "/my/returns/"):
        links = html.fromstring(client.get(page).text).xpath(f"//a[@href='{owed.address}']")
        assert len(links) == 1, page
    queries.clear()

    page = client.get(owed.address)

    assert len(queries) == 2  # Who asks; the money with all that is beside it.
    assert "Куда отправить ваши деньги" in page.text and "4 декабря" in flat(page)


def test_an_account_is_taken_down_however_it_is_typed(client, owed):
    answer = client.post(owed.address, data=ACCOUNT)

    assert answer.location == owed.address
    kept = owed.details()
    assert (kept.way, kept.name, kept.bic, kept.account_number, kept.phone) == (
        "account",
        "Петрова Анна Игоревна",
        "044525225",
        "40817810838123456789",
        "",
    )
    page = client.get(owed.address)
    assert "•••• 6789" in page.text and "40817810838123456789" not in page.text
    assert "•••• 6789" in client.get(f"/my/orders/{owed.order.number}").text


def test_a_phone_is_taken_down_and_may_be_changed_for_an_account(client, owed):
    client.post(owed.address, data=PHONE)
    kept = owed.details()
    assert (kept.way, kept.phone, kept.bank, kept.account_number) == (
        "sbp",
        "+79161234567",
        "Сбер",
        "",
    )

    client.post(owed.address, data=ACCOUNT)

    assert (owed.details().way, owed.details().phone) == ("account", "")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Напишите имя получателя"),
        ({"name": "123"}, "хотя бы одна буква"),
        ({"bic": ""}, "Напишите БИК банка"),
        ({"bic": "123456789"}, "начинаются с 04"),
        ({"account_number": ""}, "Напишите номер счёта"),
        ({"account_number": "4081781083812345678"}, "номер карты"),
        ({"account_number": "408178108381234567891"}, "двадцать цифр"),
        ({"account_number": "40817810938123456789"}, "не подходят друг к другу"),
        ({"account_number": "40817840838123456789"}, "не в рублях"),
        ({"account_number": "2200 0000 0000 0004"}, "номер карты"),
        ({"name": "2200 0000 0000 0004"}, "номер карты"),
        ({"bic": "2200000000000004"}, "номер карты"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept(client, owed, wrong, sentence):
    page = client.post(owed.address, data=ACCOUNT | wrong)

    assert page.status_code == 422
    assert len(errors(page)) == 1 and sentence in errors(page)[0]
    assert owed.details() is None
    for name in {"name", "bic"} - set(wrong):
        typed = html.fromstring(page.text).xpath(f"//input[@name='{name}']/@value")
        assert typed == [ACCOUNT[name]]
    assert "2200" not in page.text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"phone": ""}, "Напишите телефон"),
        ({"phone": "12"}, "номер целиком"),
        ({"bank": ""}, "Напишите банк"),
        ({"bank": "2200 0000 0000 0004"}, "номер карты"),
        ({"way": ""}, "Выберите, куда отправить"),
        ({"way": "card"}, ""),
    ],
)
def test_a_phone_without_its_bank_or_a_way_that_is_none_is_refused(client, owed, wrong, sentence):
    page = client.post(owed.address, data=PHONE | wrong)

    assert page.status_code == 422 and sentence in flat(page)
    assert owed.details() is None


def test_it_goes_to_the_balance_at_once(app, client, owed):
    with app.app_context():
        before = balances_of(account_id=owed.order.account.id).balance

    answer = client.post(owed.address, data={"way": "balance"})

    assert answer.location == owed.address and owed.state() == "to_balance"
    with app.app_context():
        assert balances_of(account_id=owed.order.account.id).balance == before + owed.kopecks
    page = client.get(owed.address)
    assert "у вас на балансе" in page.text and "whereto" not in page.text
    assert "у вас на балансе" in client.get(f"/my/returns/{owed.number}").text
    assert client.post(owed.address, data={"way": "balance"}).status_code == 422


def test_what_is_being_paid_stays_as_it_is(app, client, owed):
    client.post(owed.address, data=ACCOUNT)
    with app.app_context():
        clerk = owed.returning.clerk.id
        open_details(refund_id=owed.refund_id, actor_id=clerk, now=datetime.now(UTC))

    page = client.get(owed.address)
    answer = client.post(owed.address, data=PHONE)

    assert "whereto" not in page.text and "изменить уже нельзя" in flat(page)
    assert answer.status_code == 422 and owed.details().way == "account"
    assert "Сотрудник открыл, куда отправить ваши деньги" in client.get("/my/security/log").text


def test_somebody_elses_money_is_not_found(client, other_client, make, owed):
    other_client.become(make.account())

    assert other_client.get(owed.address).status_code == 404
    assert other_client.post(owed.address, data=ACCOUNT).status_code == 404
    assert client.get("/my/payouts/999").status_code == 404
    assert owed.details() is None


def test_whoever_holds_the_orders_code_may_tell_it_too(app, other_client, owed):
    address = f"/returns/payouts/{owed.refund_id}"
    assert other_client.get(address).location == "/returns/find"
    assert other_client.post(address, data=ACCOUNT).location == "/returns/find"
    other_client.post("/returns/find", data={"number": owed.order.number, "once_key": "k"})
    letters_are_written(app)
    with app.app_context():
        code = letters("return_code")[0]["facts"]["code"]
    other_client.post("/returns/code", data={"number": owed.order.number, "code": code})

    form = other_client.get(f"/returns/order/{owed.order.number}")
    assert f'href="{address}"' in form.text
    assert f'href="{address}"' in other_client.get(f"/returns/{owed.number}").text
    answer = other_client.post(address, data=PHONE)

    assert answer.location == address and owed.details().way == "sbp"
    assert "•••• 4567" in other_client.get(address).text


def test_a_return_says_who_is_waited_for_until_the_money_is_paid(app, client, owed):
    """Nothing is on its way while the shop waits to hear where to send it, or for its accountant."""

    def told():
        words = html.fromstring(flat(client.get(f"/my/returns/{owed.number}"))).xpath("//main")[0]
        return " ".join(words.text_content().split())

    asks = told()
    assert "Ждём, куда отправить деньги" in asks and "Что вернём" in asks
    assert "Банковским переводом: ждём от вас реквизиты" in asks
    assert "в пути" not in asks and "Что вернулось" not in asks
    assert asks.count("Напишите") == 1
    client.post(f"{owed.address}", data=ACCOUNT)

    waits = told()
    assert "Деньги переведёт наш бухгалтер" in waits and "Что вернём" in waits
    assert "реквизиты" not in waits and "Ждём" not in waits
    with app.app_context():
        told_by = {"actor_id": owed.returning.clerk.id, "note": "17", "now": datetime.now(UTC)}
        settle_manually(refund_id=owed.refund_id, **told_by)

    paid = told()
    assert "Завершено" in paid and "Что вернулось" in paid
    assert "Банковским переводом" in paid and "реквизиты" not in paid


def test_an_order_given_back_whole_offers_no_more_returns_and_speaks_of_what_was(app, client, make):
    returning = Returning(app, make)
    order = returning.order(stage="received")
    client.become(order.account)
    page = f"/my/orders/{order.number}"
    assert f"/my/returns/order/{order.number}" in client.get(page).text
    with app.app_context():
        returning.give_back(order, order.everything)

    under_way = client.get(page).text
    with app.app_context():
        returning.work()
    over = client.get(page).text

    assert f"/my/returns/order/{order.number}" not in under_way + over
    assert "Возвращаем вам" in under_way and "Вернули вам" not in under_way
    assert "Вернули вам" in over and "Возвращаем вам" not in over


def test_staff_read_of_a_state_what_concerns_them(app, client, make):
    returning = Returning(app, make)
    order = returning.order(stage="received")
    with app.app_context():
        number = returning.ask(order, {order.teapots: 1})
        approve(number=number, actor_id=returning.clerk.id, now=datetime.now(UTC))
    client.become(returning.clerk)

    for address in (f"/staff/returns/{number}", "/staff/returns/?state=approved"):
        page = client.get(address).text
        assert "Согласовано, ждём товар" in page and "отправьте товар" not in page
    assert "Отозвано клиентом" in page and "Отозвана" not in page
