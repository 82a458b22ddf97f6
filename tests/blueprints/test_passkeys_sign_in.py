"""Coming in by a passkey, in the popup and on the page, and proving oneself again by one."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from authenticator import Authenticator
from holding import added_key
from lxml import html
from signing import OVER_A_PAGE, bare, is_signed_in, popup, session_of
from sqlalchemy import select

from shop.db import db
from shop.models import AccountEvent, Favorite, Passkey, UserSession

NOTHING = "Этот ключ доступа здесь ничего не открывает. Выберите другой или войдите по паролю."


@pytest.fixture
def igor(make):
    return make.account("igor@example.ru")


@pytest.fixture
def phone(app, igor):
    """A device with a key of Igor's."""
    device = Authenticator()
    added_key(app, igor, device)
    return device


def ways(app):
    with app.app_context():
        return list(db.session.scalars(select(UserSession.way)))


def shown(browser, device, **more):
    """What the page's form sends after the device has answered."""
    question = browser.get("/auth/passkey/question").json
    return {"credential": device.show(question), **more}


def form_at(answer, action):
    return html.fromstring(answer.text).xpath(f"//form[@action='{action}']")


def a_while_ago():
    return datetime.now(UTC) - timedelta(minutes=16)


# The sign-in


def test_the_page_of_sign_in_has_the_button_for_scripts_only_and_suggests_keys(client, queries):
    queries.clear()
    answer = client.get("/auth/login?next=/cart/")

    assert queries == []
    (form,) = form_at(answer, "/auth/passkey")
    assert form.get("hidden") is not None
    assert form.get("data-passkey") == "/auth/passkey/question"
    assert form.get("hx-post") is None
    assert form.xpath(".//button/@type") == ["button"]
    assert form.xpath("string(.//button)").strip() == "Войти с ключом доступа"
    assert form.xpath(".//input[@name='next']/@value") == ["/cart/"]
    field = html.fromstring(answer.text).get_element_by_id("email")
    assert field.get("autocomplete") == "username webauthn"


def test_a_question_writes_nothing_is_kept_by_nobody_and_names_no_keys(client, phone, queries):
    queries.clear()
    answer = client.get("/auth/passkey/question")

    assert queries == []
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in answer.headers
    assert answer.json.pop("challenge") != client.get("/auth/passkey/question").json["challenge"]
    assert answer.json | {"challenge": ""} == {
        "allowCredentials": [],
        "challenge": "",
        "rpId": "localhost",
        "timeout": 270_000,
        "userVerification": "required",
    }


def test_a_key_signs_in_and_leads_on(client, phone, igor, app):
    answer = client.post("/auth/passkey", data=shown(client, phone, next="/cart/"))

    assert (answer.status_code, answer.location) == (303, "/cart/")
    assert is_signed_in(client)
    assert ways(app) == ["passkey"]
    with app.app_context():
        last = db.session.scalars(select(AccountEvent).order_by(AccountEvent.id.desc())).first()
    assert (last.account_id, last.facts) == (igor.id, {"way": "passkey"})
    assert last.kind == "signed_in_on_new_device"


def test_in_the_popup_the_page_stays_and_the_carts_are_put_together(app, make, phone):
    over, pen = popup(app), make.product("Ручка")
    over.post(f"/cart/lines/{pen.id}", data={"quantity": "1"})

    answer = over.post("/auth/passkey", data=shown(over, phone), headers=OVER_A_PAGE)

    assert answer.status_code == 200
    told = json.loads(answer.headers["HX-Trigger"])
    assert told["dialog:close"] is True
    assert told["auth:changed"]["who"] == session_of(over)["who"]
    assert told["toast"]["text"] == "Теперь в вашей корзине: Ручка."
    assert "Выйти" in answer.text


def test_the_popup_has_the_button_too_and_a_wrong_key_comes_back_into_it(app, phone):
    over = popup(app)
    first = over.get("/auth/login", headers=OVER_A_PAGE)
    (form,) = form_at(first, "/auth/passkey")
    assert (form.get("hx-post"), form.get("hx-target")) == ("/auth/passkey", "#dlg-body")
    assert form.get("data-suggests") is not None

    answer = over.post("/auth/passkey", data={"credential": "", "email": "igor@example.ru"})

    assert answer.status_code == 422
    assert "<html" not in answer.text
    tree = html.fromstring(answer.text)
    assert tree.xpath("string(//*[@role='alert']//li)") == NOTHING
    assert tree.xpath("//input[@id='email']/@value") == ["igor@example.ru"]
    # What has just failed isn't suggested at once again.
    assert form_at(answer, "/auth/passkey")[0].get("data-suggests") is None


def test_wrong_answers_of_every_kind_are_answered_alike(client, make, phone, app):
    make.account("anna@example.ru", confirmed=False)
    stranger = Authenticator()
    with app.app_context():
        removed_from = added_key(app, make.account(), stranger)
        db.session.delete(db.session.get_one(Passkey, removed_from))
        db.session.commit()
    cheat = Authenticator("https://evil.example")
    cheat.keys = phone.keys
    answers = [
        client.post("/auth/passkey", data=data)
        for data in (
            {},
            {"credential": "x" * 20_000},
            shown(client, stranger),
            shown(client, cheat),
            {"credential": phone.show({"challenge": "AAAA"})},
        )
    ]

    assert [answer.status_code for answer in answers] == [422] * 5
    assert len({bare(answer)[3] for answer in answers}) == 1
    assert NOTHING in html.fromstring(answers[0].text).xpath("string(//*[@role='alert'])")
    assert "Ошибка: Вход" in answers[0].text
    assert not is_signed_in(client)


def test_the_same_answer_opens_once_and_is_then_told_to_be_late(client, other_client, phone):
    data = shown(client, phone)
    assert client.post("/auth/passkey", data=data).status_code == 303

    answer = other_client.post("/auth/passkey", data=data)

    assert answer.status_code == 422
    assert "Ключ доступа ответил слишком поздно. Нажмите кнопку ещё раз." in answer.text
    assert not is_signed_in(other_client)


def test_too_many_wrong_answers_have_to_wait(client, phone):
    for _ in range(30):
        client.post("/auth/passkey", data={"credential": "{}"})

    answer = client.post("/auth/passkey", data={"credential": "{}"})

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 901
    assert client.post("/auth/passkey", data=shown(client, phone)).status_code == 303


def test_what_was_to_be_done_before_the_sign_in_is_done_after_it(client, make, phone, app):
    pen = make.product("Ручка")
    asked = client.post(f"/favorites/{pen.id}", data={"wished": "y"})
    assert asked.status_code == 401
    (form,) = form_at(asked, "/auth/passkey")
    fields = dict(form.form_values()) | {"credential": shown(client, phone)["credential"]}

    answer = client.post("/auth/passkey", data=fields)

    assert answer.status_code == 200
    (waiting,) = html.fromstring(answer.text).xpath("//form[@data-send-now]")
    assert waiting.get("action") == f"/favorites/{pen.id}"
    client.post(waiting.get("action"), data=dict(waiting.form_values()))
    with app.app_context():
        assert db.session.scalars(select(Favorite.product_id)).all() == [pen.id]


# Proving oneself again


def test_before_something_delicate_a_key_does_as_well_as_the_password(client, igor, phone, app):
    client.become(igor, proved_at=a_while_ago())
    page = client.get("/auth/again?next=/my/security/passkeys/")
    (form,) = form_at(page, "/auth/again/passkey")
    assert form.xpath("string(.//button)").strip() == "Подтвердить ключом доступа"
    question = client.get(form.get("data-passkey")).json
    assert len(question["allowCredentials"]) == 1

    answer = client.post(
        "/auth/again/passkey",
        data={"credential": phone.show(question), "next": "/my/security/passkeys/"},
    )

    assert (answer.status_code, answer.location) == (303, "/my/security/passkeys/")
    assert client.get("/my/security/passkeys/").status_code == 200


def test_anothers_key_proves_nothing(client, igor, make, phone, app):
    client.become(make.account(), proved_at=a_while_ago())
    question = client.get("/auth/again/passkey/question").json

    answer = client.post("/auth/again/passkey", data={"credential": phone.show(question)})

    assert answer.status_code == 422
    assert "Это ключ не от этого аккаунта. Выберите другой или впишите пароль." in answer.text
    assert client.get("/my/security/passkeys/").location.startswith("/auth/again")


def test_who_has_no_key_is_asked_for_the_password_only(client, igor):
    client.become(igor, proved_at=a_while_ago())

    assert form_at(client.get("/auth/again"), "/auth/again/passkey") == []
