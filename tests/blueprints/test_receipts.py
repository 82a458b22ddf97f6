"""A customer finds the receipts of an order on its page, and of a certificate on its own."""

import pytest
from certifying import sold, today
from receipting import are_made, receipts


@pytest.fixture
def ann(make, client):
    account = make.account()
    client.become(account)
    return account


def text_of(page) -> str:
    return " ".join(page.text.replace("\xa0", " ").split())


def first(app):
    with app.app_context():
        return receipts()[0].id


def test_the_orders_page_lists_them_in_plain_words_and_says_that_they_are_being_made(
    client, ann, make
):
    order = make.order(ann, make.product(price=1490), state="received")

    told = text_of(client.get(f"/my/orders/{order.number}"))

    assert '<h2 id="receipts-h">Чеки</h2>' in told
    assert told.count("готовится") == 2
    assert ">Оплата</a>" in told and ">Передача посылки 1</a>" in told
    assert told.count("1 789 ₽</b>") >= 2


def test_an_order_that_nobody_paid_has_no_receipts(client, ann, make):
    order = make.order(ann, state="awaiting_payment")

    assert "receipts-h" not in client.get(f"/my/orders/{order.number}").text


def test_a_registered_one_has_its_marks_and_its_page_the_lines(client, app, ann, make, queries):
    order = make.order(ann, make.product("Чайник", price=1490))
    with app.app_context():
        are_made()
    assert "ФД 1, ФН 9999078902014242, ФП 1" in text_of(client.get(f"/my/orders/{order.number}"))
    address = f"/my/receipts/{first(app)}"
    queries.clear()

    told = text_of(client.get(address))

    assert len(queries) == 2  # Who is it; the receipt.
    assert "<h1>Чек: Оплата</h1>" in told
    assert "Чайник<br>" in told and "1 × 1 490 ₽, полная предоплата, без НДС" in told
    assert "Безналичными</dt><dd>1 789 ₽" in told
    assert "9999078902014242" in told and "готовится" not in told
    assert f'href="/my/orders/{order.number}"' in told


def test_one_that_is_being_made_says_so(client, app, ann, make):
    make.order(ann)

    assert "Чек готовится." in text_of(client.get(f"/my/receipts/{first(app)}"))


def test_somebody_elses_is_not_there_and_a_guest_signs_in(client, other_client, app, ann, make):
    make.order(ann)
    address = f"/my/receipts/{first(app)}"

    assert other_client.get(address).location.startswith("/auth/login")
    assert other_client.become(make.account()).get(address).status_code == 404
    assert client.get("/my/receipts/999").status_code == 404
    assert client.get(f"/my/receipts/{10**30}").status_code == 404


def test_the_number_of_queries_does_not_grow_with_receipts(client, ann, make, queries):
    few = make.order(ann, make.product(), make.product(), parcels=1, state="received")
    many = make.order(ann, make.product(), make.product(), parcels=2, state="received")
    counts = []
    for order in (few, many):
        queries.clear()
        client.get(f"/my/orders/{order.number}")
        counts.append(len(queries))

    assert counts == [9, 9]


def test_a_certificates_receipts_stand_by_its_card_and_on_a_page_of_their_own(
    client, other_client, app, ann, make, queries
):
    with app.app_context():
        serial = sold(ann, 3000_00, now=today()).serial
    assert "Покупка сертификата" in client.get(f"/my/certificates/{serial}/card").text
    assert f"/my/receipts/certificates/{serial}" in client.get("/my/certificates/").text
    queries.clear()

    told = text_of(client.get(f"/my/receipts/certificates/{serial}"))

    assert len(queries) == 3  # Who is it; the certificate; its receipts.
    heading = f'<h1>Чеки сертификата <span class="nowrap">{serial}</span></h1>'
    assert heading in told and "3 000 ₽</b>" in told
    one = text_of(client.get(f"/my/receipts/{first(app)}"))
    assert f"Подарочный сертификат {serial}" in one and "аванс" in one
    stranger = other_client.become(make.account())
    assert stranger.get(f"/my/receipts/certificates/{serial}").status_code == 404
