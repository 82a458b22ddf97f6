"""The desk of lost mailboxes: what is decided there."""

from datetime import UTC, datetime

import pytest
from lost_mailboxes import asked, request, state_of
from signing import errors_of
from sqlalchemy import select

from shop.db import db
from shop.models import LostMailbox

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


def test_without_an_account_the_page_says_so_and_only_refusal_is_left(client, vera, app):
    number = made(app, old_email="nobody@example.ru")

    page = client.get(f"{DESK}{number}").text

    assert "Аккаунта с такой старой почтой нет" in page
    assert f"{number}/approvals" not in page and f"{number}/opening" not in page
    assert f"{number}/refusal" in page
    for step in ("opening", "approvals/first"):
        answer = client.post(f"{DESK}{number}/{step}")
        assert answer.status_code == 422
        assert "в заявке можно только отказать" in answer.text
    assert kept(app, number) == "new"


def test_two_employees_approve_and_the_page_says_what_each_did(
    client, other_client, vera, olga, number, app
):
    client.post(f"{DESK}{number}/approvals/first")
    page = client.get(f"{DESK}{number}").text
    assert "Вы уже согласились. Второе согласие даёт коллега." in page
    assert "approvals/second" not in page
    again = client.post(f"{DESK}{number}/approvals/second")
    assert (again.status_code, kept(app, number)) == (422, "approved")

    answer = other_client.post(f"{DESK}{number}/approvals/second")

    assert answer.status_code == 303
    page = other_client.get(f"{DESK}{number}").text
    assert "первое согласие, Кладова Вера" in page
    assert "второе согласие, началось ожидание, Речная Ольга" in page
    assert "ждёт до" in page
    assert kept(app, number) == "waiting"


def test_a_step_taken_meanwhile_is_told(client, other_client, vera, olga, number, app):
    client.post(f"{DESK}{number}/approvals/first")

    answer = other_client.post(f"{DESK}{number}/approvals/first")

    assert answer.status_code == 422
    assert "За это время решение принял кто-то другой." in answer.text
    with app.app_context():
        assert request(number).first_approval_by == vera.id


def test_a_request_about_oneself_is_not_there(client, make, app):
    vera = make.employee("support", email="igor@example.ru")
    client.become(vera)
    mine, to_me = made(app), made(app, old_email="anna@example.ru", new_email="igor@example.ru")

    assert mine not in client.get(DESK).text
    assert "Новая 0" in client.get(DESK).text
    for number in (mine, to_me):
        assert client.get(f"{DESK}{number}").status_code == 404
        for step in ("opening", "approvals/first", "approvals/second"):
            assert client.post(f"{DESK}{number}/{step}").status_code == 404
        refusal = client.post(f"{DESK}{number}/refusal", data={"reason": "not_enough"})
        assert refusal.status_code == 404
        assert kept(app, number) == "new"


def test_a_refusal_needs_a_reason(client, vera, number, app):
    answer = client.post(f"{DESK}{number}/refusal", data={"remark": "Путает год"})

    assert answer.status_code == 422
    assert errors_of(answer) == [("#reason-0", "Выберите причину.")]
    assert "Путает год" in answer.text
    assert kept(app, number) == "new"


@pytest.mark.parametrize("reason", ["because", "<b>"])
def test_a_made_up_reason_is_none(client, vera, number, app, reason):
    answer = client.post(f"{DESK}{number}/refusal", data={"reason": reason})

    assert (answer.status_code, kept(app, number)) == (422, "new")


def test_a_refusal_is_kept_with_reason_and_remark(client, vera, number, app):
    client.post(f"{DESK}{number}/refusal", data={"reason": "withdrawn", "remark": "Перезвонил"})

    page = client.get(f"{DESK}{number}").text
    assert "Заявку отозвал тот, кто её отправил." in page
    assert "Перезвонил" in page and "отказ, Кладова Вера" in page
    assert "Решение" not in page
    again = client.post(f"{DESK}{number}/refusal", data={"reason": "not_enough"})
    assert again.status_code == 422


def test_a_request_told_on_the_telephone_is_written_down(client, vera, igor, app):
    data = {
        "source": "letter",
        "family_name": "Секретов",
        "given_name": "Игорь",
        "old_email": "igor@example.ru",
        "new_email": "novyi@example.org",
        "once_key": "once",
    }
    assert client.get(f"{DESK}entry").status_code == 200

    for _ in range(2):
        assert client.post(f"{DESK}entry", data=data).status_code == 303

    with app.app_context():
        one = db.session.scalars(select(LostMailbox)).one()
    assert (one.source, one.entered_by) == ("letter", vera.id)
    assert f"Заявка {one.number} записана." in client.get(DESK).text
    assert "заявка принята, Кладова Вера" in client.get(f"{DESK}{one.number}").text


def test_a_faulty_entry_says_so(client, vera, app):
    answer = client.post(f"{DESK}entry", data={"source": "pigeon", "given_name": "Игорь"})

    assert answer.status_code == 422
    assert ("#old-email", "Впишите потерянную почту.") in errors_of(answer)


def test_a_request_that_is_not_there_is_404(client, vera):
    assert client.get(f"{DESK}000-000-000").status_code == 404
