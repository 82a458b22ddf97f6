"""Passkeys in the cabinet: adding, naming, removing them."""

from datetime import UTC, datetime, timedelta

import pytest
from authenticator import Authenticator
from browser import Browser, open_session_row
from factories import PASSWORD, Make
from holding import added_key
from lxml import html
from signing import errors_of, letters
from sqlalchemy import select

from shop.app import create_app
from shop.config import read_config
from shop.db import db
from shop.models import Passkey, UserSession


@pytest.fixture
def igor(make):
    return make.account("igor@example.ru")


@pytest.fixture
def phone(app, igor):
    """A device with a key of Igor's."""
    device = Authenticator()
    added_key(app, igor, device)
    return device


def kept(app):
    with app.app_context():
        return db.session.execute(select(Passkey.name, Passkey.used_at)).all()


def form_at(answer, action):
    return html.fromstring(answer.text).xpath(f"//form[@action='{action}']")


def a_while_ago():
    return datetime.now(UTC) - timedelta(minutes=16)


def test_the_page_of_keys_asks_the_database_twice_however_many_there_are(
    client, igor, phone, app, queries
):
    client.become(igor)
    for number in range(4):
        added_key(app, igor, Authenticator(), f"Ключ {number}")
        queries.clear()
        answer = client.get("/my/security/passkeys/")
        assert len(queries) == 2

    titles = html.fromstring(answer.text).xpath("//li[@class='key']//h3/text()")
    assert titles == ["Ключ 3", "Ключ 2", "Ключ 1", "Ключ 0", "Телефон"]
    assert answer.text.count("ещё не использовался") == 5


def test_a_key_is_added_under_the_devices_name_or_ones_own(client, igor, app):
    client.become(igor)
    client.client.environ_base["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/150.0.0.0 Mobile Safari/537.36"
    )
    page = client.get("/my/security/passkeys/")
    assert html.fromstring(page.text).get_element_by_id("new-name").value == "Chrome, Android"
    device = Authenticator()
    for name in ("Телефон  Игоря ", ""):
        question = client.get("/my/security/passkeys/question").json
        answer = client.post(
            "/my/security/passkeys/", data={"name": name, "credential": device.make(question)}
        )
        assert (answer.status_code, answer.location) == (303, "/my/security/passkeys/")

    assert kept(app) == [("Телефон Игоря", None), ("Chrome, Android", None)]
    assert "Ключ доступа добавлен" in client.get("/my/security/passkeys/").text


def test_what_the_device_didnt_make_is_told_and_the_name_isnt_lost(client, igor, app):
    client.become(igor)

    answer = client.post("/my/security/passkeys/", data={"name": "Мой ключ", "credential": ""})
    long = client.post("/my/security/passkeys/", data={"name": "я" * 61, "credential": ""})

    assert (answer.status_code, long.status_code) == (422, 422)
    tree = html.fromstring(answer.text)
    told = tree.xpath("string(//*[@role='alert']//li)")
    assert told == "Устройство не создало ключ доступа. Нажмите кнопку ещё раз."
    assert tree.get_element_by_id("new-name").value == "Мой ключ"
    assert errors_of(long) == [("#new-name", "Не больше 60 знаков, пожалуйста.")]
    assert kept(app) == []


def test_a_key_that_comes_when_one_must_prove_oneself_again_is_added_after_that(client, igor, app):
    client.become(igor)
    question, device = client.get("/my/security/passkeys/question").json, Authenticator()
    with app.app_context():
        db.session.execute(db.update(UserSession).values(proved_at=a_while_ago()))
        db.session.commit()

    asked = client.post(
        "/my/security/passkeys/", data={"name": "Телефон", "credential": device.make(question)}
    )
    assert asked.status_code == 401
    (form,) = form_at(asked, "/auth/again")
    proved = client.post("/auth/again", data=dict(form.form_values()) | {"password": PASSWORD})
    (waiting,) = html.fromstring(proved.text).xpath("//form[@data-send-now]")
    answer = client.post(waiting.get("action"), data=dict(waiting.form_values()))

    assert answer.status_code == 303
    assert kept(app) == [("Телефон", None)]


def test_a_key_is_renamed_and_without_a_name_it_isnt(client, igor, phone, app):
    client.become(igor)
    with app.app_context():
        key_id = db.session.scalars(select(Passkey.id)).one()
    address = f"/my/security/passkeys/{key_id}/name"

    refused = client.post(address, data={"name": "  "})
    assert refused.status_code == 422
    assert errors_of(refused) == [(f"#name-{key_id}", "Назовите его как-нибудь.")]
    assert html.fromstring(refused.text).xpath("//details[@open]//form/@action") == [address]
    assert kept(app) == [("Телефон", None)]
    answer = client.post(address, data={"name": "<b>Рабочий</b>"})

    assert (answer.status_code, answer.location) == (303, "/my/security/passkeys/")
    assert kept(app) == [("<b>Рабочий</b>", None)]
    assert "<b>Рабочий" not in client.get("/my/security/passkeys/").text


def test_a_removed_key_opens_nothing(client, other_client, igor, phone, app):
    client.become(igor)
    with app.app_context():
        key_id = db.session.scalars(select(Passkey.id)).one()

    answer = client.post(f"/my/security/passkeys/{key_id}/removal")

    assert answer.status_code == 303
    assert kept(app) == []
    with app.app_context():
        assert [one["letter"] for one in letters()] == ["passkey_added", "passkey_removed"]
    assert other_client.post("/auth/passkey", data=_shown(other_client, phone)).status_code == 422
    assert client.post(f"/my/security/passkeys/{key_id}/removal").status_code == 404


def test_the_eleventh_key_isnt_offered_and_isnt_taken(client, igor, app):
    client.become(igor)
    question = client.get("/my/security/passkeys/question").json
    for number in range(10):
        added_key(app, igor, Authenticator(), f"Ключ {number}")

    page = client.get("/my/security/passkeys/")
    answer = client.post(
        "/my/security/passkeys/", data={"credential": Authenticator().make(question)}
    )

    assert form_at(page, "/my/security/passkeys/") == []
    assert answer.status_code == 422
    for told in (page, answer):
        assert "Ключей доступа уже десять. Сначала удалите один из них." in told.text
    assert len(kept(app)) == 10


def test_without_scripts_there_is_a_sentence_instead_of_the_form(client, igor):
    client.become(igor)

    tree = html.fromstring(client.get("/my/security/passkeys/").text)

    (words,) = tree.xpath("//*[@data-no-passkeys]")
    assert "выключены скрипты" in words.text_content()
    assert words.get("hidden") is None
    assert tree.xpath("//form[@data-passkey]/@hidden") == [""]


# Where the shop is at an address of numbers


@pytest.fixture
def by_number(tmp_path):
    """A shop that is only tried out, at 127.0.0.1."""
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    settings = {"SHOP_URL": "http://127.0.0.1:8000", "DATABASE_URL": url, "SHOP_ENV": "test"}
    app = create_app(read_config({"SHOP_DATA": str(tmp_path), "LOG_LEVEL": "WARNING", **settings}))
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.engine.dispose()


def test_at_an_address_of_numbers_the_right_one_is_told_instead_of_the_button(by_number):
    numbers, here = {"base_url": "http://127.0.0.1:8000"}, {"base_url": "http://localhost:8000"}
    igor, browser = Make(by_number).account(), Browser(by_number)
    with by_number.app_context():
        open_session_row(igor.id, "token")
    with browser.client.session_transaction(**numbers) as session:
        session["_user_id"] = "token"

    cabinet = browser.get("/my/security/passkeys/", **numbers)

    assert form_at(cabinet, "/my/security/passkeys/") == []
    (right,) = html.fromstring(cabinet.text).xpath("//div[@class='note']//a/@href")
    assert right == "http://localhost:8000/my/security/passkeys/"
    stranger = Browser(by_number)
    assert form_at(stranger.get("/auth/login", **numbers), "/auth/passkey") == []
    assert stranger.get("/auth/passkey/question", **numbers).status_code == 404
    assert len(form_at(stranger.get("/auth/login", **here), "/auth/passkey")) == 1
    assert stranger.get("/auth/passkey/question", **here).json["rpId"] == "localhost"


def _shown(browser, device):
    return {"credential": device.show(browser.get("/auth/passkey/question").json)}
