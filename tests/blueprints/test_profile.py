import pytest
from browser import Browser
from lxml import html
from signing import errors_of, session_of

from shop.db import db
from shop.models import Account

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
