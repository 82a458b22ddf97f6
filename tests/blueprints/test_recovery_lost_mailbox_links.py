"""A lost mailbox's account on its way: «It isn't me», and the last step."""

from datetime import timedelta

import pytest
from lost_mailboxes import approved, asked, request, state_of
from lxml import html
from signing import LOG_IN, NEW_PASSWORD, errors_of, is_signed_in, letters, token_of

from shop.db import db
from shop.models import Account
from shop.services.recovery import move_on

ADDRESS = "/auth/lost-mailbox"


@pytest.fixture
def igor(make):
    return make.account("igor@example.ru", patronymic="Валерьянович")


@pytest.fixture
def waiting(app, make, igor):
    """The number of a request that waits."""
    people = [make.employee("support") for _ in range(2)]
    with app.app_context():
        number = asked()
        approved(number, *people)
    return number


def link(app, letter):
    with app.app_context():
        return letters(letter)[0]["facts"]["link"]


@pytest.fixture
def confirm_link(app, waiting):
    """What the letter to the new address leads to; from now on it waits for that."""
    with app.app_context():
        row = request(waiting)
        move_on(now=row.waits_until)
        row = request(waiting)
        row.expires_at += timedelta(days=3650)
        db.session.commit()
    return link(app, "lost_mailbox_confirm")


def kept(app, number):
    with app.app_context():
        return state_of(number)


def test_every_page_of_a_signed_in_device_asks_whether_it_is_really_the_owner(
    client, igor, waiting
):
    client.become(igor)

    for page in ("/", "/my/", "/cart/", "/catalog/"):
        text = client.get(page).text
        assert 'action="/my/security/not-me"' in text, page
        assert "Нас попросили перевести этот аккаунт на другую почту." in text


def test_it_is_asked_until_the_new_mailbox_has_answered(client, igor, confirm_link):
    assert "not-me" in client.become(igor).get("/").text


def test_nobody_else_sees_the_banner(client, make, waiting):
    assert "not-me" not in client.get("/").text
    assert "not-me" not in client.become(make.account()).get("/").text


def test_an_employees_own_account_is_asked_on_staff_pages_too(client, make, app):
    vera = make.employee("owner", email="igor@example.ru")
    with app.app_context():
        approved(asked(), *[make.employee("support") for _ in range(2)])

    assert "not-me" in client.become(vera).get("/staff/orders/").text


def test_it_isnt_me_stops_it_and_stays_on_the_page(client, igor, waiting, app):
    client.become(igor)

    answer = client.post("/my/security/not-me", headers={"Referer": "http://localhost/catalog/"})

    assert (answer.status_code, answer.location) == (303, "/catalog/")
    page = client.get("/catalog/").text
    assert "Остановлено: аккаунт остаётся с этой почтой." in page
    assert "not-me" not in page
    assert kept(app, waiting) == "stopped"


def test_pressed_twice_it_says_that_there_is_nothing_to_stop(client, igor, waiting):
    client.become(igor)
    client.post("/my/security/not-me")
    client.get("/")

    client.post("/my/security/not-me")

    assert "Останавливать уже нечего." in client.get("/").text


def test_somebody_else_stops_nothing(client, make, waiting, app):
    client.become(make.account()).post("/my/security/not-me")

    assert kept(app, waiting) == "waiting"


def test_the_old_mailboxs_link_asks_before_it_stops(client, waiting, app):
    address = link(app, "lost_mailbox_warning")

    page = client.get(address)
    assert kept(app, waiting) == "waiting"
    form = html.fromstring(page.text).xpath("//main//form")[0]
    token = form.xpath(".//input[@name='token']/@value")[0]
    answer = client.post(form.get("action"), data={"token": token})

    assert answer.status_code == 200
    assert "Перевод остановлен" in answer.text
    assert kept(app, waiting) == "stopped"
    assert client.get(address).status_code == 410
    assert client.post(form.get("action"), data={"token": token}).status_code == 410


@pytest.mark.parametrize("part", ["objection", "password"])
@pytest.mark.parametrize("token", ["", "nonsense"])
def test_a_link_that_holds_no_more_says_what_to_do(client, waiting, part, token, app):
    data = {"token": token, "password": NEW_PASSWORD}

    for answer in (
        client.get(f"{ADDRESS}/{part}?token={token}"),
        client.post(f"{ADDRESS}/{part}", data=data),
    ):
        assert answer.status_code == 410
        assert "8 800 000-00-00" in answer.text
    assert kept(app, waiting) == "waiting"


def test_the_new_mailbox_chooses_a_password_and_the_account_moves(
    client, other_client, igor, waiting, confirm_link, app
):
    other_client.become(igor)

    page = client.get(confirm_link)
    assert "n•••i@example.org" in page.text and "igor@" not in page.text
    form = html.fromstring(page.text).xpath("//main//form")[0]
    token = form.xpath(".//input[@name='token']/@value")[0]
    answer = client.post(form.get("action"), data={"token": token, "password": NEW_PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/auth/login")
    assert "Аккаунт переведён" in client.get("/auth/login").text
    assert not is_signed_in(other_client)
    assert client.post("/auth/login", data=LOG_IN).status_code == 422
    new = {"email": "novyi@example.org", "password": NEW_PASSWORD}
    assert client.post("/auth/login", data=new).status_code == 303
    assert kept(app, waiting) == "done"


def test_followed_again_the_link_says_that_it_is_done(client, confirm_link):
    data = {"token": token_of({"facts": {"link": confirm_link}}), "password": NEW_PASSWORD}
    client.post(f"{ADDRESS}/password", data=data)

    for answer in (client.get(confirm_link), client.post(f"{ADDRESS}/password", data=data)):
        assert answer.status_code == 200
        assert "Аккаунт переведён" in answer.text
        assert 'href="/auth/login"' in answer.text


def test_a_password_that_wont_do_keeps_the_link(client, igor, waiting, confirm_link, app):
    token = token_of({"facts": {"link": confirm_link}})

    answer = client.post(f"{ADDRESS}/password", data={"token": token, "password": "12345678"})

    assert answer.status_code == 422
    assert errors_of(answer) == [
        ("#new-password", "Этот пароль подбирают одним из первых. Придумайте другой.")
    ]
    assert kept(app, waiting) == "confirming"


def test_an_address_taken_meanwhile_is_told_to_whoever_has_proved_it(
    client, igor, make, waiting, confirm_link, app
):
    make.account("novyi@example.org")
    token = token_of({"facts": {"link": confirm_link}})

    answer = client.post(f"{ADDRESS}/password", data={"token": token, "password": NEW_PASSWORD})

    assert answer.status_code == 422
    assert "Эта почта теперь у другого аккаунта" in answer.text
    with app.app_context():
        assert db.session.get_one(Account, igor.id).email == "igor@example.ru"
        assert request(waiting).ended_at is None
