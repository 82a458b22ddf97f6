"""Cards on paper and in letters: every word of a certificate gets onto them."""

import re
import zlib

import pytest

from shop.gateways import cards, mail
from shop.rules.certificates import Face

FACTS = {
    "serial": "G-0042-1187",
    "nominal_kopecks": 3000_00,
    "is_free": False,
    "expires_at": "2027-11-24T09:00:00+00:00",
}
FACE = Face(
    shop_name="Озон",
    title="Подарочный сертификат",
    nominal="3 000 ₽",
    for_whom="Для кого: Марина",
    wish="С днём рождения!\n" * 30,
    code_label="Номер сертификата",
    code="7K4M-2P9X-0033-ACEH",
    how="Наведите камеру.",
    terms="Активировать до 24 ноября 2027.",
    link="http://localhost/my/certificates/?code=7K4M-2P9X-0033-ACEH",
)


def test_a_card_is_one_small_page_with_its_fonts_in_it():
    paper = cards.drawn(FACE)

    assert paper.startswith(b"%PDF-") and len(paper) < 60_000
    assert paper.count(b"/Type /Page\n") == 1
    assert paper.count(b"/FontFile2") == 2


def test_the_square_code_is_drawn_module_by_module():
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", cards.drawn(FACE), re.S)
    drawn = max(
        (zlib.decompress(one) for one in streams if one[:1] == b"x"),
        key=lambda one: one.count(b" re"),
    )

    assert drawn.count(b" re f") > 300


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_gifts_letter_is_the_certificate(inside, language):
    told = {"code": "7K4M-2P9X-0033-ACEH", "recipient_name": "Марина", "giver_name": "Анна"}

    letter = mail.render(
        letter="certificate_gift",
        language=language,
        facts=FACTS | told | {"wish": "<b>С днём</b>\nрождения!"},
    )

    for text in (letter.text, letter.html):
        assert "7K4M-2P9X-0033-ACEH" in text
        assert "http://localhost/my/certificates/?code=7K4M-2P9X-0033-ACEH" in text
    assert "<b>С днём</b>" in letter.text and "&lt;b&gt;С днём" in letter.html
    assert "Анна" in letter.subject and "\n" not in letter.subject
    plain = mail.render(
        letter="certificate_gift",
        language=language,
        facts=FACTS | told | {"wish": "", "giver_name": "", "recipient_name": ""},
    )
    assert "Анна" not in plain.text + plain.subject


def test_the_buyers_letter_has_no_number(inside):
    told = {
        "greeting": "Анна",
        "recipient_name": "Марина",
        "recipient_email": "marina@example.ru",
        "send_on": "2026-12-01",
    }

    letter = mail.render(letter="certificate_sold", language="ru", facts=FACTS | told)
    mine = mail.render(
        letter="certificate_sold", language="ru", facts=FACTS | told | {"recipient_email": ""}
    )

    assert "/my/certificates/G-0042-1187/card" in letter.text
    assert "marina@example.ru" in letter.html and "1 декабря 2026" in letter.html
    assert "marina" not in mine.html + mine.text


def test_both_letters_of_an_activation(inside):
    told = {
        "greeting": "Анна",
        "activated_at": "2026-11-24T09:00:00+00:00",
        "by": "m•••a@example.ru",
    }

    buyers = mail.render(
        letter="certificate_activated", language="ru", facts=FACTS | told | {"is_buyer": True}
    )
    owners = mail.render(
        letter="certificate_activated", language="ru", facts=FACTS | told | {"is_buyer": False}
    )

    assert "m•••a@example.ru" in buyers.html and "24 ноября 2026, 12:00" in buyers.text
    assert "пока вы их не потратите" in owners.html and "m•••a" not in owners.html
