"""The mailbox is lost too: the form, as its owner meets it."""

import pytest
from lxml import html
from signing import bare, errors_of, letters
from sqlalchemy import func, select

from shop.db import db
from shop.models import LostMailbox

FORM = {
    "family_name": "Секретов",
    "given_name": "Игорь",
    "patronymic": "Валерьянович",
    "old_email": " Igor@example.ru",
    "new_email": "novyi@example.org",
    "order_number": "0042 1187",
    "order_sum": "1 490,50 ₽",
    "knowledge": "Чайник\nсиний",
    "is_second_step_lost": "y",
    "once_key": "once",
}

ADDRESS = "/auth/lost-mailbox"


@pytest.fixture
def igor(make):
    return make.account("igor@example.ru", patronymic="Валерьянович")


def count(app):
    with app.app_context():
        return db.session.scalar(select(func.count(LostMailbox.id)))


def test_the_form_asks_what_is_needed_and_says_how_else_to_reach_people(client):
    page = client.get(ADDRESS).text

    for told in ("Потерянная почта", "Новая почта", "Номер одного из ваших заказов"):
        assert told in page
    for way in ("8 800 000-00-00", "help@shop.example", 'href="/auth/recovery"'):
        assert way in page


def test_a_request_is_taken_with_its_number_and_what_comes_next(client, app):
    answer = client.post(ADDRESS, data=FORM)

    with app.app_context():
        one = db.session.scalars(select(LostMailbox)).one()
        (letter,) = letters()
    assert answer.status_code == 200
    assert one.number in answer.text
    assert "72 часа" in answer.text
    assert (one.old_email, one.order_kopecks, one.is_second_step_lost) == (
        "igor@example.ru",
        149050,
        True,
    )
    assert one.knowledge == "Чайник\nсиний"
    assert letter["letter"] == "lost_mailbox_received"
    assert letter["to"] == "novyi@example.org"


def test_sent_again_it_is_the_same_request(client, app):
    client.get(ADDRESS)
    first = client.post(ADDRESS, data=FORM)

    assert bare(client.post(ADDRESS, data=FORM)) == bare(first)
    assert count(app) == 1


def test_htmx_gets_the_answer_in_the_forms_place(htmx):
    answer = htmx.post(ADDRESS, data=FORM)

    assert answer.text.lstrip().startswith('<div class="stack" id="lost-mailbox"')
    assert "Заявка" in answer.text


def test_nothing_tells_whether_there_is_an_account(client, other_client, igor, app, queries):
    queries.clear()
    known = client.post(ADDRESS, data=FORM | {"once_key": "a"})
    asked_of_known = list(queries)
    queries.clear()
    unknown = other_client.post(
        ADDRESS, data=FORM | {"once_key": "b", "old_email": "nobody@example.ru"}
    )
    asked_of_unknown = list(queries)

    with app.app_context():
        numbers = db.session.scalars(select(LostMailbox.number).order_by(LostMailbox.id)).all()
        texts = {str(one["facts"]).replace(one["facts"]["number"], "") for one in letters()}
    shown = [
        str(bare(answer)).replace(number, "№")
        for answer, number in zip((known, unknown), numbers, strict=True)
    ]
    assert shown[0] == shown[1]
    assert asked_of_unknown == asked_of_known
    assert len(texts) == 1


def test_a_faulty_form_says_so_at_each_field_and_loses_nothing(client, app):
    answer = client.post(
        ADDRESS,
        data=FORM
        | {"family_name": " ", "new_email": "igor@example.ru", "order_sum": "около тысячи"},
    )

    assert answer.status_code == 422
    assert errors_of(answer) == [
        ("#family-name", "Впишите фамилию."),
        ("#new-email", "Это и есть потерянная почта. Впишите ту, которая открывается."),
        ("#order-sum", "Впишите сумму цифрами, например 1490 или 1490,50."),
    ]
    tree = html.fromstring(answer.text)
    assert tree.get_element_by_id("order-sum").get("value") == "около тысячи"
    assert tree.get_element_by_id("knowledge").text.strip() == "Чайник\nсиний"
    assert tree.get_element_by_id("second-step").get("checked") is not None
    assert count(app) == 0


@pytest.mark.parametrize("told", ["1490", "1 490", "1490.00", "1490,00 руб.", "1490 р."])
def test_a_sum_may_be_written_as_people_do(client, app, told):
    client.post(ADDRESS, data=FORM | {"order_sum": told})

    with app.app_context():
        assert db.session.scalar(select(LostMailbox.order_kopecks)) == 149000


@pytest.mark.parametrize("told", ["-5", "1e9", "9" * 20, "1490,555", "٣"])
def test_what_is_no_sum_is_refused(client, app, told):
    assert client.post(ADDRESS, data=FORM | {"order_sum": told}).status_code == 422
    assert count(app) == 0


def test_too_many_requests_wait_and_nothing_typed_is_lost(client, app):
    for number in range(3):
        client.post(ADDRESS, data=FORM | {"once_key": str(number)})

    answer = client.post(ADDRESS, data=FORM | {"once_key": "more"})

    assert answer.status_code == 429
    assert "Ещё одну можно отправить через 24 часа" in answer.text
    assert "Чайник" in answer.text
    assert count(app) == 3


def test_who_is_signed_in_is_shown_the_simpler_way(client, igor, app):
    client.become(igor)

    assert 'href="/my/security/email"' in client.get(ADDRESS).text
    assert client.post(ADDRESS, data=FORM).status_code == 303
    assert count(app) == 0
