import re
from datetime import timedelta

import pytest
from browser import Browser
from factories import NOON
from flask import render_template
from flask_babel import force_locale
from lxml import html

from shop.queries.security.events import Event
from shop.rules.devices import Device
from shop.rules.events import KINDS
from shop.services.profile import note_event

FACTS = {
    "way": "password",
    "email": "igor@example.ru",
    "old": "старое",
    "new": "новое",
    "field": "phone",
    "to": "anna@example.ru",
    "name": "Мой телефон",
    "old_name": "Телефон",
    "number": "З-17",
    "count": 3,
    "device": "Safari, iPhone",
}
PHONE = Device("203.0.113.7", "Chrome, Android", "RU", "203.0.113.0/24")


@pytest.fixture
def igor(make):
    return make.account("igor@example.ru")


def sentence(app, kind, facts, language="ru", is_by_staff=False):
    event = Event(kind, facts, is_by_staff, "", "", "", NOON)
    with app.test_request_context(), force_locale(language):
        line = html.fromstring(render_template("security/_event.html", event=event))
    return " ".join(line.xpath("string(.//p[1])").split())


def test_every_kind_has_a_sentence_of_its_own_in_both_languages(app):
    for language in ("ru", "en"):
        said = {kind: sentence(app, kind, {}, language) for kind in KINDS}
        unknown = sentence(app, "something new", {}, language)

        assert all(said.values())
        assert len({*said.values(), unknown}) == len(KINDS) + 1
        assert all(bool(re.search("[а-яё]", text)) is (language == "ru") for text in said.values())


def test_a_fact_that_is_missing_leaves_no_trace(app):
    for kind in KINDS:
        bare = sentence(app, kind, {})
        assert not re.search(r"None|→|:|, *$", bare), bare
        assert sentence(app, kind, dict.fromkeys(FACTS)) == bare
        assert sentence(app, kind, {"way": "?", "field": "?"}) == bare


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("signed_in", "Вход: по паролю"),
        ("signed_in_on_new_device", "Вход с нового устройства: по паролю"),
        ("session_ended", "Вы завершили вход на другом устройстве: Safari, iPhone"),
        ("sessions_ended", "Вы завершили входы на всех остальных устройствах: 3"),
        ("email_confirmed", "Почта подтверждена: igor@example.ru"),
        ("name_changed", "Имя изменено: старое → новое"),
        ("greeting_changed", "Изменено обращение к вам: новое"),
        ("details_changed", "Изменены личные данные: телефон"),
        ("email_changed", "Почта изменена: старое → новое"),
        ("handed_over", "Кабинет передан другому человеку: anna@example.ru"),
        ("passkey_added", "Добавлен ключ доступа: Мой телефон"),
        ("passkey_renamed", "Ключ доступа переименован: Телефон → Мой телефон"),
        ("lost_mailbox_refused", "По заявке о потерянной почте отказано: З-17, anna@example.ru"),
        ("second_step_on", "Второй шаг при входе включён"),
    ],
)
def test_facts_are_told(app, kind, told):
    assert sentence(app, kind, FACTS) == told


def test_a_fact_is_text_and_never_markup(app):
    event = Event("name_changed", {"new": "<script>"}, False, "<i>", "RU", "", NOON)
    with app.test_request_context():
        line = render_template("security/_event.html", event=event)

    assert "&lt;script&gt;" in line and "&lt;i&gt;" in line


def note(app, account, kind, minutes=0, **more):
    with app.app_context():
        note_event(account_id=account.id, kind=kind, now=NOON + timedelta(minutes=minutes), **more)


def lines(answer):
    found = html.fromstring(answer.text).xpath("//main//section//ol//li")
    return [" ".join(line.text_content().split()) for line in found]


def test_a_line_tells_when_from_what_and_where(app, client, igor):
    note(app, igor, "signed_in", facts={"way": "passkey"}, device=PHONE)

    [line] = lines(client.become(igor).get("/my/security/log"))

    assert line == (
        "Вход: по ключу доступа 24 ноября 2026, 12:00 · Chrome, Android · Россия · 203.0.113.•"
    )


def test_what_an_employee_did_is_told_without_a_name(app, client, igor, make):
    employee = make.employee("support", given_name="Вероника", email="veronika@example.ru")
    note(app, igor, "lost_mailbox_looked_at", facts={"number": "З-17"}, actor_id=employee.id)

    answer = client.become(igor).get("/my/security/log")

    assert "· сотрудник магазина" in lines(answer)[0]
    assert "Вероника" not in answer.text and "veronika" not in answer.text


def test_the_log_has_pages_and_three_queries_each(app, client, igor, queries):
    for minute in range(31):
        note(app, igor, "signed_in", minute)
    client.become(igor)
    queries.clear()

    first = client.get("/my/security/log")

    assert len(queries) == 3
    assert len(lines(first)) == 30
    assert "/my/security/log?page=2" in html.fromstring(first.text).xpath("//nav//a/@href")
    second = client.get("/my/security/log?page=2")
    assert len(lines(second)) == 1
    assert "/my/security/log" in html.fromstring(second.text).xpath("//nav[@class='pager']//@href")


@pytest.mark.parametrize("page", ["0", "-1", "10001", "99999999999999999999"])
def test_a_senseless_page_is_not_there(client, igor, page):
    assert client.become(igor).get(f"/my/security/log?page={page}").status_code == 404


def test_somebody_elses_log_is_not_shown(app, client, igor, make):
    note(app, make.account(), "email_confirmed", facts={"email": "anna@example.ru"})

    page = client.become(igor).get("/my/security/log")

    assert lines(page) == []
    assert "anna@example.ru" not in page.text


def test_the_security_page_shows_the_last_five_lines(app, client, igor):
    for minute in range(7):
        note(app, igor, "signed_in", minute)

    shown = lines(client.become(igor).get("/my/security/"))

    assert len(shown) == 5
    assert "12:06" in shown[0]


def test_a_sign_in_stands_in_the_log(app, igor):
    browser = Browser(app)

    browser.post("/auth/login", data={"email": "igor@example.ru", "password": "correct horse"})

    assert lines(browser.get("/my/security/log"))[0].startswith(
        "Вход с нового устройства: по паролю"
    )
