import json
import re

import pytest
from factories import NOON, PASSWORD
from lxml import html
from signing import LOG_IN, OVER_A_PAGE, errors_of, is_signed_in, popup, session_of
from sqlalchemy import func, select

from shop.db import db
from shop.models import Favorite
from shop.services.auth import end_sessions

WRONG = "Почта или пароль не подошли. Проверьте раскладку и Caps Lock."


@pytest.fixture
def igor(make):
    return make.account("igor@example.ru")


@pytest.fixture
def over(app):
    return popup(app)


# Signing in: the page


def test_the_page_has_both_tabs_the_way_to_a_new_password_and_keeps_where_one_goes(client):
    answer = client.get("/auth/login?next=/cart/")

    assert "Я забыл пароль!" in answer.text
    assert "Не помню" not in answer.text
    assert answer.text.count("Зарегистрироваться") >= 1
    tree = html.fromstring(answer.text)
    assert tree.xpath("string(//h1)") == "Личный кабинет"
    assert tree.xpath("//nav[@class='seg']/a/text()") == ["Вход", "Регистрация"]
    assert tree.xpath("//form[@action='/auth/login']//input[@name='next']/@value") == ["/cart/"]
    field = tree.xpath("//input[@id='current-password']")[0]
    assert (field.get("autocomplete"), field.get("maxlength")) == ("current-password", None)


def test_coming_in_leads_on_and_makes_a_fresh_session(client, igor):
    client.get("/auth/login")
    before = session_of(client)

    answer = client.post(
        "/auth/login", data={**LOG_IN, "email": " IGOR@example.ru ", "next": "/cart/"}
    )

    assert (answer.status_code, answer.location) == (303, "/cart/")
    assert is_signed_in(client)
    after = session_of(client)
    assert len(after["_user_id"]) == 43
    assert after.get("csrf_token") != before["csrf_token"]
    cookies = answer.headers.getlist("Set-Cookie")
    assert any(one.startswith("who=") and "HttpOnly" not in one for one in cookies)
    assert any(
        one.startswith("session=") and "HttpOnly" in one and "SameSite=Lax" in one
        for one in cookies
    )


def test_without_a_way_to_go_one_comes_to_the_cabinet(client, igor):
    assert client.post("/auth/login", data=LOG_IN).location == "/my/"


@pytest.mark.parametrize(
    "wrong",
    [{"password": "wrong password"}, {"email": "nobody@example.ru"}, {"password": PASSWORD + " "}],
)
def test_a_wrong_pair_is_answered_alike_and_keeps_the_address_only(client, igor, wrong):
    answer = client.post("/auth/login", data={**LOG_IN, **wrong})

    assert answer.status_code == 422
    assert re.search(r"<title>\s*Ошибка: Вход", answer.text)
    assert errors_of(answer) == [("#email", WRONG)]
    tree = html.fromstring(answer.text)
    assert tree.xpath("//input[@name='email']/@value") == [{**LOG_IN, **wrong}["email"]]
    assert tree.xpath("//input[@name='password']/@value") == []
    assert not is_signed_in(client)


def test_what_is_missing_is_listed_with_a_link_to_each_field(client):
    answer = client.post("/auth/login", data={"email": "igor@example", "password": ""})

    assert answer.status_code == 422
    assert errors_of(answer) == [
        ("#email", "Впишите почту целиком, например igor@example.ru."),
        ("#current-password", "Впишите пароль."),
    ]


def test_the_eleventh_try_is_told_to_wait_and_for_how_long(client, igor):
    for _ in range(10):
        client.post("/auth/login", data={**LOG_IN, "password": "wrong password"})

    answer = client.post("/auth/login", data=LOG_IN)

    assert answer.status_code == 429
    assert "Слишком много попыток. Подождите 15 минут и попробуйте снова." in answer.text
    assert 0 < int(answer.headers["Retry-After"]) <= 901
    assert not is_signed_in(client)


def test_a_forged_forwarded_address_buys_no_more_tries(client, igor):
    for number in range(10):
        headers = {"X-Forwarded-For": f"198.51.100.{number}", "X-Real-IP": f"198.51.100.{number}"}
        client.post("/auth/login", data={**LOG_IN, "password": "wrong"}, headers=headers)

    answer = client.post("/auth/login", data=LOG_IN, headers={"X-Forwarded-For": "192.0.2.1"})

    assert answer.status_code == 429


def test_who_is_in_already_goes_on(client, igor):
    client.become(igor)

    assert client.get("/auth/login?next=/cart/").location == "/cart/"
    assert client.get("/auth/register").location == "/my/"


def test_the_guests_cart_comes_along_and_is_spoken_of(client, igor, make, app):
    tea = make.product("Чай чёрный")
    client.post(f"/cart/lines/{tea.id}", data={"quantity": "2"})
    assert "cart" in session_of(client)

    answer = client.post("/auth/login", data={**LOG_IN, "next": "/cart/"})

    assert "cart" not in session_of(client)
    page = client.get(answer.location)
    assert "Теперь в вашей корзине: Чай чёрный." in page.text
    assert "Чай чёрный" in page.text.partition("<h1")[2]


# Signing in: the popup


def test_the_popup_is_a_partial_with_its_own_words(over):
    answer = over.get("/auth/login?next=/catalog/")

    assert "<html" not in answer.text
    assert "Не помню" in answer.text and "Я забыл пароль!" not in answer.text
    assert "Зарегистрироваться" in answer.text
    assert 'id="dlg-h"' in answer.text and "<h1" not in answer.text
    assert "HX-Request" in answer.headers["Vary"]


def test_a_wrong_popup_answers_with_itself(over, igor):
    answer = over.post("/auth/login", data={**LOG_IN, "password": "wrong password"})

    assert answer.status_code == 422
    assert "<html" not in answer.text
    assert errors_of(answer) == [("#email", WRONG)]


def test_coming_in_by_the_popup_changes_the_header_in_place(over, igor):
    answer = over.post("/auth/login", data=LOG_IN, headers=OVER_A_PAGE)

    assert answer.status_code == 200
    told = json.loads(answer.headers["HX-Trigger"])
    assert told["auth:changed"] == {"who": session_of(over)["who"]}
    assert told["dialog:close"] is True
    assert told["toast"] == {"text": "Здравствуйте, Игорь!"}
    tree = html.fragment_fromstring(answer.text, create_parent="div")
    assert {part.get("id") for part in tree if part.get("hx-swap-oob")} == {
        "quick",
        "my",
        "tabbar",
        "me",
    }
    assert all(part.get("hx-swap-oob") for part in tree)
    assert "Выйти" in answer.text
    assert "password" not in answer.text
    assert "no-store" in answer.headers["Cache-Control"]


def test_coming_in_by_a_popup_over_the_page_of_sign_in_goes_on(over, igor):
    page = {"HX-Current-URL": "http://localhost/auth/login"}
    answer = over.post("/auth/login", data={**LOG_IN, "next": "/cart/"}, headers=page)

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/cart/")


def test_a_guests_heart_is_answered_with_the_popup(htmx, make, app):
    tea = make.product()

    answer = htmx.post(f"/favorites/{tea.id}", data={"on": "1"})

    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "#dlg-body"
    assert "Не помню" in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count(Favorite.account_id))) == 0


# Signing out


def test_going_out_forgets_everything(client, igor):
    client.post("/auth/login", data=LOG_IN)

    answer = client.post("/auth/logout")

    assert (answer.status_code, answer.location) == (303, "/")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert any(one.startswith("who=;") for one in answer.headers.getlist("Set-Cookie"))
    assert not is_signed_in(client)


def test_going_out_isnt_done_by_a_link(client, igor):
    client.become(igor)

    assert client.get("/auth/logout").status_code == 405
    assert is_signed_in(client)


def test_a_session_that_was_ended_elsewhere_is_void(client, igor, app):
    client.become(igor)
    with app.app_context():
        assert end_sessions(account_id=igor.id, now=NOON) == 1

    assert not is_signed_in(client)
