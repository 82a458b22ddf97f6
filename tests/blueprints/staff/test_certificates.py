"""The desk of certificates, and the owner's presents."""

from dataclasses import replace
from datetime import timedelta

import pytest
from certifying import MARINA, code_of, free, letters, on, row, sold, today
from sqlalchemy import select

from shop.db import db
from shop.models import Campaign, Certificate
from shop.rules.certificates import shown_code
from shop.rules.ledger import refund_due
from shop.services.certificates import activate

CAMPAIGN = {
    "name": "Осенний подарок",
    "word": " Осень ",
    "gives": "promo",
    "amount": "300",
    "most_uses": "1 000",
    "starts_on": "2026-11-01",
    "ends_on": "2026-11-30",
}


@pytest.fixture
def vera(make, client):
    account = make.employee("support", given_name="Вера")
    client.become(account)
    return account


@pytest.fixture
def owner(make, client):
    account = make.employee("owner")
    client.become(account)
    return account


@pytest.fixture
def bought(make, app):
    buyer = make.account("anna@example.ru")
    with app.app_context():
        mine = sold(buyer, gift=MARINA, now=today())
        return mine.serial, shown_code(code_of(mine))


def kept(app, serial):
    with app.app_context():
        return row(serial)


def test_the_list_finds_by_serial_last_signs_and_mailbox(client, vera, bought, queries):
    serial, code = bought
    queries.clear()

    page = client.get("/staff/certificates/")

    assert serial in page.text and "anna@example.ru" in page.text
    assert code not in page.text
    assert len(queries) == 5  # Who is it; counts; rows; two of alarms.
    for words in (serial.lower(), serial[:6], code[-4:], "marina@example.ru", "Anna@example.ru"):
        assert serial in client.get("/staff/certificates/", query_string={"q": words}).text
    assert serial not in client.get("/staff/certificates/?q=G-9999").text
    assert serial in client.get("/staff/certificates/?state=sold").text
    assert serial not in client.get("/staff/certificates/?state=blocked").text
    assert client.get("/staff/certificates/?state=lost").status_code == 404


def test_who_activated_it_and_when_stands_there(client, vera, make, bought, app):
    serial, code = bought
    marina = make.account("marina@example.ru")
    with app.app_context():
        activate(account_id=marina.id, code=code, now=today())

    page = client.get(f"/staff/certificates/{serial}").text

    assert page.count("marina@example.ru") == 2  # Whom it was sent to, and who activated it.
    assert code not in page
    assert client.get("/staff/certificates/G-0000-0000").status_code == 404


def test_blocking_needs_a_reason_and_can_be_undone(client, vera, bought, app):
    serial, _ = bought

    silent = client.post(f"/staff/certificates/{serial}/block", {"reason": " "})
    assert (silent.status_code, kept(app, serial).state) == (422, "sold")
    client.post(f"/staff/certificates/{serial}/block", {"reason": "Письмо украли"})
    assert (kept(app, serial).state, kept(app, serial).blocked_by) == ("blocked", vera.id)
    twice = client.post(f"/staff/certificates/{serial}/block", {"reason": "Ещё раз"})
    assert twice.status_code == 422
    assert "Письмо украли" in client.get(f"/staff/certificates/{serial}").text
    client.post(f"/staff/certificates/{serial}/unblock")
    assert kept(app, serial).state == "sold"


def test_a_letter_that_never_goes_is_not_announced(client, vera, make, app):
    tomorrow = (today() + timedelta(days=1)).date()
    with app.app_context():
        kept_back = sold(make.account(), gift=replace(MARINA, send_on=tomorrow), now=today())
        address = f"/staff/certificates/{kept_back.serial}"
    assert "Письмо уйдёт" in client.get(address).text

    client.post(f"{address}/refund")

    assert "Письмо уйдёт" not in client.get(address).text


def test_giving_back_from_the_desk(client, vera, bought, app):
    serial, _ = bought

    assert client.post(f"/staff/certificates/{serial}/refund").status_code == 303
    assert client.post(f"/staff/certificates/{serial}/refund").status_code == 422
    assert client.post(f"/staff/certificates/{serial}/unblock").status_code == 422

    with app.app_context():
        assert on(refund_due(serial)) == 3000_00


def test_the_owner_gives_one_for_nothing_once_and_sees_its_number(client, owner, app):
    form = {
        "once_key": "free-1",
        "own_sum": "1 000 ₽",
        "reason": "Долго ехала посылка",
        "recipient_name": "Марина",
        "recipient_email": "marina@example.ru",
        "wish": "",
        "send_on": "",
    }

    first = client.post("/staff/promotions/certificate", form)
    again = client.post("/staff/promotions/certificate", form)

    assert first.location == again.location
    with app.app_context():
        made = db.session.scalars(select(Certificate)).one()
        assert (made.is_free, made.nominal_kopecks, made.issued_by) == (True, 1000_00, owner.id)
        assert [to for _, to, _ in letters("certificate_gift")] == ["marina@example.ru"]
        code = shown_code(code_of(made))
    assert code in client.get(first.location).text


def test_support_sees_that_a_free_one_is_and_not_its_number(client, vera, app):
    with app.app_context():
        given = free(now=today())
        code = shown_code(code_of(given))

    page = client.get(f"/staff/certificates/{given.serial}")

    assert page.status_code == 200
    assert code not in page.text


@pytest.mark.parametrize(
    "wrong", [{"own_sum": ""}, {"own_sum": "60000"}, {"reason": ""}, {"recipient_email": "х"}]
)
def test_a_wrong_present_is_not_given(client, owner, app, wrong):
    form = {"once_key": "free-1", "own_sum": "1000", "reason": "Приз", "recipient_name": "Марина"}

    page = client.post("/staff/promotions/certificate", form | wrong)

    assert page.status_code == 422 and "Марина" in page.text
    with app.app_context():
        assert db.session.scalars(select(Certificate)).all() == []


def test_a_campaign_lasts_through_its_last_day(client, owner, app, queries):
    answer = client.post("/staff/promotions/campaigns/", CAMPAIGN)

    assert answer.status_code == 303
    with app.app_context():
        made = db.session.scalars(select(Campaign)).one()
    assert (made.word, made.amount, made.most_uses, made.made_by) == (
        "осень",
        300_00,
        1000,
        owner.id,
    )
    assert made.starts_at.isoformat() == "2026-10-31T21:00:00+00:00"
    assert made.ends_at.isoformat() == "2026-11-30T21:00:00+00:00"
    queries.clear()
    listed = client.get("/staff/promotions/campaigns/").text
    assert "ОСЕНЬ" in listed and "30 ноября" in listed and "1 декабря" not in listed
    assert len(queries) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"word": "я"},
        {"word": "2222333344445555"},
        {"amount": "0"},
        {"amount": "5001"},
        {"most_uses": "много"},
        {"ends_on": "2026-10-31"},
        {"starts_on": ""},
        {"gives": "money"},
    ],
)
def test_a_wrong_campaign_is_not_begun(client, owner, app, wrong):
    page = client.post("/staff/promotions/campaigns/", CAMPAIGN | wrong)

    assert page.status_code == 422 and "Осенний подарок" in page.text
    with app.app_context():
        assert db.session.scalars(select(Campaign)).all() == []


def test_a_word_is_taken_once(client, owner):
    client.post("/staff/promotions/campaigns/", CAMPAIGN)

    page = client.post("/staff/promotions/campaigns/", CAMPAIGN | {"word": "ОСЕНЬ"})

    assert page.status_code == 422 and 'id="word-error"' in page.text


def test_a_campaign_is_switched_off_and_on_and_tells_who_used_it(
    client, other_client, make, owner, app
):
    client.post(
        "/staff/promotions/campaigns/",
        CAMPAIGN | {"starts_on": "2020-01-01", "ends_on": "2120-01-01"},
    )
    with app.app_context():
        made = db.session.scalar(select(Campaign.id))
    other_client.become(make.account("igor@example.ru"))
    other_client.post("/my/certificates/activation", {"code": "осень"})
    here = f"/staff/promotions/campaigns/{made}"

    assert "igor@example.ru" in client.get(here).text
    client.post(f"{here}/switch", {"on": "0"})
    assert other_client.post("/my/certificates/preview", {"code": "осень"}).status_code == 422
    client.post(f"{here}/switch", {"on": "1"})
    with app.app_context():
        assert db.session.scalar(select(Campaign.is_on)) is True
    assert client.get("/staff/promotions/campaigns/99").status_code == 404


def test_presents_are_the_owners_alone(client, vera):
    for door in ("certificate", "campaigns/"):
        assert client.get(f"/staff/promotions/{door}").status_code == 403
    assert "/staff/promotions/" not in client.get("/staff/certificates/").text
