"""The pages of another e-mail: asked for in the cabinet, confirmed and taken back by the links in letters."""

from datetime import UTC, datetime, timedelta

import pytest
from factories import PASSWORD
from lxml import html
from moving import NEW, OLD, email_of, left, let_time_pass, links_of_change, title
from signing import LOG_IN, bare, errors_of, is_signed_in, letters

from shop.models import EmailChange

URL = "/my/security/email"
CONFIRM, CANCEL = "/auth/email/confirmation", "/auth/email/cancellation"
OVER = "Ссылка больше не действует"


@pytest.fixture
def igor(make):
    return make.account(OLD)


@pytest.fixture
def links(app, client, igor):
    """A change that was asked for: the links to confirm it and to stop it."""
    client.become(igor)
    client.post(URL, data={"email": NEW})
    return links_of_change(app)


def test_both_mailboxes_are_written_to_and_the_page_shows_what_it_waits_for(
    app, client, igor, queries
):
    client.become(igor)
    queries.clear()
    page = client.get(URL)
    assert len(queries) == 2  # Who it is, and whether a change waits.
    assert "Ждём новую почту" not in page.text

    answer = client.post(URL, data={"email": "  Igor@New.Example "})

    assert (answer.status_code, answer.location) == (303, URL)
    with app.app_context():
        assert [(one["letter"], one["to"]) for one in letters()] == [
            ("email_change_confirm", NEW),
            ("email_change_warning", OLD),
        ]
        assert email_of(igor) == OLD
    queries.clear()
    page = client.get(URL)
    assert len(queries) == 2
    assert f"Письмо со ссылкой уже в пути на {NEW}." in page.text
    assert "Ждём новую почту" in page.text
    assert f"входите с почтой {OLD}" in page.text


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("", "Впишите новую почту."),
        ("igor@", "Впишите почту целиком, например igor@example.ru."),
        (f"{'a' * 250}@example.ru", "Адрес почты не бывает длиннее 254 знаков."),
        (" IGOR@example.ru", "Это и так ваша почта. Впишите другую."),
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


def test_the_answer_is_the_same_whether_the_new_address_is_known_or_not(
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
    assert [text.replace("anna", "nina") for text in _body(known_page)] == _body(unknown_page)
    with app.app_context():
        assert [one["letter"] for one in letters()] == [
            "email_change_taken",
            "email_change_warning",
            "email_change_confirm",
            "email_change_warning",
        ]


def _body(page):
    """The main part's words, without the moment until which the link holds."""
    main = html.fromstring(page.text).xpath("//main")[0]
    return [text.strip() for text in main.itertext() if text.strip() and ":" not in text]


def test_asking_again_and_again_is_limited_and_nothing_typed_is_lost(app, client, igor):
    client.become(igor)
    for number in range(5):
        client.post(URL, data={"email": f"n{number}@new.example"})
    before = left(app, igor)

    answer = client.post(URL, data={"email": NEW})

    assert answer.status_code == 429
    [(field, told)] = errors_of(answer)
    assert field == "#email"
    assert told.startswith("Слишком много попыток подряд. Попробуйте через ")
    assert f'value="{NEW}"' in answer.text
    assert left(app, igor) == before


def test_a_session_left_open_is_asked_for_the_password_and_the_form_goes_on(app, client, igor):
    client.become(igor, proved_at=datetime.now(UTC) - timedelta(minutes=16))

    asked = client.get(URL)
    held = client.post(URL, data={"email": NEW})

    assert (asked.status_code, asked.location) == (303, f"/auth/again?next={URL}")
    assert held.status_code == 401
    assert left(app, igor) == (OLD, 0, 0, 0)
    [form] = html.fromstring(held.text).xpath("//main//form[@action='/auth/again']")
    hidden = {one.get("name"): one.get("value") for one in form.xpath(".//input[@type='hidden']")}
    answer = client.post("/auth/again", data=hidden | {"password": PASSWORD})
    [form] = html.fromstring(answer.text).xpath("//main//form[@data-send-now]")
    assert form.get("action") == URL
    fields = {one.get("name"): one.get("value") for one in form.xpath(".//input")}
    assert client.post(URL, data=fields).status_code == 303
    assert left(app, igor)[1] == 1


def test_thinking_better_of_it_voids_both_links(app, client, other_client, igor, links):
    answer = client.post(f"{URL}/cancellation")

    assert (answer.status_code, answer.location) == (303, URL)
    page = client.get(URL).text
    assert "Отменено. Почта остаётся прежней." in page
    assert "Ждём новую почту" not in page
    assert other_client.get(f"{CONFIRM}?token={links[0]}").status_code == 410
    assert other_client.get(f"{CANCEL}?token={links[1]}").status_code == 410
    client.post(f"{URL}/cancellation")
    assert "Отменено." not in client.get(URL).text


def test_following_the_link_changes_nothing_and_pressing_the_button_does(
    app, client, other_client, igor, links, queries
):
    queries.clear()
    page = other_client.get(f"{CONFIRM}?token={links[0]}")
    assert len(queries) == 1
    assert (page.status_code, title(page)) == (200, "Подтвердите новую почту")
    assert NEW in page.text
    assert OLD not in page.text  # Whoever got the letter by mistake isn't told the login.
    with app.app_context():
        assert email_of(igor) == OLD

    answer = other_client.post(CONFIRM, data={"token": links[0]})

    assert (answer.status_code, answer.location) == (303, "/auth/login")
    assert not is_signed_in(client)  # A mailbox alone keeps no other browser signed in.
    assert other_client.post("/auth/login", data=LOG_IN).status_code == 422
    assert other_client.post("/auth/login", data=LOG_IN | {"email": NEW}).status_code == 303
    again = client.get(f"{CONFIRM}?token={links[0]}")
    assert (again.status_code, title(again)) == (200, "Новая почта подтверждена")


def test_the_browser_that_confirms_stays_signed_in_and_others_do_not(
    client, other_client, igor, links
):
    other_client.become(igor)

    answer = client.post(CONFIRM, data={"token": links[0]})

    assert (answer.status_code, answer.location) == (303, URL)
    page = client.get(URL).text
    assert "Почта изменена. Теперь это ваш логин." in page
    assert f"<b>{NEW}</b>" in page
    assert not is_signed_in(other_client)


def test_somebody_elses_browser_confirms_and_stays_who_it_is(client, other_client, make, links):
    other_client.become(make.account("anna@example.ru"))

    answer = other_client.post(CONFIRM, data={"token": links[0]})

    assert answer.location == "/auth/login"
    assert is_signed_in(other_client)
    assert not is_signed_in(client)


def test_an_address_that_got_an_account_meanwhile_is_not_taken(app, client, make, igor, links):
    make.account(NEW)
    before = left(app, igor)

    answer = client.post(CONFIRM, data={"token": links[0]})

    assert (answer.status_code, title(answer)) == (409, "У этой почты другой аккаунт")
    assert left(app, igor) == before
    assert is_signed_in(client)


@pytest.mark.parametrize("held", ["", "no-such-token", "я" * 300])
@pytest.mark.parametrize("url", [CONFIRM, CANCEL])
def test_a_link_that_never_was_leads_to_a_page_that_says_so(client, url, held):
    for answer in (
        client.get(url, query_string={"token": held}),
        client.post(url, {"token": held}),
    ):
        assert (answer.status_code, title(answer)) == (410, OVER)


def test_a_link_that_is_too_old_holds_no_more(app, client, igor, links):
    let_time_pass(app, EmailChange, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    before = left(app, igor)

    for url, held in ((CONFIRM, links[0]), (CANCEL, links[1])):
        answer = client.get(f"{url}?token={held}")
        assert (answer.status_code, title(answer)) == (410, OVER)
    assert client.post(CONFIRM, data={"token": links[0]}).status_code == 410
    assert left(app, igor) == before


def test_a_newer_change_voids_the_links_of_the_older_one(app, client, other_client, links):
    client.post(URL, data={"email": "igor@third.example"})

    assert other_client.get(f"{CONFIRM}?token={links[0]}").status_code == 410
    assert other_client.post(CONFIRM, data={"token": links[0]}).status_code == 410
    assert other_client.get(f"{CONFIRM}?token={links_of_change(app)[0]}").status_code == 200
