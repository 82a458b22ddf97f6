"""The second step in the cabinet: turning it on."""

from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
from lxml import html
from signing import errors_of, is_signed_in, session_of
from stepping import code, events, step, with_step, wrong_code

from shop.db import db
from shop.gateways.mail import render

PAGE = "/my/security/second-step/"
DOESNT_FIT = (
    "Этот код не подошёл. Приложение показывает новый каждые полминуты; если не подходит ни один, "
    "включите на телефоне автоматическую установку времени."
)


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


def test_the_page_tells_what_it_is_and_shows_no_secret_before_it_is_asked_for(app, client, igor):
    answer = client.become(igor).get(PAGE)

    assert answer.status_code == 200
    assert text_of(answer, "//h1") == "Второй шаг при входе"
    assert "Включить второй шаг" in answer.text
    assert secret_on(answer) == ""
    with app.app_context():
        assert step(igor.id) is None


def test_the_secret_is_shown_as_a_picture_as_text_and_as_a_link(client, igor):
    secret = begin(client.become(igor))
    tree = html.fromstring(client.get(PAGE).text)

    assert len(secret) == 32
    assert tree.xpath("string(//*[@id='secret'])").count(" ") == 7
    (picture,) = tree.xpath("//img[@class='scan__code']")
    assert picture.get("src").startswith("data:image/svg+xml;charset=utf-8,%3Csvg")
    assert picture.get("alt") == "Квадратный код для приложения; тот же ключ рядом, текстом"
    (link,) = tree.xpath("//a[starts-with(@href, 'otpauth:')]/@href")
    assert unquote(link) == f"otpauth://totp/Озон:igor@example.ru?secret={secret}&issuer=Озон"


def test_the_first_right_code_turns_it_on_and_the_codes_are_shown_this_once(app, client, igor):
    secret = begin(client.become(igor))

    answer = client.post(PAGE, data={"code": code(secret, now())})

    assert answer.status_code == 200
    codes = codes_on(answer)
    assert len(set(codes)) == 10
    (file,) = html.fromstring(answer.text).xpath("//a[@download]")
    assert file.get("download") == "zapasnye-kody.txt"
    told = unquote(file.get("href").partition(",")[2]).split("\r\n")
    assert told[0] == "Запасные коды: Озон, igor@example.ru"
    assert told[3:] == codes
    assert answer.headers["Cache-Control"] == "private, no-store"
    page = client.get(PAGE)
    assert "Осталось 10 запасных кодов." in page.text
    assert not any(one in page.text for one in codes)
    assert secret_on(page) == ""


def test_turning_on_changes_the_token_and_signs_the_others_out(app, client, other_client, igor):
    secret = begin(client.become(igor))
    other_client.become(igor)
    before = session_of(client)

    client.post(PAGE, data={"code": code(secret, now())})

    assert session_of(client)["_user_id"] != before["_user_id"]
    assert is_signed_in(client) and not is_signed_in(other_client)
    with app.app_context():
        assert events(igor.id) == [("second_step_on", {"ended": 1})]


def test_a_wrong_first_code_keeps_the_picture_and_says_what_to_do(app, client, igor):
    secret = begin(client.become(igor))

    answer = client.post(PAGE, data={"code": wrong_code(secret, now())})

    assert answer.status_code == 422
    assert errors_of(answer) == [("#code", DOESNT_FIT)]
    assert secret_on(answer) == secret
    assert text_of(answer, "//title").startswith("Ошибка: Второй шаг при входе")
    assert errors_of(client.post(PAGE, data={})) == [
        ("#code", "Впишите шесть цифр, которые показывает приложение.")
    ]
    with app.app_context():
        assert step(igor.id).works_since is None


def test_a_form_sent_twice_says_that_it_is_on(client, igor):
    secret = begin(client.become(igor))
    client.post(PAGE, data={"code": code(secret, now())})

    again = client.post(PAGE, data={"code": code(secret, now())})

    assert (again.status_code, again.location) == (303, PAGE)
    page = client.get(PAGE).text
    assert "Тем временем что-то изменилось. Вот как обстоят дела сейчас." in page
    assert client.post(f"{PAGE}secret").location == PAGE
    assert "Второй шаг уже включён." in client.get(PAGE).text


def test_an_old_session_shows_the_password_first_and_a_code_is_not_carried(client, igor, safe):
    client.become(igor, proved_at=now() - timedelta(minutes=16))

    answer = client.post(f"{PAGE}removal", data={"code": safe[1][0]})

    assert answer.status_code == 401
    assert 'id="again"' in answer.text
    assert safe[1][0] not in answer.text


def test_the_page_tells_since_when_and_how_many_codes_are_left(client, igor, safe):
    page = client.become(igor).get(PAGE).text

    assert "Включён" in page
    assert "Осталось 10 запасных кодов. Каждый один раз откроет аккаунт" in page
    assert safe[0] not in page and "otpauth" not in page


def test_few_codes_are_warned_about(app, client, igor, safe):
    client.become(igor)
    with app.app_context():
        from sqlalchemy import update

        from shop.models import RecoveryCode

        few = db.session.query(RecoveryCode.id).limit(7)
        db.session.execute(
            update(RecoveryCode)
            .where(RecoveryCode.id.in_([row[0] for row in few]))
            .values(used_at=now())
        )
        db.session.commit()

    page = client.get(PAGE).text

    assert "Осталось 3 запасных кода. Сделайте новые, пока они не кончились." in page


def test_the_page_asks_little_of_the_database(client, igor, queries):
    client.become(igor)
    counts = []
    for deed in (None, f"{PAGE}secret"):
        if deed:
            client.post(deed)
        queries.clear()
        client.get(PAGE)
        counts.append(len(queries))

    assert counts == [2, 3]


def test_when_it_works_the_page_asks_two_questions(client, igor, safe, queries):
    client.become(igor)
    queries.clear()
    client.get(PAGE)

    assert len(queries) == 2


@pytest.mark.parametrize(
    ("letter", "more", "words"),
    [
        ("second_step_on", {}, "нужны и пароль, и код из приложения"),
        ("second_step_off", {}, "теперь ваш аккаунт открывается одним паролем"),
        ("recovery_code_used", {"left": 3}, "Осталось 3 запасных кода."),
    ],
)
def test_the_letters_tell_what_happened_when_and_where(app, letter, more, words):
    facts = {"greeting": "Игорь", "at": "2026-11-24T09:00:00+00:00", **more}
    facts |= {"device": "Chrome, Android", "country": "RU", "network": "203.0.113.0/24"}
    with app.test_request_context():
        told = render(letter=letter, language="ru", facts=facts)

    for text in (told.text, told.html):
        assert "Здравствуйте, Игорь!" in text and words in text
        assert "24 ноября 2026, 12:00" in text and "Chrome, Android" in text
        assert "Это были не вы?" in text
    assert told.subject.endswith(": Озон")
