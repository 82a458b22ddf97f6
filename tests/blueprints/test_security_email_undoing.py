"""What the old mailbox may do by the link in its letter: stop a change, or take it back with a new password."""

from datetime import UTC, datetime, timedelta

import pytest
from factories import PASSWORD
from moving import NEW, OLD, email_of, fits, left, let_time_pass, links_of_change, title, token
from signing import NEW_PASSWORD, errors_of, is_signed_in, session_of

from shop.models import EmailChange

URL = "/my/security/email"
CONFIRM, CANCEL, UNDO = (
    "/auth/email/confirmation",
    "/auth/email/cancellation",
    "/auth/email/undoing",
)
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


def test_the_old_mailbox_stops_a_change_that_is_not_confirmed(
    app, other_client, igor, links, queries
):
    queries.clear()
    page = other_client.get(f"{CANCEL}?token={links[1]}")
    assert len(queries) == 1
    assert (page.status_code, title(page)) == (200, "Отменить смену почты")
    assert OLD not in page.text and NEW not in page.text

    answer = other_client.post(CANCEL, data={"token": links[1]})

    assert (answer.status_code, title(answer)) == (200, "Смена почты отменена")
    assert other_client.post(CANCEL, data={"token": links[1]}).status_code == 200  # A double click.
    assert other_client.post(CONFIRM, data={"token": links[0]}).status_code == 410
    with app.app_context():
        assert email_of(igor) == OLD


def test_stopping_too_late_leads_to_taking_it_back(client, other_client, links):
    client.post(CONFIRM, data={"token": links[0]})

    answer = other_client.post(CANCEL, data={"token": links[1]})

    assert (answer.status_code, title(answer)) == (409, "Вернуть прежнюю почту")
    assert "отменять поздно" in answer.text


@pytest.mark.parametrize("which", ["email_change_warning", "email_changed"])
def test_the_old_mailbox_takes_the_account_back_with_a_new_password(
    app, client, other_client, igor, links, queries, which
):
    client.post(CONFIRM, data={"token": links[0]})
    with app.app_context():
        held = token(which)
    queries.clear()
    page = other_client.get(f"{CANCEL}?token={held}")
    assert len(queries) == 1
    assert (page.status_code, title(page)) == (200, "Вернуть прежнюю почту")

    answer = other_client.post(UNDO, data={"token": held, "password": NEW_PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/auth/login")
    assert not is_signed_in(client)
    assert fits(app, igor, NEW_PASSWORD)
    told = other_client.get("/auth/login").text
    assert "Прежняя почта вернулась. Войдите с ней и с новым паролем." in told
    with app.app_context():
        assert email_of(igor) == OLD
    again = other_client.post(UNDO, data={"token": held, "password": NEW_PASSWORD})
    assert (again.status_code, title(again)) == (410, OVER)


def test_the_browser_that_takes_it_back_is_signed_out_too(app, client, links):
    client.post(CONFIRM, data={"token": links[0]})

    client.post(UNDO, data={"token": links[1], "password": NEW_PASSWORD})

    assert "_user_id" not in session_of(client)
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("", "Придумайте пароль"),
        ("коротко", "от 8 до 128"),
        ("qwerty123", "подбирают одним из первых"),
    ],
)
def test_a_new_password_that_will_not_do_takes_nothing_back(
    app, client, igor, links, password, problem
):
    client.post(CONFIRM, data={"token": links[0]})
    before = left(app, igor)

    answer = client.post(UNDO, data={"token": links[1], "password": password})

    assert answer.status_code == 422
    [(field, told)] = errors_of(answer)
    assert field == "#new-password"
    assert problem in told
    assert left(app, igor) == before == (NEW, 1, 3, 2)
    assert fits(app, igor, PASSWORD)
    assert is_signed_in(client)


def test_after_a_week_nothing_is_taken_back(app, client, igor, links):
    client.post(CONFIRM, data={"token": links[0]})
    let_time_pass(app, EmailChange, confirmed_at=datetime.now(UTC) - timedelta(days=7, seconds=1))

    page = client.get(f"{CANCEL}?token={links[1]}")
    answer = client.post(UNDO, data={"token": links[1], "password": NEW_PASSWORD})

    assert (page.status_code, answer.status_code) == (410, 410)
    assert fits(app, igor, PASSWORD)
    assert left(app, igor) == (NEW, 1, 3, 2)


def test_before_it_is_confirmed_there_is_nothing_to_take_back(app, client, igor, links):
    answer = client.post(UNDO, data={"token": links[1], "password": NEW_PASSWORD})

    assert answer.status_code == 410
    assert left(app, igor) == (OLD, 1, 2, 1)
    assert fits(app, igor, PASSWORD)
