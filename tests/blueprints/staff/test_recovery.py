"""The desk of lost mailboxes: who sees what."""

from datetime import UTC, datetime, timedelta

import pytest
from lost_mailboxes import asked, events, state_of
from lxml import html
from sqlalchemy import select

from shop.db import db
from shop.models import AccountEvent

DESK = "/staff/recovery/"


@pytest.fixture
def igor(make):
    return make.account(
        "igor@example.ru",
        family_name="Секретов",
        given_name="Игорь",
        patronymic="Валерьянович",
        phone="+79161234567",
    )


@pytest.fixture
def vera(make, client):
    vera = make.employee("support", given_name="Вера", family_name="Кладова")
    client.become(vera)
    return vera


@pytest.fixture
def olga(make, other_client):
    olga = make.employee("support", given_name="Ольга", family_name="Речная")
    other_client.become(olga)
    return olga


@pytest.fixture
def number(app, igor):
    """A request that fits in nothing but the address."""
    return made(app, family_name="Петров", given_name="Лев", patronymic="")


def made(app, **more):
    with app.app_context():
        return asked(now=datetime.now(UTC), **more)


def kept(app, number):
    with app.app_context():
        return state_of(number)


def marks(page):
    """What the page says of each thing that was told: the account's own, and the mark."""
    tree = html.fromstring(page)
    rows = tree.xpath("(//section[@aria-labelledby='compared-h']//table)[1]/tbody/tr")
    cells = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    return {name: (known, mark) for name, _told, known, mark in cells}


def test_a_guest_is_asked_to_sign_in(client):
    assert client.get(DESK).status_code == 303


@pytest.mark.parametrize(("role", "status"), [("", 404), ("fulfilment", 403), ("catalog", 403)])
def test_for_others_the_desk_is_closed(client, make, number, app, role, status):
    client.become(make.employee(role) if role else make.account())

    for address in (DESK, f"{DESK}{number}", f"{DESK}entry"):
        assert client.get(address).status_code == status
    for step in ("opening", "approvals/first", "approvals/second", "refusal"):
        assert client.post(f"{DESK}{number}/{step}").status_code == status
    assert kept(app, number) == "new"
    with app.app_context():
        assert events() == []


def test_the_desk_lists_what_waits_for_a_decision(client, vera, number, queries):
    queries.clear()

    page = client.get(DESK).text

    assert number in page and "Новая 1" in page and "Ждёт 72 часа 0" in page
    assert len(queries) == 3


def test_the_list_costs_the_same_however_long(client, vera, app, queries):
    for one in range(6):
        made(app, old_email=f"igor{one}@example.ru", entered_by=vera.id)
    queries.clear()

    client.get(DESK)

    assert len(queries) == 3


@pytest.mark.parametrize("query", ["state=lost", "page=0", "page=-3"])
def test_a_list_that_cannot_be_is_not_there(client, vera, query):
    assert client.get(f"{DESK}?{query}").status_code == 404


def test_the_menu_leads_each_employee_to_the_own_desk(client, other_client, make):
    support = client.become(make.employee("support"))
    packer = other_client.become(make.employee("fulfilment"))

    assert 'href="/staff/recovery/"' in support.get("/").text
    assert 'href="/staff/orders/"' not in support.get(DESK).text
    assert 'href="/staff/recovery/"' not in packer.get("/staff/orders/").text


def test_the_accounts_data_are_masked_with_a_mark_for_each_thing_told(
    client, vera, igor, app, make, queries
):
    order = make.order(igor, make.product(price=1490))
    number = made(
        app,
        family_name="СЕКРЕТОВ ",
        given_name="Лев",
        patronymic="",
        order_number=order.number.replace("-", " "),
        order_kopecks=order.total_kopecks,
    )
    queries.clear()

    page = client.get(f"{DESK}{number}").text

    assert len(queries) == 4
    assert marks(page) == {
        "Фамилия": ("С•••••в", "сходится"),
        "Имя": ("И•••••ь", "не сходится"),
        "Отчество": ("В•••••ч", "не указано"),
        "Прежняя почта": ("i•••r@example.ru", "сходится"),
        "Номер заказа": (order.number, "сходится"),
        "Сумма заказа": ("•••••", "сходится"),
    }
    assert "Секретов" not in page and "Валерьянович" not in page and "Лесная" not in page
    assert "6123" not in page and "•••••67" in page


def test_a_wrong_sum_and_somebody_elses_order_dont_fit(client, vera, igor, app, make):
    own, foreign = make.order(igor), make.order(make.account())
    wrong_sum = made(app, order_number=own.number, order_kopecks=own.total_kopecks + 1)
    not_own = made(app, order_number=foreign.number, order_kopecks=foreign.total_kopecks)

    page = client.get(f"{DESK}{wrong_sum}").text
    assert marks(page)["Номер заказа"] == (own.number, "сходится")
    assert marks(page)["Сумма заказа"] == ("•••••", "не сходится")
    page = client.get(f"{DESK}{not_own}").text
    assert marks(page)["Номер заказа"] == ("—", "не сходится")
    assert marks(page)["Сумма заказа"] == ("—", "сравнить не с чем")


def test_opening_shows_the_data_to_this_employee_and_is_kept_in_the_log(
    client, other_client, vera, olga, igor, make, number, app, queries
):
    make.order(igor)

    answer = client.post(f"{DESK}{number}/opening")

    assert answer.location == f"{DESK}{number}"
    queries.clear()
    page = client.get(f"{DESK}{number}").text
    assert len(queries) == 6
    for told in ("Секретов", "Валерьянович", "igor@example.ru", "+7 916 123-45-67"):
        assert told in page
    assert "данные аккаунта открыты, Кладова Вера" in page
    assert "Секретов" not in other_client.get(f"{DESK}{number}").text
    with app.app_context():
        (event,) = events()
    assert (event.account_id, event.actor_id, event.kind) == (
        igor.id,
        vera.id,
        "lost_mailbox_looked_at",
    )


def test_half_an_hour_later_they_are_masked_again(client, vera, number, app):
    client.post(f"{DESK}{number}/opening")
    with app.app_context():
        event = db.session.scalars(select(AccountEvent)).one()
        event.happened_at -= timedelta(minutes=31)
        db.session.commit()

    page = client.get(f"{DESK}{number}").text

    assert "Валерьянович" not in page
    assert "данные аккаунта открыты, Кладова Вера" in page


def test_an_opening_for_one_request_opens_no_other(client, vera, number, app):
    other = made(app, family_name="Петров", given_name="Лев", patronymic="")
    client.post(f"{DESK}{number}/opening")

    assert "Валерьянович" not in client.get(f"{DESK}{other}").text
