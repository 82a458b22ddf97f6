import re
from datetime import UTC, datetime, timedelta

import pytest
from browser import Browser
from lxml import html
from signing import is_signed_in
from sqlalchemy import select

from shop.db import db
from shop.models import AccountEvent, UserSession

ANDROID = {"device": "Chrome, Android", "country": "RU", "network": "203.0.113.0/24"}
AN_IPHONE = {"device": "Safari, iPhone", "country": "KZ", "network": "2a02:6b8::/48"}


@pytest.fixture
def igor(make):
    return make.account("igor@example.ru")


@pytest.fixture
def swap(app):
    """The list of devices, swapped in place."""
    return Browser(app, target="devices")


def sessions_of(app, account):
    with app.app_context():
        return db.session.scalars(
            select(UserSession.id)
            .where(UserSession.account_id == account.id)
            .order_by(UserSession.id)
        ).all()


def kinds_of(app, account):
    with app.app_context():
        return db.session.scalars(
            select(AccountEvent.kind).where(AccountEvent.account_id == account.id)
        ).all()


def listed(answer):
    """The devices of the page, each as one line."""
    tree = html.fromstring(answer.text)
    return [" ".join(one.text_content().split()) for one in tree.xpath("//*[@id='devices']//li")]


def test_the_page_says_where_one_is_signed_in(client, other_client, igor):
    long_ago = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
    other_client.become(igor, **AN_IPHONE, way="passkey", opened_at=long_ago, seen_at=long_ago)
    client.become(igor, **ANDROID)

    here, other = listed(client.get("/my/security/"))

    assert here.startswith("Chrome, Android это устройство Россия, 203.0.113.•")
    assert "Использовалось: сейчас" in here and "Завершить" not in here
    assert other == (
        "Safari, iPhone Казахстан, 2a02:6b8:• Использовалось: 20 ноября 2026, 12:05"
        " Вход: 20 ноября 2026, 12:05, по ключу доступа Завершить"
    )


def test_what_is_not_known_of_a_device_is_said_so(client, igor):
    [here] = listed(client.become(igor).get("/my/security/"))

    assert here.startswith("Неизвестное устройство это устройство Место неизвестно")


def test_the_page_leads_to_all_that_keeps_an_account_safe(client, igor):
    page = html.fromstring(client.become(igor).get("/my/security/").text)

    links = set(page.xpath("//main//a/@href"))
    assert {
        "/my/security/password",
        "/my/security/passkeys/",
        "/my/security/second-step/",
        "/my/security/email",
        "/my/security/data",
        "/my/security/log",
    } <= links
    assert "Больше вы нигде не вошли." in page.text_content()


def test_the_page_costs_four_queries_however_many_devices_there_are(client, igor, queries):
    client.become(igor)
    for _ in range(12):
        Browser(client.app).become(igor)
    queries.clear()

    client.get("/my/security/")

    assert len(queries) == 4


def test_a_device_that_was_signed_out_is_a_guest_at_its_next_click(app, client, other_client, igor):
    client.become(igor, **ANDROID)
    other_client.become(igor, **AN_IPHONE)
    _, other = sessions_of(app, igor)
    assert is_signed_in(other_client)

    answer = client.post(f"/my/security/devices/{other}/sign-out")

    assert (answer.status_code, answer.location) == (303, "/my/security/")
    page = client.get("/my/security/")
    assert not is_signed_in(other_client)
    assert "Вход на том устройстве завершён." in page.text
    assert len(listed(page)) == 1
    assert "Вы завершили вход на другом устройстве: <b>Safari, iPhone</b>" in page.text


def test_a_swap_answers_with_the_list_alone_and_gives_the_heading_the_focus(
    app, swap, other_client, igor
):
    swap.become(igor)
    other_client.become(igor)
    _, other = sessions_of(app, igor)

    answer = swap.post(f"/my/security/devices/{other}/sign-out")

    assert answer.status_code == 200
    assert "<h1" not in answer.text
    assert len(listed(answer)) == 1
    assert html.fromstring(answer.text).xpath("//h2/@autofocus")
    assert "toast" in answer.headers["HX-Trigger"]


def test_a_device_signed_out_twice_is_no_fault(app, client, other_client, igor):
    client.become(igor)
    other_client.become(igor)
    _, other = sessions_of(app, igor)

    for _ in range(2):
        assert client.post(f"/my/security/devices/{other}/sign-out").status_code == 303

    assert "уже завершён" in client.get("/my/security/").text
    assert kinds_of(app, igor) == ["session_ended"]


def test_somebody_elses_device_is_not_found_and_stays_signed_in(
    app, client, other_client, igor, make
):
    anna = make.account()
    client.become(igor)
    other_client.become(anna)
    [hers] = sessions_of(app, anna)

    for session_id in (hers, 999_999, 2**31):
        assert client.post(f"/my/security/devices/{session_id}/sign-out").status_code == 404

    assert is_signed_in(other_client)
    assert kinds_of(app, igor) == kinds_of(app, anna) == []


def test_one_signs_oneself_out_by_ones_own_number_too(app, client, igor):
    client.become(igor)
    [here] = sessions_of(app, igor)

    client.post(f"/my/security/devices/{here}/sign-out")

    assert not is_signed_in(client)


def test_all_others_are_signed_out_at_once(app, client, igor):
    others = [Browser(app).become(igor) for _ in range(3)]
    client.become(igor)

    answer = client.post("/my/security/devices/sign-out")

    assert (answer.status_code, answer.location) == (303, "/my/security/")
    assert [is_signed_in(other) for other in others] == [False] * 3
    page = client.get("/my/security/").text
    assert "Вход завершён на 3 устройствах." in page
    assert "Завершить все остальные" not in page
    assert kinds_of(app, igor) == ["sessions_ended"]


def test_nobody_else_is_signed_in_is_said_kindly(app, client, igor):
    client.become(igor)

    client.post("/my/security/devices/sign-out")

    assert "Больше вы нигде не вошли." in client.get("/my/security/").text
    assert kinds_of(app, igor) == []


def test_a_guest_is_turned_to_sign_in(client):
    for url in ("/my/security/", "/my/security/log", "/my/security/password"):
        answer = client.get(url)
        assert (answer.status_code, answer.location) == (303, f"/auth/login?next={url}")
    assert client.post("/my/security/devices/sign-out").status_code == 401


def test_signing_out_elsewhere_by_a_link_is_refused(client, igor):
    client.become(igor)

    assert client.get("/my/security/devices/sign-out").status_code == 405
    assert client.get("/my/security/devices/1/sign-out").status_code == 405


def test_the_page_speaks_english(client, igor):
    client.become(igor)
    client.post("/language", data={"language": "en"})

    page = client.get("/my/security/").text

    assert "Where you are signed in" in page
    main = html.fromstring(page).xpath("//main//div[contains(@class, 'cabinet')]")[0]
    assert not re.search("[а-яё]", main.text_content())


def test_who_has_not_proved_the_mailbox_may_look_and_sign_out_elsewhere(client, make):
    client.become(make.account(confirmed=False))

    assert client.get("/my/security/").status_code == 200
    assert client.post("/my/security/devices/sign-out").status_code == 303


def test_an_old_session_may_sign_the_others_out(app, client, other_client, igor):
    client.become(igor, proved_at=datetime.now(UTC) - timedelta(days=30))
    other_client.become(igor)

    client.post("/my/security/devices/sign-out")

    assert not is_signed_in(other_client)
