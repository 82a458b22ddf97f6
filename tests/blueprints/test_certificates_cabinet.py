"""The cabinet's page of certificates and balances: one field with its preview, the statement, what was bought."""

from datetime import UTC, datetime, timedelta

import pytest
from certifying import autumn, code_of, free, on, row, sold, today
from sqlalchemy import select

from shop.blueprints.certificates.words import refusal_words
from shop.db import db
from shop.db.here import zone
from shop.models import AccountEvent
from shop.rules.certificates import shown_code
from shop.rules.ledger import balance, promo
from shop.services.certificates import TooManyActivations

WRONG = "2222-3333-4444-5555"


@pytest.fixture
def igor(make, client, htmx):
    account = make.account("igor@example.ru")
    client.become(account)
    htmx.become(account)
    return account


@pytest.fixture
def gift(make, app):
    """Somebody's certificate for 3 000 ₽ and its number."""
    buyer = make.account("anna@example.ru")
    with app.app_context():
        mine = sold(buyer, now=today())
        return mine.serial, shown_code(code_of(mine))


def state(app, serial):
    with app.app_context():
        return row(serial).state


def balance_of(app, account, book=balance):
    with app.app_context():
        return on(book(account.id))


def test_it_shows_both_balances_and_the_field(client, igor, app, queries):
    with app.app_context():
        autumn(now=today())
    client.post("/my/certificates/activation", {"code": "осень"})
    queries.clear()

    page = client.get("/my/certificates/")

    assert page.status_code == 200
    assert "300\u00a0₽" in page.text and 'name="code"' in page.text
    assert len(queries) == 4  # Who is it; balances; movements; what was bought.


def test_the_number_of_queries_does_not_grow_with_what_was_bought(client, igor, app, queries):
    with app.app_context():
        for number in range(12):
            sold(igor, once_key=f"form-{number}", now=today())
    queries.clear()

    page = client.get("/my/certificates/")

    assert len(queries) == 4
    assert page.text.count('/card"') == 10
    assert client.get("/my/certificates/?page=2").text.count('/card"') == 2


def test_a_number_is_looked_at_before_it_is_taken(client, igor, gift, app):
    serial, code = gift

    seen = client.post("/my/certificates/preview", {"code": code.lower().replace("-", " ")})

    assert seen.status_code == 200
    assert "3\u00a0000\u00a0₽" in seen.text and serial in seen.text
    assert 'action="/my/certificates/activation"' in seen.text
    assert (state(app, serial), balance_of(app, igor)) == ("sold", 0)
    taken = client.post("/my/certificates/activation", {"code": code})
    assert (taken.status_code, taken.location) == (303, "/my/certificates/")
    assert (state(app, serial), balance_of(app, igor)) == ("activated", 3000_00)
    assert "3\u00a0000\u00a0₽" in client.get("/my/certificates/").text


def test_htmx_gets_the_field_only(htmx, igor, gift):
    _, code = gift

    seen = htmx.post("/my/certificates/preview", {"code": code})
    wrong = htmx.post("/my/certificates/preview", {"code": WRONG})

    for answer in (seen, wrong):
        assert "<h1>" not in answer.text and 'id="activation"' in answer.text
    assert wrong.status_code == 422 and f'value="{WRONG}"' in wrong.text
    assert (
        htmx.post("/my/certificates/activation", {"code": code}).headers["HX-Redirect"]
        == "/my/certificates/"
    )


def test_a_word_goes_through_the_same_field(client, igor, app):
    with app.app_context():
        autumn("осень", now=today())

    seen = client.post("/my/certificates/preview", {"code": " «Осень» "})
    client.post("/my/certificates/activation", {"code": "ОСЕНЬ"})
    again = client.post("/my/certificates/activation", {"code": "осень"})

    assert "ОСЕНЬ" in seen.text and "300\u00a0₽" in seen.text
    assert "Зачислить на мой промобаланс" in seen.text
    assert again.status_code == 422
    assert balance_of(app, igor, promo) == 300_00


def test_what_is_activated_twice_says_so(client, other_client, make, igor, gift, app):
    serial, code = gift
    other_client.become(make.account("vera@example.ru"))
    client.post("/my/certificates/activation", {"code": code})

    mine = client.post("/my/certificates/activation", {"code": code})
    theirs = other_client.post("/my/certificates/activation", {"code": code})

    assert (mine.status_code, theirs.status_code) == (422, 422)
    assert serial in theirs.text and "igor" not in theirs.text
    assert balance_of(app, igor) == 3000_00


def test_points_of_a_word_are_taken_and_end_with_their_day(client, igor, app):
    with app.app_context():
        autumn("баллы", gives="points", amount=150, now=today())
        there = today().astimezone(zone())

    seen = client.post("/my/certificates/preview", {"code": "баллы"})
    client.post("/my/certificates/activation", {"code": "баллы"})

    assert "Получить баллы" in seen.text
    with app.test_request_context():
        last = app.jinja_env.filters["day"](there.replace(year=there.year + 1))
        assert last in client.get("/my/points/").text


def test_a_free_one_activated_twice_is_said_to_be_on_the_promo_balance(client, igor, app):
    with app.app_context():
        code = shown_code(code_of(free(now=today())))
    client.post("/my/certificates/activation", {"code": code})

    again = client.post("/my/certificates/activation", {"code": code})

    assert again.status_code == 422
    assert "его сумма зачислена на ваш промобаланс" in again.text


def test_who_has_activated_enough_is_told_the_minute_from_which_it_works(app):
    second = datetime(2026, 11, 25, 14, 0, 20, tzinfo=UTC)

    with app.test_request_context():
        said = refusal_words(TooManyActivations(second))
        whole = refusal_words(TooManyActivations(second.replace(second=0)))

    # Rounded up: at 17:00 it would be twenty seconds too early.
    assert "17:01" in said and "17:00" in whole and "завтра" not in said


@pytest.mark.parametrize("code", ["", " ", "х" * 101, WRONG, WRONG[:-1], "нет такого слова"])
def test_what_does_not_fit_is_a_sentence_at_the_field(client, igor, code):
    for door in ("preview", "activation"):
        answer = client.post(f"/my/certificates/{door}", {"code": code})

        assert answer.status_code == 422
        assert 'id="code-error"' in answer.text


def test_a_missing_sign_is_no_guess(client, igor, gift):
    _, code = gift
    for _ in range(12):
        assert client.post("/my/certificates/preview", {"code": code[:-1]}).status_code == 422

    assert client.post("/my/certificates/preview", {"code": code}).status_code == 200


def test_after_ten_wrong_ones_one_waits_and_the_desk_hears_of_it(
    client, other_client, make, igor, gift, app
):
    serial, code = gift
    for _ in range(10):
        assert client.post("/my/certificates/preview", {"code": WRONG}).status_code == 422

    answer = client.post("/my/certificates/activation", {"code": code})

    assert answer.status_code == 429
    assert 3500 < int(answer.headers["Retry-After"]) <= 3601
    assert f'value="{code}"' in answer.text
    assert state(app, serial) == "sold"
    other_client.become(make.employee("support"))
    desk = other_client.get("/staff/certificates/").text
    assert "igor@example.ru" in desk and "127.0.0.1" in desk
    with app.app_context():
        kinds = db.session.scalars(select(AccountEvent.kind)).all()
    assert kinds == ["certificate_guessing"]


def test_the_statement_has_every_movement_with_what_was_left(client, igor, app, queries):
    with app.app_context():
        buyer = igor
        codes = [
            code_of(sold(buyer, 1000_00 * (n + 1), f"form-{n}", now=today())) for n in range(2)
        ]
        given = code_of(free(now=today()))
    for code in (*codes, given):
        client.post("/my/certificates/activation", {"code": code})
    queries.clear()

    page = client.get("/my/certificates/statement")

    assert len(queries) == 3  # Who is it; balances; movements.
    for words in ("+1\u00a0000\u00a0₽", "+2\u00a0000\u00a0₽", "3\u00a0000\u00a0₽"):
        assert words in page.text
    assert "+500" not in page.text
    assert "+500\u00a0₽" in client.get("/my/certificates/statement?of=promo").text
    assert client.get("/my/certificates/statement?of=points").status_code == 404
    assert client.get("/my/certificates/statement?page=0").status_code == 404


def test_what_another_customer_bought_or_moved_is_not_shown(client, igor, gift):
    serial, _ = gift

    assert serial not in client.get("/my/certificates/").text
    assert client.post(f"/my/certificates/{serial}/refund").status_code == 404


def test_the_buyer_sees_when_it_was_activated_and_not_by_whom(
    client, other_client, make, igor, app
):
    with app.app_context():
        mine = sold(igor, now=today() - timedelta(days=1))
        code = code_of(mine)
    other_client.become(make.account("marina@example.ru"))
    other_client.post("/my/certificates/activation", {"code": code})

    page = client.get("/my/certificates/").text

    assert mine.serial in page and "marina" not in page
    assert f"{mine.serial}/refund" not in page


def test_deeds_are_not_done_by_looking(client, igor):
    for door in ("preview", "activation"):
        assert client.get(f"/my/certificates/{door}").status_code == 405
