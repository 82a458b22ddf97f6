"""The back office may ask for more than a password."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from browser import Browser
from lxml import html
from stepping import HALF_A_MINUTE, code, with_step

from shop.db import db
from shop.models import SecondStep

PAGE = "/my/security/second-step/"


@pytest.fixture
def igor(make):
    return make.account("igor@example.ru")


@pytest.fixture
def safe(app, igor):
    """Igor's secret and recovery codes; the second step works."""
    return with_step(app, igor)


def now():
    return datetime.now(UTC)


def text_of(answer, path):
    return html.fromstring(answer.text).xpath(f"string({path})").strip()


def secret_on(answer):
    return text_of(answer, "//*[@id='secret']").replace(" ", "")


def begin(client):
    """Begin; return the secret that the page shows."""
    assert client.post(f"{PAGE}secret").location == PAGE
    return secret_on(client.get(PAGE))


@pytest.fixture
def strict(app, monkeypatch):
    """The owner wishes a second step of everybody who works here."""
    config = replace(app.extensions["shop_config"], staff_second_step=True)
    monkeypatch.setitem(app.extensions, "shop_config", config)


def test_without_the_wish_a_password_opens_the_back_office(client, make):
    assert client.become(make.employee()).get("/staff/orders/").status_code == 200


def test_an_employee_with_a_password_only_is_told_why_and_led_to_the_second_step(
    client, htmx, make, strict
):
    employee = make.employee()
    answer = client.become(employee).get("/staff/orders/")

    assert (answer.status_code, answer.location) == (303, "/auth/second-step/compulsory")
    page = client.get(answer.location)
    assert "Пароль можно подобрать или подсмотреть" in page.text
    assert html.fromstring(page.text).xpath(f"//main//a/@href[.='{PAGE}']") == [PAGE]
    swap = htmx.become(employee).get("/staff/orders/")
    assert swap.headers["HX-Redirect"] == "/auth/second-step/compulsory"


def test_turning_it_on_opens_the_back_office_and_turning_it_off_closes_it(client, make, strict):
    client.become(make.employee())
    secret = begin(client)

    client.post(PAGE, data={"code": code(secret, now())})
    opened = client.get("/staff/orders/")
    client.post(f"{PAGE}removal", data={"code": code(secret, now() + HALF_A_MINUTE)})

    assert opened.status_code == 200
    assert client.get("/staff/orders/").location == "/auth/second-step/compulsory"


@pytest.mark.parametrize("way", ["passkey", "second_step"])
def test_who_came_in_by_more_than_a_password_is_at_work_at_once(client, make, strict, way):
    assert client.become(make.employee(), way=way).get("/staff/orders/").status_code == 200


def test_a_sign_in_by_password_doesnt_count_though_the_step_is_on(app, client, make, strict):
    employee = make.employee()
    with_step(app, employee)
    answer = client.become(employee).get("/staff/orders/")

    assert answer.location == "/auth/second-step/compulsory"
    assert "Выйдите и войдите заново" in client.get(answer.location).text


def test_for_customers_there_is_neither_the_office_nor_the_page(app, client, make, strict):
    client.become(make.account())

    assert client.get("/staff/orders/").status_code == 404
    assert client.get("/auth/second-step/compulsory").status_code == 404
    assert Browser(app).get("/auth/second-step/compulsory").status_code == 404


def test_the_wrong_role_stays_the_wrong_role(client, make, strict):
    assert client.become(make.employee("moderator")).get("/staff/orders/").status_code == 403


def test_nothing_was_left_in_the_table(app, client, igor, safe):
    client.become(igor).post(f"{PAGE}removal", data={"code": safe[1][0]})

    with app.app_context():
        assert db.session.query(SecondStep).all() == []
