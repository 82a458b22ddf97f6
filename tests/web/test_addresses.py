"""Nobody is led off the shop, whatever an address, a header or a form says."""

from itertools import product
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from signing import LOG_IN, PERSON, asking, last_letter, letters, letters_are_written

from shop.gateways.mail import render

EVIL = "evil.example"
BEFORE = ["", "/", " ", "\t", "\n", "\r\n", "\x00", "\x0b", "\xa0", "\u200b", "\ufeff", "."]
SCHEMES = ["", "http:", "https:", "HtTpS:", "ftp:", "javascript:", "data:", "h\tttp:", "blob:", ":"]
SLASHES = [
    "//",
    "///",
    "/\\",
    "\\\\",
    "\\/",
    "/\t/",
    "/\n/",
    "/%2f",
    "%2f%2f",
    "%5c%5c",
    "／／",
    "⁄⁄",
]
SLASHES += ["/;/", "/./\\", "/\x7f/", "/ /", "/\r\n/", "/\\\t/", "∕∕", "/%09/", "/%0d%0a/", "/@"]
HOSTS = [
    EVIL,
    f"localhost@{EVIL}",
    f"localhost:80@{EVIL}",
    f"{EVIL}#@localhost",
    f"localhost.{EVIL}",
]
HOSTS += ["[::1]", "[", "evil。example", f"{EVIL}:443", "%65vil.example", f"\\@{EVIL}", "℀.example"]
NASTY = sorted(
    {
        *("".join(parts) for parts in product(BEFORE, SCHEMES, SLASHES, [EVIL])),
        *("".join(parts) for parts in product(["", "http:", "https:"], SLASHES, HOSTS)),
        *("".join(parts) for parts in product(["/", "/a", "/?a=1"], ["\r\n", "\n", "%0d%0a"], ["Set-Cookie: who=evil"])),
    }
)  # fmt: skip
CHUNKS = [NASTY[start::8] for start in range(8)]


def leads_home(location):
    """True when no reader of addresses, strict or lax, ends up elsewhere."""
    lax = "".join(sign for sign in location if ord(sign) > 32).replace("\\", "/")
    for text in (location, lax):
        there = urlsplit(urljoin("http://localhost/auth/login", text))
        if (there.scheme, there.netloc) != ("http", "localhost"):
            return False
    return location.startswith("/") and not lax.startswith("//") and location.isprintable()


def led_off(answers):
    return {
        nasty: answer.headers.get("Location")
        for nasty, answer in answers
        if answer.status_code != 303 or not leads_home(answer.location)
    }


def test_there_are_enough_of_them():
    assert len(NASTY) == 3374


@pytest.mark.parametrize("chunk", range(8))
def test_choosing_a_town_leads_nowhere_else(client, make, chunk):
    town = make.place("Тверь")
    answers = (
        (nasty, client.client.post("/delivery/place", data={"place": town.id, "next": nasty}, headers=client._headers({})))
        for nasty in CHUNKS[chunk]
    )  # fmt: skip

    assert led_off(answers) == {}


def test_signing_in_leads_nowhere_else(app, client, make, monkeypatch):
    igor = make.account("igor@example.ru")
    monkeypatch.setattr("shop.blueprints.auth.sign_in_with_password", lambda **_values: igor.id)
    answers = [
        (nasty, client.client.post("/auth/login", data={**LOG_IN, "next": nasty}, headers=client._headers({})))
        for nasty in NASTY[::7]
    ]  # fmt: skip

    assert len(answers) > 400
    assert led_off(answers) == {}


def test_who_is_signed_in_already_is_led_nowhere_else(client, make):
    client.become(make.account())
    for url in ("/auth/login", "/auth/register", "/auth/confirmation"):
        answers = (
            (nasty, client.client.get(url, query_string={"next": nasty})) for nasty in NASTY[::31]
        )
        assert led_off(answers) == {}


def test_choosing_a_language_leads_nowhere_else(client):
    answers = (
        (nasty, client.client.post("/language", data={"language": "en", "next": nasty}, headers=client._headers({})))
        for nasty in NASTY[::7]
    )  # fmt: skip

    assert led_off(answers) == {}


@pytest.mark.parametrize("header", ["HX-Current-URL", "Referer"])
def test_a_page_told_by_a_header_leads_nowhere_else(client, header):
    """Closed doors lead to sign-in and from there back to the page one is on."""
    for nasty in NASTY[::7]:
        told = nasty.encode("ascii", "ignore").decode().translate({10: None, 13: None, 0: None})
        answer = client.client.get("/my/", headers={header: told})
        assert answer.status_code == 303
        assert answer.location.startswith("/auth/login?next=/")
        assert leads_home(unquote(answer.location.partition("next=")[2]))


FOREIGN = [
    {"Host": EVIL},
    {"X-Forwarded-Host": EVIL},
    {"X-Host": EVIL, "X-Forwarded-Server": EVIL, "X-HTTP-Host-Override": EVIL},
    {"Forwarded": f"host={EVIL};proto=https", "X-Original-URL": f"//{EVIL}/"},
    {"X-Forwarded-Prefix": f"//{EVIL}", "X-Rewrite-URL": f"//{EVIL}"},
    {"Host": f'{EVIL}"><b>'},
    {"Host": "evil["},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_no_page_repeats_a_foreign_host(client, make, headers):
    tea = make.product()
    paths = [
        "/",
        f"/product/{tea.id}",
        "/search?q=чай",
        "/cart/",
        "/auth/login",
        "/nowhere",
        "/my/",
    ]
    paths += ["/manifest.webmanifest", "/help/", "/catalog"]
    for path in paths:
        answer = client.client.get(path, headers=headers)
        assert answer.status_code < 500
        assert "evil" not in answer.text.lower(), path
        assert "evil" not in str(answer.headers).lower(), path


@pytest.mark.parametrize("headers", FOREIGN)
def test_letters_lead_home_whatever_host_was_asked(app, client, make, headers):
    make.account("igor@example.ru")
    asked = asking(client)
    for url, form in (("/auth/register", PERSON), ("/auth/recovery", asked)):
        answer = client.client.post(
            url, data=form, headers={"Sec-Fetch-Site": "same-origin", **headers}
        )
        assert answer.status_code < 400
        assert "evil" not in str(answer.headers).lower()

    letters_are_written(app)
    with app.app_context():
        told = letters()
    assert {letter["letter"] for letter in told} == {"confirmation", "recovery"}
    for letter in told:
        with app.app_context():
            written = render(letter=letter["letter"], language="ru", facts=letter["facts"])
        assert 'href="http://localhost/' in written.html and "http://localhost/" in written.text
        assert "evil" not in (written.html + written.text + written.subject).lower()


@pytest.mark.parametrize("nasty", ["a\r\nBcc: x@evil.example", "a\nSubject: evil", "a\r\n\r\n<b>"])
def test_no_name_or_address_writes_a_header_of_its_own(app, client, make, nasty):
    person = PERSON | {"given_name": nasty, "email": f"{nasty}@example.ru"}
    answer = client.post("/auth/register", data=person)
    assert answer.status_code in {303, 422}

    client.post("/auth/register", data=PERSON | {"given_name": nasty})
    with app.app_context():
        told = last_letter(app)
        written = render(letter=told["letter"], language="ru", facts=told["facts"])
    assert told["to"] == "anna@example.ru"
    assert "\n" not in written.subject and "\r" not in written.subject


@pytest.mark.parametrize("query", ["", "?sort=new&page=2"])
def test_a_missing_slash_is_put_there_without_a_word_of_the_host(client, query):
    answer = client.client.get(f"/catalog{query}", headers={"Host": EVIL})

    assert (answer.status_code, answer.location) == (308, f"/catalog/{query}")
