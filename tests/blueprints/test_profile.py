from datetime import date

import pytest
from browser import Browser
from factories import NOON
from lxml import html
from signing import errors_of, session_of
from sqlalchemy import select

from shop.db import db
from shop.models import Account, AccountEvent, Consent, Order

NAMES = {
    "family_name": "Секретов",
    "given_name": "Игорь",
    "patronymic": "Валерьянович",
    "greeting": "name_and_patronymic",
}


@pytest.fixture
def igor(make):
    return make.account("igor@example.ru", patronymic="Валерьянович")


def kept(app, account):
    with app.app_context():
        return db.session.get_one(Account, account.id)


def test_the_cabinets_first_page_greets_and_leads_everywhere(client, igor):
    answer = client.become(igor).get("/my/")

    assert answer.status_code == 200
    assert "Здравствуйте, Игорь!" in answer.text
    links = html.fromstring(answer.text).xpath("//main//a/@href")
    assert {"/my/orders/", "/favorites/", "/cart/", "/my/profile/", "/help/contacts"} <= set(links)
    assert "Подтвердите почту" not in answer.text
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_cabinets_first_page_tells_of_the_last_orders_of_ones_own(client, igor, make):
    mine = make.order(igor)
    others = make.order(make.account())

    page = client.become(igor).get("/my/").text

    assert f"/my/orders/{mine.number}" in page
    assert others.number not in page
    assert "Последние заказы" in page


def test_the_cabinets_first_page_asks_the_database_little(client, igor, queries):
    client.become(igor)
    queries.clear()

    client.get("/my/")

    assert len(queries) == 3


def test_a_guest_is_turned_to_sign_in_and_back(client):
    for url in ("/my/", "/my/profile/"):
        answer = client.get(url)
        assert (answer.status_code, answer.location) == (303, f"/auth/login?next={url}")


def test_a_name_is_changed_in_a_minute(client, igor, app):
    client.become(igor)
    page = html.fromstring(client.get("/my/profile/").text)
    assert page.xpath("//input[@name='family_name']/@value") == ["Секретов"]

    answer = client.post("/my/profile/", data={**NAMES, "family_name": "Римский-Корсаков"})

    assert (answer.status_code, answer.location) == (303, "/my/profile/")
    page = client.get("/my/profile/")
    assert "Сохранено" in page.text
    assert "Здравствуйте, Игорь Валерьянович!" in page.text
    assert kept(app, igor).family_name == "Римский-Корсаков"


@pytest.mark.parametrize("name", ["О'Коннор", "Я", "де ла Крус", "Ёлкин-Палкин", "<i>Ы</i>", "د"])
def test_names_come_back_just_as_they_were_typed(client, igor, app, name):
    client.become(igor).post("/my/profile/", data={**NAMES, "given_name": name})

    assert kept(app, igor).given_name == name
    page = html.fromstring(client.get("/my/profile/").text)
    assert page.xpath("//input[@name='given_name']/@value") == [name]


@pytest.mark.parametrize(
    ("wrong", "link"),
    [
        ({"family_name": " "}, "#family-name"),
        ({"given_name": ""}, "#given-name"),
        ({"greeting": "your majesty"}, "#greeting-0"),
        ({"patronymic": "я" * 101}, "#patronymic"),
    ],
)
def test_what_wont_do_changes_nothing_and_leads_to_its_field(client, igor, app, wrong, link):
    answer = client.become(igor).post("/my/profile/", data={**NAMES, **wrong})

    assert answer.status_code == 422
    assert [where for where, _ in errors_of(answer)] == [link]
    assert kept(app, igor).greeting == "name"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ({}, "Здравствуйте, Игорь Валерьянович!"),
        ({"greeting": "name"}, "Здравствуйте, Игорь!"),
        ({"patronymic": ""}, "Здравствуйте, Игорь!"),
        ({"given_name": ""}, "Здравствуйте"),
    ],
)
def test_the_preview_shows_how_letters_begin_and_changes_nothing(app, igor, typed, shown):
    page = Browser(app, target="greeting").become(igor)

    answer = page.post("/my/profile/greeting", data={**NAMES, **typed})

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert shown in answer.text
    assert kept(app, igor).greeting == "name"


def test_one_changes_only_ones_own_name(client, igor, make, app):
    anna = make.account("anna@example.ru", given_name="Анна")

    client.become(igor).post(
        "/my/profile/", data={**NAMES, "account_id": str(anna.id), "id": str(anna.id)}
    )

    assert kept(app, anna).given_name == "Анна"


def test_the_language_is_chosen_on_any_page_and_for_letters(client, igor, app):
    client.become(igor)

    answer = client.post("/language", data={"language": "en", "next": "/help/order"})

    assert (answer.status_code, answer.location) == (303, "/help/order")
    assert "How to order" in client.get("/help/order").text
    assert kept(app, igor).language == "en"
    client.post("/language", data={"language": "ru"})
    assert "Как оформить заказ" in client.get("/help/order").text


def test_a_guest_may_choose_the_language_too(client):
    assert client.post("/language", data={"language": "en"}).location == "/"
    assert 'lang="en"' in client.get("/help/").text


@pytest.mark.parametrize("language", ["de", "", "../ru", "EN"])
def test_an_unknown_language_is_refused(client, language):
    assert client.post("/language", data={"language": language}).status_code == 400
    assert "language" not in session_of(client)


def events(app):
    with app.app_context():
        found = db.session.scalars(select(AccountEvent).order_by(AccountEvent.id))
        return [(one.kind, one.facts) for one in found]


def test_birthday_sex_and_phone_are_kept_and_each_is_a_line_in_the_log(client, igor, app):
    more = {"birth_day": "4", "birth_month": "5", "birth_year": "1976", "sex": "male"}

    answer = client.become(igor).post(
        "/my/profile/", data={**NAMES, "greeting": "name", **more, "phone": "8 916 123-45-67"}
    )

    assert answer.status_code == 303
    row = kept(app, igor)
    assert (row.birth_on, row.sex, row.phone) == (date(1976, 5, 4), "male", "+79161234567")
    assert events(app) == [
        ("details_changed", {"field": field}) for field in ("birthday", "sex", "phone")
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"birth_day": "31", "birth_month": "2", "birth_year": "1976"},
        {"birth_day": "1", "birth_month": "", "birth_year": ""},
        {"birth_day": "1", "birth_month": "1", "birth_year": "2999"},
        {"birth_day": "1", "birth_month": "1", "birth_year": "76"},
        {"phone": "12345"},
        {"sex": "unknown"},
    ],
)
def test_details_that_wont_do_change_nothing(client, igor, app, wrong):
    answer = client.become(igor).post("/my/profile/", data={**NAMES, **wrong})

    assert answer.status_code == 422
    assert len(errors_of(answer)) == 1
    assert events(app) == []
    assert kept(app, igor).phone == ""


def test_what_wasnt_changed_writes_nothing(client, igor, app):
    answer = client.become(igor).post("/my/profile/", data={**NAMES, "greeting": "name"})

    assert answer.status_code == 303
    assert events(app) == []


def test_a_former_name_is_shown_with_its_last_day_and_orders_keep_it(client, igor, make, app):
    order = make.order(igor)
    client.become(igor)
    client.post("/my/profile/", data={**NAMES, "greeting": "name", "family_name": "Ли"})

    page = client.get("/my/profile/").text

    assert "Прежние имена" in page
    assert "Секретов Игорь Валерьянович, до " in page
    assert events(app) == [
        (
            "name_changed",
            {"old": "Секретов Игорь Валерьянович", "new": "Ли Игорь Валерьянович"},
        )
    ]
    with app.app_context():
        now = db.session.get_one(Order, order.id)
        assert now.recipient_name == order.recipient_name


def test_consents_are_shown_with_their_version_and_day(client, igor, app):
    with app.app_context():
        db.session.add(
            Consent(
                account_id=igor.id, document="personal-data", version="2026-11-24", given_at=NOON
            )
        )
        db.session.commit()

    page = client.become(igor).get("/my/profile/").text

    assert "/legal/personal-data" in page
    assert "24 ноября 2026" in page


def test_the_page_of_personal_data_asks_little_of_the_database(client, igor, queries):
    client.become(igor)
    queries.clear()

    client.get("/my/profile/")

    assert len(queries) == 4
