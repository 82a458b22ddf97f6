import json
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html
from signing import LOG_IN, PERSON, last_letter, popup, session_of
from sqlalchemy import func, select

from shop.db import db
from shop.models import Account, OutboxItem


@pytest.fixture
def igor(make):
    return make.account("igor@example.ru")


@pytest.fixture
def over(app):
    return popup(app)


DEEDS = [
    ("/auth/login", LOG_IN),
    ("/auth/register", PERSON),
    ("/auth/logout", {}),
    ("/auth/confirmation", {"code": "000000"}),
    ("/auth/confirmation/letter", {}),
    ("/auth/recovery", {"email": "igor@example.ru"}),
    ("/my/profile/", {"given_name": "Чужой", "family_name": "Чужой", "greeting": "name"}),
    ("/language", {"language": "en"}),
]
TRICKS = {
    "no sign and no token": ({}, {}),
    "an empty token": ({}, {"csrf_token": ""}),
    "a made-up token": ({}, {"csrf_token": "IjEyMyI.made.up"}),
    "another site": ({"Origin": "https://evil.example"}, {}),
    "another site with our name in it": ({"Origin": "http://localhost.evil.example"}, {}),
    "another port": ({"Origin": "http://localhost:81"}, {}),
    "a hidden origin": ({"Origin": "null"}, {}),
    "cross-site": ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, {}),
    "same-site": ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, {}),
}


@pytest.mark.parametrize(("url", "data"), DEEDS)
@pytest.mark.parametrize("trick", TRICKS)
def test_another_site_makes_nobody_do_anything(app, client, igor, url, data, trick):
    if url not in {"/auth/login", "/auth/register", "/auth/recovery"}:
        client.become(igor)
    headers, more = TRICKS[trick]
    before = session_of(client)

    answer = client.client.post(url, data={**data, **more}, headers=headers)

    assert answer.status_code == 400
    assert session_of(client) == before
    with app.app_context():
        assert db.session.scalar(select(func.count(Account.id))) == 1
        assert db.session.scalar(select(func.count(OutboxItem.id))) == 0
        assert db.session.get_one(Account, igor.id).given_name == "Игорь"


@pytest.mark.parametrize("content_type", ["text/plain", "application/json"])
def test_other_kinds_of_body_do_nothing(client, igor, content_type):
    body = json.dumps(LOG_IN)
    answer = client.client.post("/auth/login", data=body, content_type=content_type)

    assert answer.status_code == 400
    assert "_user_id" not in session_of(client)


def test_somebody_elses_token_is_refused(client, other_client, igor):
    page = html.fromstring(other_client.get("/auth/login").text)
    token = page.xpath("//form[@action='/auth/login']//input[@name='csrf_token']/@value")[0]
    client.get("/auth/login")

    assert (
        client.client.post("/auth/login", data={**LOG_IN, "csrf_token": token}).status_code == 400
    )
    assert "_user_id" not in session_of(client)


def test_ones_own_token_is_enough_for_a_browser_that_says_nothing(client, igor):
    page = html.fromstring(client.get("/auth/login").text)
    token = page.xpath("//form[@action='/auth/login']//input[@name='csrf_token']/@value")[0]

    answer = client.client.post("/auth/login", data={**LOG_IN, "csrf_token": token})

    assert answer.status_code == 303


NASTY = [
    "https://evil.example", "http://evil.example/", "//evil.example", "///evil.example", "////evil.example/%2e%2e",
    "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example", "/\t/evil.example", "\t//evil.example",
    "/\n/evil.example", "/\r\nSet-Cookie: a=b", "%0d%0aSet-Cookie: a=b\r\n", " //evil.example", "/ /evil.example",
    "https:evil.example", "https:/evil.example", "https:///evil.example", "http:\\\\evil.example", "HTTPS://EVIL.EXAMPLE",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "evil.example", "evil.example/",
    "@evil.example", "//localhost@evil.example", "//localhost:80@evil.example", "//evil.example#@localhost",
    "//evil.example?localhost", "http://localhost@evil.example", "/\u0000/evil.example", "/\u00a0/../..//evil.example\\",
    "//[::1]", "//\u2024evil.example", "/\x7f/evil", "?next=//evil.example", "#//evil.example", "..//evil.example", "./", "",
    "//%2fevil.example", "/" + "a" * 600, "ftp://evil.example", "//evil%E3%80%82example", "／／evil.example",
]  # fmt: skip


@pytest.mark.parametrize("nasty", NASTY)
def test_nobody_is_sent_to_another_site(client, over, igor, nasty):
    answer = client.post("/auth/login", data={**LOG_IN, "next": nasty})

    assert answer.status_code == 303
    there = urlsplit(urljoin("http://localhost/auth/login", answer.location))
    assert (there.scheme, there.netloc) == ("http", "localhost")
    assert answer.location.startswith("/") and not answer.location.startswith(("//", "/\\"))
    assert "\n" not in answer.location and "Set-Cookie: a" not in str(answer.headers)


@pytest.mark.parametrize("nasty", NASTY[:12])
def test_no_form_carries_a_foreign_way_on(client, nasty):
    for url in ("/auth/login", "/auth/register", "/auth/confirmation"):
        tree = html.fromstring(client.get(url, query_string={"next": nasty}).text)
        assert set(tree.xpath("//main//input[@name='next']/@value")) == {"/my/"}
        assert not [
            link
            for link in tree.xpath("//main//a/@href")
            if "evil.example" in link.partition("?")[0]
        ]


def test_letters_lead_to_the_shops_own_address_whatever_host_was_asked(client, app):
    client.client.post(
        "/auth/register",
        data=PERSON,
        headers={
            "Sec-Fetch-Site": "same-origin",
            "Host": "evil.example",
            "X-Forwarded-Host": "evil.example",
        },
    )
    with app.app_context():
        from shop.gateways.mail import render

        told = last_letter(app)
        written = render(letter=told["letter"], language=told["language"], facts=told["facts"])
        for part in (written.text, written.html):
            assert "http://localhost/auth/confirmation?token=" in part
            assert "evil.example" not in part


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(
    "name", ["confirmation", "already_registered", "recovery", "password_changed"]
)
def test_letters_can_be_written_in_both_languages(app, name, language):
    from shop.gateways.mail import render

    facts = {
        "greeting": "О'Хара <b>",
        "link": "/x?token=y",
        "code": "482 913",
        "code_minutes": 30,
        "link_hours": 24,
        "minutes": 30,
    }
    with app.app_context():
        written = render(letter=name, language=language, facts=facts)

    hello = "Здравствуйте, О'Хара <b>!" if language == "ru" else "Hello, О'Хара <b>!"
    assert hello in written.text
    assert "&lt;b&gt;" in written.html and "О'Хара <b>" not in written.html
    assert "Озон" in written.subject
    if name == "confirmation":
        assert "482 913" in written.text and "482 913" in written.html
