"""Handing an account over, in the cabinet: who may begin it, what it says, and what stops it."""

from datetime import UTC, datetime, timedelta

import pytest
from lxml import html
from moving import NEW, OLD, TAKER, left, links_of_change, links_of_handover, title
from signing import bare, errors_of, letters

URL = "/my/security/handover"
GIVER, TAKERS = "/auth/handover/giver", "/auth/handover/taker"


@pytest.fixture
def igor(make):
    return make.account(OLD)


def test_both_are_written_to_and_the_page_shows_who_has_not_confirmed(app, client, igor, queries):
    client.become(igor)
    queries.clear()
    page = client.get(URL)
    assert len(queries) == 2  # Who it is, and whether a handover waits.
    assert "Ждём вас обоих" not in page.text

    answer = client.post(URL, data={"email": " Olga@Example.ru"})

    assert (answer.status_code, answer.location) == (303, URL)
    with app.app_context():
        assert [(one["letter"], one["to"]) for one in letters()] == [
            ("handover_giver", OLD),
            ("handover_taker", TAKER),
        ]
    queries.clear()
    page = client.get(URL)
    assert len(queries) == 2
    assert f"Письма вам и на {TAKER} уже в пути." in page.text
    assert f"Вы: откройте письмо в ящике {OLD} и подтвердите." in page.text
    assert f"{TAKER}: письмо отправлено, подтверждения пока нет." in page.text


def test_the_page_shows_who_has_confirmed(app, client, other_client, igor):
    client.become(igor)
    client.post(URL, data={"email": TAKER})

    other_client.post(GIVER, data={"token": links_of_handover(app)[0]})

    page = client.get(URL).text
    assert "Вы подтвердили." in page
    assert f"{TAKER}: письмо отправлено, подтверждения пока нет." in page


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("", "Впишите почту нового владельца."),
        ("olga@", "Впишите почту целиком, например igor@example.ru."),
        (" IGOR@example.ru", "Это ваша собственная почта. Впишите почту нового владельца."),
    ],
)
def test_an_address_that_will_not_do_is_refused_with_a_reason(app, client, igor, written, problem):
    client.become(igor)

    answer = client.post(URL, data={"email": written})

    assert answer.status_code == 422
    assert errors_of(answer) == [("#email", problem)]
    [kept] = html.fromstring(answer.text).xpath("//main//input[@name='email']/@value")
    assert kept == written.strip().lower()
    assert left(app, igor) == (OLD, 0, 0, 0)


def test_an_employee_is_told_to_give_the_role_up_first(app, client, make):
    vera = make.employee(email="vera@example.ru")
    client.become(vera)

    answer = client.post(URL, data={"email": TAKER})

    assert answer.status_code == 422
    [(field, told)] = errors_of(answer)
    assert field == "#email"
    assert told.startswith("Это аккаунт сотрудника: он открывает служебные страницы.")
    assert left(app, vera) == ("vera@example.ru", 0, 0, 0)


def test_an_account_whose_e_mail_was_changed_lately_is_told_from_when_on(app, client, igor):
    client.become(igor)
    client.post("/my/security/email", data={"email": NEW})
    client.post("/auth/email/confirmation", data={"token": links_of_change(app)[0]})
    before = left(app, igor)

    answer = client.post(URL, data={"email": TAKER})

    assert answer.status_code == 422
    [(field, told)] = errors_of(answer)
    assert field == "#email"
    assert told.startswith("Почту недавно сменили, и владелец прежней ещё может возразить.")
    assert f'value="{TAKER}"' in answer.text
    assert left(app, igor) == before


def test_the_answer_is_the_same_whether_the_other_address_is_known_or_not(
    app, client, other_client, make, igor
):
    make.account("anna@example.ru")
    client.become(igor)
    other_client.become(igor)

    known = client.post(URL, data={"email": "anna@example.ru"})
    known_page = client.get(URL)
    unknown = other_client.post(URL, data={"email": "nina@example.ru"})
    unknown_page = other_client.get(URL)

    assert bare(known) == bare(unknown)
    assert [text.replace("anna", "nina") for text in _words(known_page)] == _words(unknown_page)
    with app.app_context():
        assert [one["letter"] for one in letters()] == [
            "handover_giver",
            "handover_taken",
            "handover_giver",
            "handover_taker",
        ]


def _words(page):
    """What the main part says, without the moment until which the links hold."""
    main = html.fromstring(page.text).xpath("//main")[0]
    told = [text.strip() for text in main.itertext() if text.strip()]
    return [text for text in told if not text.startswith("Если до ")]


def test_asking_again_and_again_is_limited(app, client, igor):
    client.become(igor)
    for number in range(5):
        client.post(URL, data={"email": f"n{number}@new.example"})
    before = left(app, igor)

    answer = client.post(URL, data={"email": TAKER})

    assert answer.status_code == 429
    [(field, told)] = errors_of(answer)
    assert field == "#email"
    assert told.startswith("Слишком много попыток подряд. Попробуйте через ")
    assert left(app, igor) == before


def test_a_session_left_open_is_asked_for_the_password_first(app, client, igor):
    client.become(igor, proved_at=datetime.now(UTC) - timedelta(minutes=16))

    asked = client.get(URL)
    held = client.post(URL, data={"email": TAKER})

    assert (asked.status_code, asked.location) == (303, f"/auth/again?next={URL}")
    assert held.status_code == 401
    assert html.fromstring(held.text).xpath("//main//form[@action='/auth/again']")
    assert left(app, igor) == (OLD, 0, 0, 0)


def test_the_giver_thinks_better_of_it_in_the_cabinet(app, client, other_client, igor):
    client.become(igor)
    client.post(URL, data={"email": TAKER})
    giver, taker = links_of_handover(app)

    answer = client.post(f"{URL}/cancellation")

    assert (answer.status_code, answer.location) == (303, URL)
    page = client.get(URL).text
    assert "Отменено. Аккаунт остаётся вашим." in page
    assert "Ждём вас обоих" not in page
    for url, held in ((GIVER, giver), (TAKERS, taker)):
        over = other_client.get(f"{url}?token={held}")
        assert (over.status_code, title(over)) == (410, "Ссылка больше не действует")
    client.post(f"{URL}/cancellation")
    assert "Отменено." not in client.get(URL).text
