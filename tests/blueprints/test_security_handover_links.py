"""Where the letters about a handover lead: the giver's page, the taker's, and the moment the account changes hands."""

from datetime import UTC, datetime, timedelta

import pytest
from factories import PASSWORD
from lxml import html
from moving import OLD, TAKER, email_of, fits, left, let_time_pass, links_of_handover, title
from signing import LOG_IN, NEW_PASSWORD, errors_of, is_signed_in

from shop.models import Handover

GIVER, TAKERS, REFUSAL = "/auth/handover/giver", "/auth/handover/taker", "/auth/handover/refusal"
OVER = "Ссылка больше не действует"
OLGA = {
    "given_name": "Ольга",
    "family_name": "Д'Арк-Петрова",
    "patronymic": "",
    "password": NEW_PASSWORD,
    "consent": "y",
}


@pytest.fixture
def igor(make):
    return make.account(OLD)


@pytest.fixture
def links(app, client, igor):
    """A handover that was asked for: the giver's link and the taker's."""
    client.become(igor)
    client.post("/my/security/handover", data={"email": TAKER})
    return links_of_handover(app)


def test_following_the_links_changes_nothing(app, other_client, igor, links, queries):
    before = left(app, igor)

    queries.clear()
    giver = other_client.get(f"{GIVER}?token={links[0]}")
    assert len(queries) == 1
    queries.clear()
    taker = other_client.get(f"{TAKERS}?token={links[1]}")
    assert len(queries) == 1

    assert (giver.status_code, title(giver)) == (200, "Передать ваш аккаунт?")
    assert TAKER in giver.text and OLD not in giver.text
    assert (taker.status_code, title(taker)) == (200, "Принять аккаунт")
    assert TAKER in taker.text and OLD not in taker.text
    assert left(app, igor) == before == (OLD, 1, 2, 1)


def test_the_account_changes_hands_when_the_taker_says_yes_last(
    app, client, other_client, igor, links
):
    answer = client.post(GIVER, data={"token": links[0]})
    assert (answer.status_code, title(answer)) == (200, "Передать ваш аккаунт?")
    assert "Вы подтвердили." in answer.text
    assert left(app, igor)[0] == OLD

    answer = other_client.post(TAKERS, data=OLGA | {"token": links[1]})

    assert (answer.status_code, title(answer)) == (200, "Аккаунт передан")
    assert "Теперь он ваш." in answer.text
    _see_that_it_is_olgas(app, client, other_client, igor)


def test_the_account_changes_hands_when_the_giver_says_yes_last(
    app, client, other_client, igor, links
):
    answer = other_client.post(TAKERS, data=OLGA | {"token": links[1]})
    assert (answer.status_code, title(answer)) == (200, "Принять аккаунт")
    assert "Спасибо, вы подтвердили." in answer.text
    assert fits(app, igor, PASSWORD)

    answer = client.post(GIVER, data={"token": links[0]})

    assert (answer.status_code, title(answer)) == (200, "Аккаунт передан")
    assert "Теперь он принадлежит новому владельцу" in answer.text
    _see_that_it_is_olgas(app, client, other_client, igor)


def _see_that_it_is_olgas(app, client, other_client, igor):
    with app.app_context():
        assert email_of(igor) == TAKER
    assert not is_signed_in(client)
    assert client.post("/auth/login", data=LOG_IN).status_code == 422
    came = other_client.post("/auth/login", data={"email": TAKER, "password": NEW_PASSWORD})
    assert came.status_code == 303
    assert "Ольга" in other_client.get("/my/").text


def test_a_double_click_is_as_good_as_one(client, other_client, links):
    for browser, url, form in (
        (client, GIVER, {"token": links[0]}),
        (other_client, TAKERS, OLGA | {"token": links[1]}),
    ):
        first, second = browser.post(url, data=form), browser.post(url, data=form)
        assert (first.status_code, second.status_code) == (200, 200)
        assert title(first) == title(second)


@pytest.mark.parametrize(
    ("more", "field", "problem"),
    [
        ({"given_name": ""}, "#given-name", "Впишите имя."),
        ({"family_name": " "}, "#family-name", "Впишите фамилию."),
        ({"patronymic": "123"}, "#patronymic", "В имени должна быть хотя бы одна буква"),
        ({"password": ""}, "#new-password", "Придумайте пароль."),
        ({"password": "коротко"}, "#new-password", "от 8 до 128"),
        ({"consent": ""}, "#consent", "Без вашего согласия мы не вправе хранить имя и адрес."),
    ],
)
def test_what_the_taker_forgets_is_asked_for_and_nothing_written_is_lost(
    app, client, other_client, igor, links, more, field, problem
):
    client.post(GIVER, data={"token": links[0]})

    answer = other_client.post(TAKERS, data=OLGA | more | {"token": links[1]})

    assert answer.status_code == 422
    [(where, told)] = errors_of(answer)
    assert where == field
    assert problem in told
    form = html.fromstring(answer.text).xpath(f"//form[@action='{TAKERS}']")[0]
    fields = {one.get("name"): one.get("value") for one in form.xpath(".//input")}
    kept = ("given_name", "family_name", "patronymic")
    assert [fields[name] for name in kept] == [(OLGA | more)[name].strip() for name in kept]
    assert fields["token"] == links[1]
    assert "value" not in form.xpath(".//input[@name='password']")[0].attrib
    assert bool(form.xpath(".//input[@name='consent'][@checked]")) is ("consent" not in more)
    assert left(app, igor)[0] == OLD
    assert is_signed_in(client)


def test_an_address_that_got_an_account_meanwhile_is_not_taken(
    app, client, other_client, make, igor, links
):
    client.post(GIVER, data={"token": links[0]})
    make.account(TAKER)
    before = left(app, igor)

    answer = other_client.post(TAKERS, data=OLGA | {"token": links[1]})

    assert (answer.status_code, title(answer)) == (409, "У этой почты уже есть аккаунт")
    assert left(app, igor) == before
    assert fits(app, igor, PASSWORD)
    assert is_signed_in(client)


def test_the_giver_is_not_told_whose_the_other_address_is(
    app, client, other_client, make, igor, links
):
    other_client.post(TAKERS, data=OLGA | {"token": links[1]})
    make.account(TAKER)
    before = left(app, igor)

    answer = client.post(GIVER, data={"token": links[0]})

    assert (answer.status_code, title(answer)) == (410, OVER)
    assert left(app, igor) == before
    assert is_signed_in(client)


@pytest.mark.parametrize("side", [0, 1])
def test_either_side_refuses_and_both_links_are_void(app, other_client, igor, links, side):
    answer = other_client.post(REFUSAL, data={"token": links[side]})

    assert (answer.status_code, title(answer)) == (200, "Передача отменена")
    assert other_client.post(REFUSAL, data={"token": links[side]}).status_code == 200
    for url, held in ((GIVER, links[0]), (TAKERS, links[1])):
        over = other_client.get(f"{url}?token={held}")
        assert (over.status_code, title(over)) == (410, OVER)
        assert other_client.post(url, data=OLGA | {"token": held}).status_code == 410
    assert left(app, igor)[:2] == (OLD, 1)


@pytest.mark.parametrize("held", ["", "no-such-token", "я" * 300])
def test_a_link_that_never_was_leads_to_a_page_that_says_so(client, held):
    answers = [
        client.get(GIVER, query_string={"token": held}),
        client.get(TAKERS, query_string={"token": held}),
        client.post(GIVER, data={"token": held}),
        client.post(TAKERS, data=OLGA | {"token": held}),
        client.post(TAKERS, data={"token": held}),
        client.post(REFUSAL, data={"token": held}),
    ]

    assert {(answer.status_code, title(answer)) for answer in answers} == {(410, OVER)}


def test_after_72_hours_the_links_hold_no_more(app, client, other_client, igor, links):
    client.post(GIVER, data={"token": links[0]})
    let_time_pass(app, Handover, expires_at=datetime.now(UTC) - timedelta(seconds=1))

    assert other_client.get(f"{TAKERS}?token={links[1]}").status_code == 410
    assert other_client.post(TAKERS, data=OLGA | {"token": links[1]}).status_code == 410
    assert fits(app, igor, PASSWORD)


def test_what_is_done_is_not_refused_any_more(app, client, other_client, igor, links):
    client.post(GIVER, data={"token": links[0]})
    other_client.post(TAKERS, data=OLGA | {"token": links[1]})

    assert client.post(REFUSAL, data={"token": links[0]}).status_code == 410
    for url, held in ((GIVER, links[0]), (TAKERS, links[1])):
        assert client.get(f"{url}?token={held}").status_code == 410
    assert left(app, igor)[0] == TAKER


def test_the_givers_browser_is_told_once_that_it_is_signed_out_and_keeps_nothing(
    app, client, other_client, links
):
    with client.client.session_transaction() as session:
        session["language"] = "ru"
    other_client.post(TAKERS, data=OLGA | {"token": links[1]})
    other_client.post(GIVER, data={"token": links[0]})

    answer = client.get("/my/")

    assert answer.location == "/auth/login?next=/my/"
    with client.client.session_transaction() as session:
        assert not {"_user_id", "_id", "_fresh", "who"} & set(session)
        assert session["language"] == "ru"
    told = "Вы вышли из аккаунта на этом устройстве"
    assert told in client.get("/auth/login?next=/my/").text
    assert told not in client.get("/auth/login?next=/my/").text
    assert client.get("/").status_code == 200
