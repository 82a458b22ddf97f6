"""The page that sells certificates, and the card as it would look."""

import re
from datetime import timedelta

import pytest
from certifying import code_of, letters, row, sold, today
from sqlalchemy import select

from shop.blueprints.certificates import purchase
from shop.db import db
from shop.models import Certificate
from shop.rules.certificates import shown_code
from shop.services.certificates import activate, block, expire_due
from shop.services.returns.certificates import take_certificate_back

FORM = {
    "once_key": "form-1",
    "nominal": "300000",
    "own_sum": "",
    "whom": "gift",
    "recipient_name": "Марина",
    "recipient_email": " Marina@Example.RU ",
    "wish": "С днём рождения!",
    "send_on": "",
    "payment": "bank_card",
}


@pytest.fixture
def anna(make, client):
    account = make.account("anna@example.ru", given_name="Анна")
    client.become(account)
    return account


@pytest.fixture
def bank(monkeypatch):
    """The bank's answer in place of a call to it; what it was asked with."""
    asked = []

    def start(**facts):
        asked.append(facts)
        return "https://bank.example/pay"

    monkeypatch.setattr(purchase, "start", start)
    return asked


def certificates(app):
    with app.app_context():
        return db.session.scalars(select(Certificate).order_by(Certificate.id)).all()


def test_everybody_may_look_and_the_sums_are_there(client, queries):
    queries.clear()
    page = client.get("/certificates/")

    assert page.status_code == 200
    for words in (
        "500\u00a0₽",
        "10\u00a0000\u00a0₽",
        'name="own_sum"',
        'action="/certificates/purchase"',
    ):
        assert words in page.text
    assert 'value="on_receipt"' not in page.text
    assert len(queries) == 1  # Which ways to pay are on.


def test_the_card_shows_what_is_typed_and_nothing_is_bought(htmx, client, app):
    part = htmx.post("/certificates/preview", FORM | {"nominal": "other", "own_sum": "1 234 ₽"})
    page = client.post("/certificates/preview", FORM)

    assert "<h1>" not in part.text and 'id="look"' in part.text
    for words in ("1\u00a0234\u00a0₽", "Марина", "С днём рождения!"):
        assert words in part.text
    assert "<h1>" in page.text and 'value="Марина"' in page.text
    assert certificates(app) == []


def test_half_a_sum_is_no_reason_to_fail(htmx):
    part = htmx.post("/certificates/preview", {"nominal": "other", "own_sum": "12,5"})

    assert part.status_code == 200
    assert "…" in part.text


def test_buying_leads_to_the_bank_and_once(client, anna, bank, app):
    first = client.post("/certificates/purchase", FORM)
    again = client.post("/certificates/purchase", FORM)

    assert (first.status_code, first.location) == (303, "https://bank.example/pay")
    assert again.location == first.location
    (made,) = certificates(app)
    assert (made.state, made.nominal_kopecks, made.buyer_id) == (
        "awaiting_payment",
        3000_00,
        anna.id,
    )
    assert (made.recipient_email, made.send_on) == ("marina@example.ru", None)
    assert bank[0]["return_to"] == f"http://localhost/my/certificates/{made.serial}/payment"
    assert bank[0]["attempt_id"] == bank[1]["attempt_id"]


def test_when_the_bank_is_away_one_comes_to_the_page_of_the_payment(client, anna, monkeypatch, app):
    monkeypatch.setattr(purchase, "start", lambda **_facts: None)

    answer = client.post("/certificates/purchase", FORM)

    assert answer.location == f"/my/certificates/{certificates(app)[0].serial}/payment"


def test_for_oneself_nothing_of_a_letter_is_kept(client, anna, bank, app):
    client.post("/certificates/purchase", FORM | {"whom": "self", "send_on": "2026-12-01"})

    (made,) = certificates(app)
    assert (made.recipient_email, made.send_on, made.wish) == ("", None, "С днём рождения!")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"nominal": "other", "own_sum": "100"}, "own_sum"),
        ({"nominal": "other", "own_sum": "50001"}, "own_sum"),
        ({"nominal": "other", "own_sum": "много"}, "own_sum"),
        ({"nominal": "123"}, "nominal"),
        ({"recipient_email": ""}, "recipient_email"),
        ({"recipient_email": "marina"}, "recipient_email"),
        ({"send_on": "2020-01-01"}, "send_on"),
        ({"send_on": "завтра"}, "send_on"),
        ({"wish": "х" * 501}, "wish"),
        ({"payment": "on_receipt"}, "payment"),
        ({"payment": ""}, "payment"),
    ],
)
def test_a_wrong_form_says_what_is_wrong_and_keeps_what_was_typed(
    client, anna, bank, app, wrong, field
):
    page = client.post("/certificates/purchase", FORM | wrong)

    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert "Марина" in page.text
    assert (certificates(app), bank) == ([], [])


def test_a_guest_signs_in_first_and_the_form_goes_along(client, bank, app):
    answer = client.post("/certificates/purchase", FORM)

    assert answer.status_code == 401
    assert certificates(app) == []


def test_who_has_not_proved_the_mailbox_does_that_first(client, make, bank, app):
    client.become(make.account(confirmed=False))

    answer = client.post("/certificates/purchase", FORM)

    assert answer.location.startswith("/auth/confirmation")
    assert certificates(app) == []


def test_the_card_of_a_paid_one_has_its_number_and_leads_to_the_field(client, anna, app, queries):
    with app.app_context():
        mine = sold(anna, now=today())
        code = shown_code(code_of(mine))
    queries.clear()

    page = client.get(f"/my/certificates/{mine.serial}/card")

    assert page.status_code == 200
    assert code in page.text and "data:image/svg+xml" in page.text
    assert len(queries) == 3  # Who is it; the certificate; its receipts.
    paper = client.get(f"/my/certificates/{mine.serial}/card.pdf")
    assert paper.mimetype == "application/pdf"
    assert paper.data.startswith(b"%PDF-") and len(paper.data) < 60_000
    assert paper.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("how", ["given back", "blocked", "activated", "over"])
def test_what_nobody_can_activate_any_more_is_no_card_to_print(client, anna, app, how):
    with app.app_context():
        bought_at = today() - timedelta(days=400 if how == "over" else 0)
        mine = sold(anna, now=bought_at)
        code = shown_code(code_of(mine))
        if how == "given back":
            take_certificate_back(serial=mine.serial, account_id=anna.id, now=today())
        elif how == "blocked":
            block(serial=mine.serial, reason="Спор", actor_id=anna.id, now=today())
        elif how == "activated":
            activate(account_id=anna.id, code=code, now=today())
        else:
            expire_due(now=today())

    page = client.get(f"/my/certificates/{mine.serial}/card")

    assert page.status_code == 200
    assert code not in page.text and "data:image/svg+xml" not in page.text
    assert "Активировать его уже нельзя" in page.text
    word = {
        "given back": "возвращён",
        "blocked": "заблокирован",
        "activated": "активирован",
        "over": "срок прошёл",
    }[how]
    assert word in page.text
    assert client.get(f"/my/certificates/{mine.serial}/card.pdf").status_code == 404
    assert word in client.get("/my/certificates/").text
    if how != "activated":
        told = client.post("/my/certificates/preview", data={"code": code})
        why = "срок прошёл" if how == "over" else "или позвоните нам: 8 800"
        assert told.status_code == 422 and why in told.text.replace("\xa0", " ")


def test_an_unpaid_one_has_no_card_and_somebody_elses_is_not_there(
    client, other_client, make, anna, bank, app
):
    client.post("/certificates/purchase", FORM)
    unpaid = certificates(app)[0].serial
    with app.app_context():
        mine = sold(anna, once_key="form-2").serial
    other_client.become(make.account())

    for name in ("card", "card.pdf"):
        assert client.get(f"/my/certificates/{unpaid}/{name}").status_code == 404
        assert other_client.get(f"/my/certificates/{mine}/{name}").status_code == 404


def test_giving_back_sends_the_money_the_way_it_came(client, anna, app):
    with app.app_context():
        mine = sold(anna, now=today())

    assert f"/my/certificates/{mine.serial}/refund" in client.get("/my/certificates/").text
    answer = client.post(f"/my/certificates/{mine.serial}/refund")
    late = client.post(f"/my/certificates/{mine.serial}/refund")

    assert answer.status_code == 303
    assert late.status_code == 422
    with app.app_context():
        assert row(mine.serial).refunded_at is not None


def test_the_letter_leads_to_the_field_and_looking_activates_nothing(client, anna, app):
    with app.app_context():
        mine = sold(anna, now=today())
        code = shown_code(code_of(mine))
        assert letters("certificate_gift") == []

    page = client.get(f"/my/certificates/?code={code}")

    assert re.search(rf'<input[^>]*value="{code}"', page.text)
    assert "Сначала покажем сумму, зачислим потом" in page.text
    with app.app_context():
        assert row(mine.serial).state == "sold"


def test_an_open_payment_shows_where_to_pay(client, anna, bank, app):
    client.post("/certificates/purchase", FORM)

    page = client.get("/my/certificates/")

    assert f'href="/my/certificates/{certificates(app)[0].serial}/payment"' in page.text
