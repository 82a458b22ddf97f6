"""«Получатели» as its page shows them: how many, what is refused, what is said, and that nothing typed is lost."""

import pytest
from lxml import html
from ordering import kept
from signing import errors_of
from sqlalchemy import select

from shop.db import db
from shop.models import AccountEvent, Order, Recipient
from shop.rules.profile import MOST_RECIPIENTS

OLGA = ("О'Коннор Ольга", "+79161112233")
TYPED = {"full_name": "О'Коннор Ольга", "phone": "8 (916) 111-22-33", "once_key": "a-page"}
LIST = "/my/recipients/"
FULL = "В списке может быть не больше 20 человек. Сначала удалите кого-нибудь."


@pytest.fixture
def igor(make, client):
    igor = make.account("igor@example.ru")
    client.become(igor)
    return igor


def list_of(app, account):
    query = select(Recipient.full_name, Recipient.phone).where(Recipient.account_id == account.id)
    with app.app_context():
        return [tuple(row) for row in db.session.execute(query.order_by(Recipient.id))]


def fill(app, account, people):
    for number in range(people):
        kept(app, account, full_name=f"Ли {number}й")


def removals(page):
    return html.fromstring(page.text).xpath("//form[contains(@action, '/removal')]/@action")


def field(page, name):
    """What stands in a field of the page's own form, not in the hidden ones of the way back."""
    return html.fromstring(page.text).xpath("//input[@name=$name and @id]/@value", name=name)


def test_a_guest_is_turned_to_sign_in_and_back(client, make, app):
    line = kept(app, make.account())

    for url in (LIST, f"{LIST}{line}"):
        answer = client.get(url)
        assert (answer.status_code, answer.location) == (303, f"/auth/login?next={url}")


def test_an_empty_list_says_how_it_is_filled(client, igor):
    page = client.get(LIST)

    assert "Пока никого" in page.text
    assert removals(page) == []
    assert len(field(page, "once_key")[0]) >= 16


def test_the_list_shows_ones_own_people_as_they_were_written(client, igor, make, app):
    first = kept(app, igor, full_name="<i>Ы</i>", phone="+375291234567")
    second = kept(app, igor)
    kept(app, make.account(), full_name="Чужая Анна")

    page = client.get(LIST)

    assert removals(page) == [f"{LIST}{first}/removal", f"{LIST}{second}/removal"]
    assert "&lt;i&gt;Ы&lt;/i&gt;" in page.text and "<i>Ы</i>" not in page.text
    assert "+375 29 123-45-67" in page.text and "+7 916 111-22-33" in page.text
    assert "Чужая Анна" not in page.text


def test_buttons_of_a_line_say_whose_they_are(client, igor, app):
    line = kept(app, igor)

    tree = html.fromstring(client.get(LIST).text)

    for deed in ("change", "remove"):
        (pressed,) = tree.xpath(f"//*[@id='{deed}-{line}']")
        assert pressed.get("aria-labelledby") == f"{deed}-{line} person-{line}"


@pytest.mark.parametrize("people", [0, 1, MOST_RECIPIENTS])
def test_many_ask_the_database_no_more_than_none(client, igor, app, queries, people):
    fill(app, igor, people)
    queries.clear()

    page = client.get(LIST)

    assert len(removals(page)) == people
    assert len(queries) == 2


def test_who_was_added_is_named_and_the_log_says_nothing_of_them(client, igor, app):
    client.post(LIST, data=TYPED)

    assert "О&#39;Коннор Ольга теперь в списке." in client.get(LIST).text
    assert list_of(app, igor) == [OLGA]
    with app.app_context():
        assert db.session.scalars(select(AccountEvent)).all() == []


def test_the_page_gone_back_to_adds_another(client, igor, app):
    client.post(LIST, data=TYPED)

    client.post(LIST, data=TYPED | {"full_name": "Ли Ю"})

    assert list_of(app, igor) == [OLGA, ("Ли Ю", "+79161112233")]


@pytest.mark.parametrize(
    ("wrong", "links"),
    [
        ({"full_name": "\u200b-"}, ["#full-name"]),
        ({"full_name": "я" * 201}, ["#full-name"]),
        ({"phone": "12"}, ["#phone"]),
        ({"full_name": "", "phone": ""}, ["#full-name", "#phone"]),
    ],
)
def test_a_refusal_names_each_fault_and_loses_nothing_typed(client, igor, app, wrong, links):
    sent = TYPED | wrong

    answer = client.post(LIST, data=sent)

    assert answer.status_code == 422
    assert [where for where, _ in errors_of(answer)] == links
    for name in ("full_name", "phone", "once_key"):
        assert field(answer, name) == [sent[name]]
    assert list_of(app, igor) == []


def test_the_twenty_first_is_refused_and_what_was_typed_stays(client, igor, app):
    fill(app, igor, MOST_RECIPIENTS)
    before = list_of(app, igor)

    answer = client.post(LIST, data=TYPED)

    assert answer.status_code == 422
    assert errors_of(answer) == [("#full-name", FULL)]
    assert field(answer, "full_name") == [TYPED["full_name"]]
    assert field(answer, "phone") == [TYPED["phone"]]
    assert list_of(app, igor) == before


def test_a_full_list_says_so_instead_of_asking(client, igor, app):
    fill(app, igor, MOST_RECIPIENTS)

    page = client.get(LIST)

    assert FULL in page.text
    assert field(page, "full_name") == []


def test_a_change_begins_with_what_is_kept_and_leaves_orders_alone(client, igor, make, app):
    line = kept(app, igor)
    order = make.order(igor, recipient_name=OLGA[0], recipient_phone=OLGA[1])
    page = client.get(f"{LIST}{line}")
    assert field(page, "full_name") == ["О'Коннор Ольга"]
    assert field(page, "phone") == ["+7 916 111-22-33"]

    client.post(f"{LIST}{line}", data={"full_name": "Ёлкина Ольга", "phone": "+375 29 123-45-67"})

    assert "В прежних заказах получатель остался прежним." in client.get(LIST).text
    assert list_of(app, igor) == [("Ёлкина Ольга", "+375291234567")]
    with app.app_context():
        stands = db.session.get_one(Order, order.id)
        assert (stands.recipient_name, stands.recipient_phone) == OLGA


def test_a_wrong_change_loses_nothing_typed(client, igor, app):
    line = kept(app, igor)

    answer = client.post(f"{LIST}{line}", data={"full_name": "Ёлкина Ольга", "phone": "12"})

    assert [where for where, _ in errors_of(answer)] == ["#phone"]
    assert field(answer, "full_name") == ["Ёлкина Ольга"]
    assert field(answer, "phone") == ["12"]
    assert list_of(app, igor) == [OLGA]


def test_the_way_back_is_offered_once(client, igor, app):
    line = kept(app, igor)

    client.post(f"{LIST}{line}/removal")

    assert "Убрали: О&#39;Коннор Ольга" in client.get(LIST).text
    assert "Убрали:" not in client.get(LIST).text


def test_who_is_off_the_list_cant_be_taken_off_again(client, igor, app):
    line = kept(app, igor)

    answers = [client.post(f"{LIST}{line}/removal").status_code for _ in range(2)]

    assert answers == [303, 404]


@pytest.mark.parametrize("line", ["theirs", "0", "2147483647", "abc"])
def test_what_isnt_ones_own_isnt_there_whatever_is_sent(client, igor, make, app, line):
    anna = make.account()
    number = kept(app, anna)
    url = f"{LIST}{number if line == 'theirs' else line}"

    answers = [
        client.get(url),
        client.post(url, data=TYPED | {"full_name": "Ли Ю"}),
        client.post(url, data=TYPED | {"phone": "12"}),
        client.post(f"{url}/removal"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert not any("Ольга" in answer.text for answer in answers[::3])
    assert list_of(app, anna) == [OLGA]
    assert list_of(app, igor) == []
