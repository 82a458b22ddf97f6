"""The second step in the cabinet: new recovery codes, turning it off, and what goes wrong."""

from datetime import UTC, datetime

import pytest
from lxml import html
from signing import errors_of, last_letter
from stepping import HALF_A_MINUTE, code, step, unused_codes, with_step, wrong_code

from shop.db import db

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


def codes_on(answer):
    return html.fromstring(answer.text).xpath("//*[@id='codes']//code/text()")


def begin(client):
    """Begin; return the secret that the page shows."""
    assert client.post(f"{PAGE}secret").location == PAGE
    return secret_on(client.get(PAGE))


def test_new_codes_take_a_code_and_void_the_old_ones(app, client, igor, safe):
    secret, old = safe
    client.become(igor)

    refused = client.post(f"{PAGE}recovery-codes", data={"code": "abcd-efgh-jkmn"})
    made = client.post(f"{PAGE}recovery-codes", data={"code": code(secret, now())})

    assert refused.status_code == 422
    assert errors_of(refused) == [
        (
            "#renewal-code",
            "Этот запасной код не подошёл. Проверьте буквы или возьмите другой.",
        )
    ]
    assert "Старые больше ничего не откроют" in made.text
    assert len(codes_on(made)) == 10 and not set(codes_on(made)) & set(old)
    with app.app_context():
        assert unused_codes(igor.id) == 10


def test_turning_off_takes_a_code_and_writes_to_the_mailbox(app, client, igor, safe):
    secret, _codes = safe
    client.become(igor)
    for data in ({}, {"code": wrong_code(secret, now())}):
        answer = client.post(f"{PAGE}removal", data=data)
        assert answer.status_code == 422
        assert errors_of(answer)[0][0] == "#removal-code"
    with app.app_context():
        assert step(igor.id).works_since is not None

    answer = client.post(f"{PAGE}removal", data={"code": code(secret, now())})

    assert answer.location == PAGE
    page = client.get(PAGE).text
    assert "Второй шаг выключен: аккаунт открывается одним паролем." in page
    assert "Включить второй шаг" in page
    assert last_letter(app)["letter"] == "second_step_off"


def test_the_same_code_twice_is_told_apart_from_a_wrong_one(client, igor, safe):
    secret, _codes = safe
    typed = code(secret, now())
    client.become(igor).post(f"{PAGE}recovery-codes", data={"code": typed})

    answer = client.post(f"{PAGE}removal", data={"code": typed})

    assert errors_of(answer) == [
        (
            "#removal-code",
            "Этот код уже использован. Подождите полминуты, пока приложение покажет следующий.",
        )
    ]
    assert client.post(
        f"{PAGE}removal", data={"code": code(secret, now() + HALF_A_MINUTE)}
    ).location


def test_guesses_are_told_how_long_to_wait(client, igor, safe):
    client.become(igor)
    for _ in range(10):
        client.post(f"{PAGE}removal", data={"code": "abcd-efgh-jkmn"})

    answer = client.post(f"{PAGE}removal", data={"code": safe[1][0]})

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 901
    assert "Слишком много попыток. Подождите 15 минут" in answer.text


@pytest.mark.parametrize("nasty", ["'", '"><script>', "\u0000" * 9, "0" * 5000, "٣" * 6, "💥" * 12])
def test_odd_codes_are_wrong_codes(client, igor, safe, nasty):
    client.become(igor)

    for address in (f"{PAGE}removal", f"{PAGE}recovery-codes"):
        assert client.post(address, data={"code": nasty}).status_code == 422


def test_a_secret_that_cant_be_read_is_told_with_what_to_do(app, client, igor, safe):
    with app.app_context():
        step(igor.id).sealed_secret = "spoilt"
        db.session.commit()
    client.become(igor)

    answer = client.post(f"{PAGE}removal", data={"code": code(safe[0], now())})

    assert answer.status_code == 422
    assert "Мы выключим второй шаг, и вы включите его заново." in answer.text
    assert client.post(f"{PAGE}removal", data={"code": safe[1][0]}).location == PAGE


def test_a_begun_secret_that_cant_be_read_is_begun_anew(app, client, igor):
    client.become(igor)
    begin(client)
    with app.app_context():
        step(igor.id).sealed_secret = "spoilt"
        db.session.commit()

    assert "Включить второй шаг" in client.get(PAGE).text
    assert client.post(PAGE, data={"code": "123456"}).location == PAGE
    assert len(begin(client)) == 32
