"""The mailbox: letters in by SMTP, out as pages and as Mailpit's JSON."""

import smtplib
from email.message import EmailMessage

import pytest
import requests

POLICY = "Content-Security-Policy"


def letter(**headers):
    message = EmailMessage()
    message["From"] = "Магазин <shop@example.org>"
    message["To"] = headers.pop("to", "Анна Ильина <anna@example.org>")
    message["Subject"] = headers.pop("subject", "Подтвердите почту")
    message["Message-ID"] = "<one@example.org>"
    message["Date"] = "Sun, 22 Nov 2026 10:00:00 +0300"
    message.set_content("Здравствуйте!\nОткройте http://127.0.0.1:8000/auth/confirmation/abc.\n")
    return message


def rich(**headers):
    message = letter(**headers)
    message.add_alternative(
        '<p>Здравствуйте!</p><a href="http://127.0.0.1:8000/x?a=1&amp;b=2">Открыть</a>'
        "<script>alert(1)</script>",
        subtype="html",
    )
    return message


def post(mailbox, *messages, to_addrs=None):
    with smtplib.SMTP("127.0.0.1", mailbox.smtp_port, timeout=5) as smtp:
        for message in messages:
            smtp.send_message(message, to_addrs=to_addrs)


def get(mailbox, path, **params):
    return requests.get(f"{mailbox.url}{path}", params=params, timeout=5)


def test_lists_a_letter_in_mailpits_words(mailbox):
    post(mailbox, letter())

    listing = get(mailbox, "/api/v1/messages").json()

    (message,) = listing.pop("messages")
    assert listing == {
        "total": 1,
        "unread": 1,
        "count": 1,
        "messages_count": 1,
        "messages_unread": 1,
        "start": 0,
        "tags": [],
    }
    assert message["From"] == {"Name": "Магазин", "Address": "shop@example.org"}
    assert message["To"] == [{"Name": "Анна Ильина", "Address": "anna@example.org"}]
    assert message["Subject"] == "Подтвердите почту"
    assert message["MessageID"] == "one@example.org"
    assert message["Snippet"].startswith("Здравствуйте! Откройте http://")
    assert message["Read"] is False and message["Attachments"] == 0
    assert message["Created"].endswith("Z") and message["Size"] > 0


def test_shows_a_letter_and_remembers_that_it_was_read(mailbox):
    post(mailbox, rich())
    (message,) = get(mailbox, "/api/v1/messages").json()["messages"]

    shown = get(mailbox, f"/api/v1/message/{message['ID']}").json()

    assert shown["Text"].startswith("Здравствуйте!")
    assert "<p>Здравствуйте!</p>" in shown["HTML"]
    assert shown["Date"] == "2026-11-22T10:00:00+03:00"
    assert shown["Headers"]["Subject"] == ["Подтвердите почту"]
    assert get(mailbox, "/api/v1/messages").json()["unread"] == 0


def test_latest_is_the_newest(mailbox):
    post(mailbox, letter(subject="Первое"), letter(subject="Второе"))

    assert get(mailbox, "/api/v1/message/latest").json()["Subject"] == "Второе"


def test_pages_through_letters_newest_first(mailbox):
    post(mailbox, *[letter(subject=f"Письмо {number}") for number in range(5)])

    listing = get(mailbox, "/api/v1/messages", start=1, limit=2).json()

    assert [message["Subject"] for message in listing["messages"]] == ["Письмо 3", "Письмо 2"]
    assert (listing["total"], listing["count"], listing["start"]) == (5, 2, 1)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("to:anna@example.org", ["Подтвердите почту"]),
        ("to:ANNA@example.org", ["Подтвердите почту"]),
        ("to:example.org", ["Посылка приехала", "Подтвердите почту"]),
        ("to:nobody@example.org", []),
        ("from:shop@example.org subject:ПОСЫЛКА", ["Посылка приехала"]),
        ('"подтвердите почту"', ["Подтвердите почту"]),
        ("is:read", []),
    ],
)
def test_finds_letters(mailbox, query, found):
    post(mailbox, letter(), letter(to="igor@example.org", subject="Посылка приехала"))

    listing = get(mailbox, "/api/v1/search", query=query).json()

    assert [message["Subject"] for message in listing["messages"]] == found
    assert (listing["messages_count"], listing["total"]) == (len(found), 2)


def test_a_blind_copy_is_found_by_its_envelope(mailbox):
    post(mailbox, letter(), to_addrs=["secret@example.org"])

    (found,) = get(mailbox, "/api/v1/search", query="to:secret@example.org").json()["messages"]

    assert found["Bcc"] == [{"Name": "", "Address": "secret@example.org"}]


def test_throws_away_the_letters_named_or_all(mailbox):
    post(mailbox, letter(subject="Первое"), letter(subject="Второе"), letter(subject="Третье"))
    ids = [message["ID"] for message in get(mailbox, "/api/v1/messages").json()["messages"]]
    address = f"{mailbox.url}/api/v1/messages"

    requests.delete(address, json={"IDs": [ids[0]]}, timeout=5)
    assert get(mailbox, "/api/v1/messages").json()["total"] == 2
    requests.delete(address, timeout=5)

    assert get(mailbox, "/api/v1/messages").json()["total"] == 0
    assert get(mailbox, "/api/v1/message/latest").status_code == 404


def test_the_oldest_letters_make_room(mailbox):
    post(mailbox, *[letter(subject=f"Письмо {number}") for number in range(52)])

    listing = get(mailbox, "/api/v1/messages", limit=100).json()

    assert listing["total"] == 50
    assert listing["messages"][-1]["Subject"] == "Письмо 2"


def test_hands_over_attachments_as_files_only(mailbox):
    message = letter()
    message.add_attachment(b"<script>", maintype="text", subtype="html", filename="Чек.html")
    post(mailbox, message)
    shown = get(mailbox, "/api/v1/message/latest").json()
    (attachment,) = shown["Attachments"]

    file = get(mailbox, f"/api/v1/message/{shown['ID']}/part/{attachment['PartID']}")

    assert attachment["FileName"] == "Чек.html"
    assert file.content.strip() == b"<script>"
    assert file.headers["Content-Type"] == "application/octet-stream"
    assert file.headers["Content-Disposition"].startswith("attachment")


def test_people_see_letters_and_filter_them_by_recipient(mailbox):
    post(mailbox, letter(), letter(to="igor@example.org", subject="Посылка приехала"))

    everything = get(mailbox, "/").text
    annas = get(mailbox, "/", to="anna@example.org").text

    assert "Посылка приехала" in everything and "Подтвердите почту" in everything
    assert "Подтвердите почту" in annas and "Посылка приехала" not in annas


def test_a_letters_page_locks_its_rich_part_in_a_frame_and_lists_its_links(mailbox):
    post(mailbox, rich())
    shown = get(mailbox, "/api/v1/message/latest").json()

    page = get(mailbox, f"/letters/{shown['ID']}")
    frame = get(mailbox, f"/letters/{shown['ID']}/html")

    assert "<script>alert(1)</script>" not in page.text
    assert 'href="http://127.0.0.1:8000/auth/confirmation/abc"' in page.text
    assert 'href="http://127.0.0.1:8000/x?a=1&amp;b=2"' in page.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.text
    assert "script-src" not in frame.headers[POLICY] and "sandbox" in frame.headers[POLICY]
    assert "default-src 'none'" in frame.headers[POLICY]


def test_other_sites_can_not_empty_the_mailbox(mailbox):
    post(mailbox, letter())
    address = f"{mailbox.url}/emptying"

    stranger = requests.post(address, headers={"Sec-Fetch-Site": "cross-site"}, timeout=5)
    assert stranger.status_code == 403
    assert get(mailbox, "/api/v1/messages").json()["total"] == 1

    requests.post(address, timeout=5)
    assert get(mailbox, "/api/v1/messages").json()["total"] == 0


@pytest.mark.parametrize("charset", ["koi8-r", "windows-1251", "utf-8"])
def test_reads_old_russian_letters(mailbox, charset):
    message = EmailMessage()
    message["From"], message["To"] = "shop@example.org", "anna@example.org"
    message["Subject"] = "Чек"
    message.set_content("Спасибо за покупку", charset=charset)
    post(mailbox, message)

    assert get(mailbox, "/api/v1/message/latest").json()["Text"].strip() == "Спасибо за покупку"


def test_a_letter_of_nothing_is_still_a_letter(mailbox):
    with smtplib.SMTP("127.0.0.1", mailbox.smtp_port, timeout=5) as smtp:
        smtp.sendmail("shop@example.org", ["anna@example.org"], b"")

    assert get(mailbox, "/api/v1/messages").json()["total"] == 1
    assert "(без темы)" in get(mailbox, "/").text
